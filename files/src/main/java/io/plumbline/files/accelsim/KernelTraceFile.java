package io.plumbline.files.accelsim;

import io.plumbline.files.BadInputException;
import io.plumbline.trace.kernel.CtaTrace;
import io.plumbline.trace.kernel.KernelHeader;
import io.plumbline.trace.kernel.KernelTrace;
import io.plumbline.trace.kernel.WarpInstruction;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A kernel trace of Accel-Sim, grouped by thread blocks ({@code .traceg}), plain or compressed by
 * xz or gzip. It is read while it is used: one thread block is in memory at a time.
 */
public final class KernelTraceFile implements KernelTrace, AutoCloseable {
  private static final WarpInstruction[] NOTHING = {};

  private final LineCursor lines;
  private final TraceHeader header;
  private final InstructionParser parser;
  private int ctas;

  /**
   * Reads the header.
   *
   * @throws BadInputException if it is no trace; the message names file, line and value
   */
  public KernelTraceFile(Path file) {
    lines = new LineCursor(file);
    header = TraceHeader.read(lines);
    parser = new InstructionParser(header);
  }

  @Override
  public KernelHeader header() {
    return header.kernel();
  }

  /**
   * {@inheritDoc}
   *
   * @throws BadInputException if it is broken, or the file has not as many as its grid
   */
  @Override
  public CtaTrace nextCta() {
    while (lines.nextLine()) {
      if (lines.startsWith("#BEGIN_TB")) {
        ctas++;
        return readCta();
      }
      if (!lines.isEmpty() && !lines.startsWith("#")) {
        throw lines.bad(
            "expected #BEGIN_TB, not %s. Maybe the trace was not grouped by post-processing."
                .formatted(lines.rest()));
      }
    }
    if (ctas != header.kernel().ctas()) {
      throw lines.bad(
          "the file ends after %d thread blocks of %d. Maybe it was cut off."
              .formatted(ctas, header.kernel().ctas()));
    }
    return null;
  }

  private CtaTrace readCta() {
    WarpInstruction[][] warps = new WarpInstruction[header.kernel().warpsPerCta()][];
    Arrays.fill(warps, NOTHING);
    int warp = -1;
    while (lines.nextLine()) {
      if (lines.isEmpty() || lines.startsWith("thread block")) {
        continue;
      }
      if (lines.startsWith("#END_TB")) {
        return new CtaTrace(warps);
      }
      if (lines.startsWith("warp =")) {
        warp = value(warps.length - 1);
      } else if (lines.startsWith("insts =") && warp >= 0) {
        warps[warp] = readInstructions(value(Integer.MAX_VALUE));
      } else {
        throw lines.bad("expected warp = or insts =, not %s".formatted(lines.rest()));
      }
    }
    throw lines.bad("the file ends within a thread block. Maybe it was cut off.");
  }

  private int value(int most) {
    String key = lines.token("a key");
    lines.skipToken("=");
    return lines.integer(key, 0, most);
  }

  private WarpInstruction[] readInstructions(int count) {
    WarpInstruction[] instructions = new WarpInstruction[Math.min(count, 1 << 12)];
    int read = 0;
    while (read < count && lines.nextLine()) {
      if (lines.isEmpty()) {
        continue;
      }
      if (lines.startsWith("#") || lines.startsWith("warp")) {
        throw lines.bad("the warp has %d instructions of %d".formatted(read, count));
      }
      if (read == instructions.length) {
        instructions = Arrays.copyOf(instructions, Math.min(count, 2 * read));
      }
      instructions[read++] = parser.parse(lines);
    }
    return Arrays.copyOf(instructions, read);
  }

  @Override
  public void close() {
    lines.close();
  }
}
