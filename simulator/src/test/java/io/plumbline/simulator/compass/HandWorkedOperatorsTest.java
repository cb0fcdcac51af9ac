package io.plumbline.simulator.compass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.simulator.compass.DeviceLinks.Topology;
import org.junit.jupiter.api.Test;

/** Operators small enough to be worked out on paper. */
class HandWorkedOperatorsTest {
  private static final SystolicArray ARRAY = new SystolicArray(16, 16, 1, 2, 2);

  @Test
  void aShortProductFillsAndDrainsTheArrayOncePerPass() {
    // 2 x 1 passes of 16 + 16 + 16 - 2 = 46 cycles, less one.
    assertThat(ARRAY.cycles(32, 16, 16)).isEqualTo(91);
    // Half a multiply-add a cycle takes twice as long.
    assertThat(new SystolicArray(16, 16, 0.5, 2, 2).cycles(32, 16, 16)).isEqualTo(182);
  }

  @Test
  void aLongProductRunsNearThePeak() {
    // 128^3 / 256 / 16 = 512 passes: 8192 cycles at the peak, 8192 / 0.99 = 8274.7.
    assertThat(ARRAY.cycles(128, 128, 128)).isEqualTo(8275);
    // 16 x 64 x 256 / 256 / 16 = 64 passes: 1024 / 0.98 = 1044.9.
    assertThat(ARRAY.cycles(16, 64, 256)).isEqualTo(1045);
    // Half as narrow as the array: 8 / 16 / 0.98 of it, so 64 * 8 * 256 / 256 / (0.5 / 0.98).
    assertThat(ARRAY.cycles(64, 8, 256)).isEqualTo(1004);
  }

  @Test
  void aProductInOneTileReadsComputesAndWrites() {
    // One core of one array, one tile. At 16 B a cycle the memory gives 32 x 32 words in 128
    // cycles, twice, and takes as many back; the global buffer, 64 B a cycle, has the inputs in
    // 64 cycles and the output in 32. A pass of 32 + 30 = 62 cycles, 2 x 2 of them less one: 247.
    Accelerator device =
        new Accelerator(
            1, 1e9, 1 << 20, 64, 16e9, 1e9, ARRAY, 1, 1 << 16, vector(), LaunchOverheads.A100);
    MatmulMapper.Result found =
        new MatmulMapper(device, MapperMode.EXHAUSTIVE, 2).search(MatmulShape.fp16(32, 32, 32));
    assertThat(found.cycles()).isEqualTo(128 + 128 + (64 + 247 + 32) + 128);
  }

  private static VectorUnit vector() {
    return new VectorUnit(128, 32, 1, 35, 2);
  }

  @Test
  void aVectorTakesTheLongerOfArithmeticAndMemory() {
    MatmulOperator a100 = new MatmulOperator(BuiltInHardware.of("a100").device(), MapperMode.GPU);
    // 4096 * 4096 + 2 * 4096 words of two bytes at 2.039 TB/s.
    assertThat(a100.matmul(MatmulShape.fp16(1, 4096, 4096)).seconds())
        .isEqualTo((4096.0 * 4096 + 2 * 4096) * 2 / 2.039e12);
  }

  @Test
  void anAllReduceSendsHeadersWithItsSlices() {
    // Two devices, a link of 100 B/s each way, slices of 50 bytes in packets of 25: 16 + 2 * 16 +
    // 50 = 98 bytes. In a ring (1 + 0.98) * 2; joined directly 1 + 98 / 200, then 98 / 100.
    assertThat(links(Topology.RING).allReduceSeconds(100)).isCloseTo(3.96, within(1e-12));
    assertThat(links(Topology.FC).allReduceSeconds(100)).isCloseTo(2.47, within(1e-12));
  }

  private static DeviceLinks links(Topology topology) {
    return new DeviceLinks(2, topology, 1, 100, 200, 1, 16, 25, 10, Double.POSITIVE_INFINITY);
  }

  @Test
  void geluIsPaddedToAllLanes() {
    // One element takes what 108 * 128 lanes take: 45 operations each at 512 a cycle and core.
    RowOperators a100 = new RowOperators(BuiltInHardware.of("a100").device());
    assertThat(a100.geluSeconds(1)).isEqualTo(a100.geluSeconds(108 * 128));
    assertThat(a100.geluSeconds(1))
        .isCloseTo(108.0 * 128 * 4 / 2.039e12 + 108.0 * 128 * 4 / 5120 / 1.41e9, within(1e-15));
  }

  @Test
  void halfOfTheDiesOfFiveHundredSquareMillimetresWork() {
    // (1 + 500 * 0.0015 / 3)^-3 = 1.25^-3 = 0.512
    DieCost cost = DieCost.of(DieCost.Wafer.N7, 500);
    assertThat(cost.yield()).isCloseTo(0.512, within(1e-12));
    assertThat(cost.diesPerWafer())
        .isCloseTo(Math.PI * 22500 / 500 - Math.PI * 300 / Math.sqrt(1000), within(1e-9));
  }

  @Test
  void aBreakdownAddsUpToTheCycles() {
    Accelerator a100 = BuiltInHardware.of("a100").device();
    MatmulShape shape = MatmulShape.fp16(8, 8192, 8192);
    MatmulMapper.Result found = new MatmulMapper(a100, MapperMode.GPU, 2).search(shape);
    MatmulBreakdown parts = MatmulBreakdown.of(a100, MapperMode.GPU, shape, found.mapping());
    assertThat(parts.compute() + parts.localBuffers() + parts.globalBuffer() + parts.memory())
        .isCloseTo(found.cycles(), within(1e-6));
    assertThat(parts.bound()).isEqualTo(MatmulBreakdown.Bound.MEMORY);
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> MatmulShape.fp16(0, 1, 1))
        .hasMessage("m (0) must be positive and below 2^31");
    assertThatThrownBy(() -> new SystolicArray(0, 16, 1, 2, 2))
        .hasMessage("height (0.0) must be positive");
  }
}
