package io.plumbline.trace.program;

import io.plumbline.trace.kernel.CtaTrace;
import io.plumbline.trace.kernel.KernelHeader;
import io.plumbline.trace.kernel.KernelTrace;
import io.plumbline.trace.kernel.SassInstruction;
import io.plumbline.trace.kernel.WarpInstruction;
import java.util.List;
import java.util.function.Consumer;

/** The first thread blocks of a program as a trace, made while it is used. */
public final class ProgramTrace implements KernelTrace {
  private final KernelProgram program;
  private final KernelHeader header;
  private final WarpCode code = new WarpCode();
  private int next;

  /** The whole kernel. */
  public ProgramTrace(KernelProgram program) {
    this(program, program.header().ctas());
  }

  /**
   * A kernel of the first thread blocks.
   *
   * @param ctas how many, at most those of the program
   */
  public ProgramTrace(KernelProgram program, int ctas) {
    KernelHeader whole = program.header();
    if (ctas < 1 || ctas > whole.ctas()) {
      throw new IllegalArgumentException(
          "ctas (%d) must be from 1 to %d".formatted(ctas, whole.ctas()));
    }
    this.program = program;
    header =
        new KernelHeader(
            whole.name(),
            ctas,
            whole.threads(),
            whole.sharedBytes(),
            whole.registers(),
            whole.architecture());
  }

  @Override
  public KernelHeader header() {
    return header;
  }

  @Override
  public CtaTrace nextCta() {
    if (next == header.ctas()) {
      return null;
    }
    WarpInstruction[][] warps = new WarpInstruction[header.warpsPerCta()][];
    int[] warp = {0};
    nextCta(
        instructions ->
            warps[warp[0]++] =
                instructions.stream()
                    .map(SassInstruction::decoded)
                    .toArray(WarpInstruction[]::new));
    return new CtaTrace(warps);
  }

  /** Hands on the next thread block warp by warp, as a file has it; false after the last. */
  public boolean nextCta(Consumer<List<SassInstruction>> warps) {
    if (next == header.ctas()) {
      return false;
    }
    for (int warp = 0; warp < header.warpsPerCta(); warp++) {
      code.clear();
      program.warp(next, warp, code);
      warps.accept(code.instructions());
    }
    next++;
    return true;
  }
}
