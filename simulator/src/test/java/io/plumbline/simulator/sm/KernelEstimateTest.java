package io.plumbline.simulator.sm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.trace.gpu.CacheSpec;
import io.plumbline.trace.gpu.GpuSpec;
import io.plumbline.trace.gpu.L1Spec;
import io.plumbline.trace.program.Dialect;
import io.plumbline.trace.program.Elementwise;
import io.plumbline.trace.program.FlashAttention;
import io.plumbline.trace.program.GemmTile;
import io.plumbline.trace.program.KernelProgram;
import io.plumbline.trace.program.RowReduction;
import io.plumbline.trace.program.SimtGemm;
import io.plumbline.trace.program.TensorGemm;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** On the small GPU of {@link KernelSimulatorTest}: 8 SMs. */
class KernelEstimateTest {
  private static final SmGpu GPU = gpu();

  /** What docs/trace-sm.md promises of extrapolation. */
  private static final double BOUND = 0.3;

  /**
   * Without a limit of modified lines in L1: with one, the results of the first wave take the
   * places of loads, and later waves take several times as long.
   */
  private static SmGpu gpu() {
    GpuSpec gpu = KernelSimulatorTest.gpu();
    L1Spec l1 = gpu.l1();
    CacheSpec limited = l1.cache();
    CacheSpec cache =
        new CacheSpec(
            limited.sets(),
            limited.ways(),
            limited.index(),
            limited.mshrEntries(),
            limited.mshrMerges(),
            limited.missQueue(),
            0);
    L1Spec free =
        new L1Spec(
            cache,
            l1.banks(),
            l1.latencyCycles(),
            l1.sharedLatencyCycles(),
            l1.unifiedBytes(),
            l1.sharedOptionsBytes(),
            l1.globalBypasses());
    GpuSpec spec =
        new GpuSpec(
            gpu.sms(),
            gpu.launchCycles(),
            gpu.launchCyclesPerCta(),
            gpu.clocks(),
            gpu.core(),
            free,
            gpu.l2(),
            gpu.dram(),
            gpu.addresses());
    return new SmGpu("small", spec, Dialect.AMPERE);
  }

  private static TensorGemm gemm(int m, int n, int k) {
    return new TensorGemm(m, n, k, 1, GemmTile.MEDIUM, Dialect.AMPERE);
  }

  /** Kernels that are larger than what is simulated as it is, by waves, by turns, by both. */
  static Stream<KernelProgram> large() {
    return Stream.of(
        gemm(256, 256, 32 * 48),
        gemm(64 * 11, 64 * 9, 32 * 6),
        gemm(64 * 8, 64 * 12, 32 * 40),
        new SimtGemm(256, 256, 8 * 48, Dialect.AMPERE),
        new RowReduction(RowReduction.Function.SOFTMAX, 300, 2048, Dialect.AMPERE),
        new RowReduction(RowReduction.Function.RMS_NORM, 300, 1024, Dialect.AMPERE),
        Elementwise.gatedSilu(2048L * 8 * 40, Dialect.AMPERE),
        new FlashAttention(8, 64, 64 * 40, 64, 1, Dialect.AMPERE));
  }

  @ParameterizedTest
  @MethodSource("large")
  void anExtrapolationIsNearTheWholeSimulation(KernelProgram program) {
    KernelEstimate estimate = KernelEstimate.of(GPU, program);
    KernelEstimate whole = KernelEstimate.whole(GPU, program);
    assertThat(estimate.whole()).isFalse();
    assertThat(whole.whole()).isTrue();
    assertThat(estimate.cycles() / whole.cycles()).isCloseTo(1, within(BOUND));
  }

  @Test
  void aSmallKernelIsSimulatedAsItIs() {
    KernelEstimate estimate = KernelEstimate.of(GPU, gemm(64, 64, 64));
    assertThat(estimate).isEqualTo(KernelEstimate.whole(GPU, gemm(64, 64, 64)));
  }

  /** Turns of one layout: other row lengths meet other channels, and a longer row may be faster. */
  @Test
  void moreWorkIsNotFaster() {
    double before = 0;
    for (int tiles = 1; tiles <= 20; tiles += 3) {
      double cycles = KernelEstimate.of(GPU, gemm(64 * tiles, 256, 256)).cycles();
      assertThat(cycles).isGreaterThanOrEqualTo(before);
      before = cycles;
    }
    before = 0;
    for (int slices = 2; slices <= 40; slices += 6) {
      double cycles = KernelEstimate.of(GPU, gemm(256, 256, 1280).withIterations(slices)).cycles();
      assertThat(cycles).isGreaterThanOrEqualTo(before);
      before = cycles;
    }
  }

  @ParameterizedTest
  @MethodSource("large")
  void nothingIsBusierThanItCanBe(KernelProgram program) {
    double seconds = KernelEstimate.of(GPU, program).seconds(GPU);
    if (!(program instanceof SimtGemm)) {
      assertThat(program.flops() / seconds).isLessThan(GPU.tensorFlops());
    }
    double beyondL2 = Math.max(0, program.trafficBytes() - GPU.l2Bytes());
    assertThat(beyondL2 / seconds).isLessThanOrEqualTo(1.0001 * GPU.memoryBytesPerSecond());
  }

  @Test
  void whatWasEstimatedIsKnownToOthersOfTheSameGpu() {
    KernelProgram program = gemm(128, 128, 96);
    KernelEstimate first = new SmOperators(GPU).estimate(program);
    SmGpu same = gpu();
    assertThat(new SmOperators(same).estimate(program)).isSameAs(first);
  }
}
