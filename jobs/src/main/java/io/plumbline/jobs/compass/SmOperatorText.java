package io.plumbline.jobs.compass;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.card.GpuFolder;
import io.plumbline.simulator.sm.KernelEstimate;
import io.plumbline.simulator.sm.SmGpu;
import io.plumbline.simulator.sm.SmOperators;
import io.plumbline.trace.program.KernelProgram;
import io.plumbline.trace.program.RowReduction;
import java.nio.file.Path;
import java.util.Locale;

/** One operator as a generated kernel on a cycle-level model of a GPU, in words. */
public final class SmOperatorText {
  private SmOperatorText() {}

  /**
   * What the kernel takes.
   *
   * @param folder configuration files of Accel-Sim
   */
  public static String of(OperatorQuery query, Path folder) {
    if (folder == null) {
      throw new BadInputException(
          "trace-sm needs a GPU. Maybe --gpu DIR, a folder with gpgpusim.config and trace.config");
    }
    SmGpu gpu = GpuFolder.read(folder);
    try {
      SmOperators operators = new SmOperators(gpu);
      KernelProgram program = program(query, operators);
      return text(query, gpu, program, operators.estimate(program));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new BadInputException("%s: %s".formatted(query.operator(), e.getMessage()), e);
    }
  }

  private static KernelProgram program(OperatorQuery query, SmOperators operators) {
    return switch (query.operator()) {
      case "matmul" ->
          operators.matmul(
              whole(query.m()),
              whole(query.n()),
              whole(query.k()),
              query.batch() == null ? 1 : whole(query.batch()));
      case "softmax" -> reduction(query, operators, RowReduction.Function.SOFTMAX);
      case "layernorm" -> reduction(query, operators, RowReduction.Function.LAYER_NORM);
      case "gelu" -> operators.gelu(query.elements());
      default -> throw new IllegalArgumentException("trace-sm is one GPU and has no links");
    };
  }

  private static KernelProgram reduction(
      OperatorQuery query, SmOperators operators, RowReduction.Function function) {
    return operators.reduction(function, whole(query.m()), whole(query.n()));
  }

  private static int whole(long size) {
    return Math.toIntExact(size);
  }

  private static String text(
      OperatorQuery query, SmGpu gpu, KernelProgram program, KernelEstimate estimate) {
    double seconds = estimate.seconds(gpu);
    return String.format(
        Locale.ROOT,
        "%s on %s: %.3f ms, %.0f core cycles without the launch%n"
            + "kernel %s: %d thread blocks of %d threads, %d bytes of shared memory%n"
            + "%.2f TFLOP/s, %.1f %% of the tensor cores' peak; operands at %.0f GB/s, %.1f %% of DRAM's%n"
            + "%d warp instructions simulated, %s%n"
            + "Not to be relied on yet: generated kernels were never held against a GPU, and large"
            + " products come out several times too slow. docs/trace-sm.md says more.%n",
        query.operator(),
        gpu.name(),
        seconds * 1e3,
        estimate.cycles(),
        program.header().name(),
        program.header().ctas(),
        program.header().threads(),
        program.header().sharedBytes(),
        program.flops() / seconds / 1e12,
        100 * program.flops() / seconds / gpu.tensorFlops(),
        program.trafficBytes() / seconds / 1e9,
        100 * program.trafficBytes() / seconds / gpu.memoryBytesPerSecond(),
        estimate.simulatedInstructions(),
        estimate.whole() ? "the whole kernel" : "the rest extrapolated by waves and turns");
  }
}
