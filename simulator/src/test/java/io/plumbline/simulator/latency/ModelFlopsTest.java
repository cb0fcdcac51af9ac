package io.plumbline.simulator.latency;

import static io.plumbline.simulator.engine.Compatibility.STANDARD;
import static io.plumbline.simulator.engine.Compatibility.VIDUR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.engine.Compatibility;
import org.junit.jupiter.api.Test;

/**
 * A layer of the tiny model has 32 x 8 x (2 x 4 + 2 x 2) = 3,072 weights of attention and 3 x 32 x
 * 64 = 6,144 of the MLP, together 9,216; a pair of tokens costs 4 x 32 operations.
 */
class ModelFlopsTest {
  private static final int GROUPED = 2;

  private static double flops(Compatibility compatibility, Batch batch) {
    return new ModelFlops(Batches.tiny(GROUPED, 1, 1, 8), compatibility).flops(batch, 0);
  }

  @Test
  void aPrefillSeesWhatStandsBeforeEachToken() {
    // 2 x 9,216 x 4 x 20 + 128 x 4 x (20 x 21 / 2) + 2 x 32 x 100 for the one row of logits.
    assertThat(flops(STANDARD, Batches.prefills(20))).isEqualTo(1_474_560 + 107_520 + 6_400);
  }

  @Test
  void aPrefillSeesAllOfItselfAndNoHeadInVidur() {
    // 2 x 9,216 x 4 x 20 + 128 x 4 x 20 x 20.
    assertThat(flops(VIDUR, Batches.prefills(20))).isEqualTo(1_474_560 + 204_800);
  }

  @Test
  void aDecodeSeesItsContext() {
    // 2 x 9,216 x 4 + 128 x 4 x 10 + 6,400.
    assertThat(flops(STANDARD, Batches.decodes(10))).isEqualTo(73_728 + 5_120 + 6_400);
  }

  @Test
  void aDecodeSeesItsTokenTwiceInVidur() {
    assertThat(flops(VIDUR, Batches.decodes(10))).isEqualTo(73_728 + 5_632);
  }

  @Test
  void onlyTheLastStageHasTheHead() {
    ModelFlops twoStages = new ModelFlops(Batches.tiny(GROUPED, 1, 2, 8), STANDARD);
    assertThat(twoStages.flops(Batches.decodes(10), 0)).isEqualTo(36_864 + 2_560);
    assertThat(twoStages.flops(Batches.decodes(10), 1)).isEqualTo(36_864 + 2_560 + 6_400);
  }

  @Test
  void theDevicesOfAStageShareTheModel() {
    ModelFlops twoDevices = new ModelFlops(Batches.tiny(GROUPED, 2, 1, 8), STANDARD);
    assertThat(twoDevices.flops(Batches.decodes(10), 0))
        .isEqualTo(flops(STANDARD, Batches.decodes(10)));
    // Two devices of 1e6 FLOP/s for 5 seconds.
    assertThat(twoDevices.mfuPercent(1e6, 5)).isCloseTo(10, within(1e-12));
  }

  /** The one key/value head of a layer is on both devices: 2 x 32 x 8 weights more. */
  @Test
  void copiedKeyValueHeadsCountOnce() {
    ModelFlops shared = new ModelFlops(Batches.tiny(1, 2, 1, 8), STANDARD);
    assertThat(shared.flops(Batches.decodes(10), 0)).isEqualTo(69_632 + 5_120 + 6_400);
  }

  @Test
  void copiedKeyValueHeadsCountTwiceInVidur() {
    ModelFlops shared = new ModelFlops(Batches.tiny(1, 2, 1, 8), VIDUR);
    assertThat(shared.flops(Batches.decodes(10), 0)).isEqualTo(69_632 + 4_096 + 5_632);
  }

  @Test
  void teraIsAPowerOfTen() {
    ModelFlops flops = new ModelFlops(Batches.tiny(GROUPED, 1, 1, 8), STANDARD);
    assertThat(flops.mfuPercent(1e6, 2)).isCloseTo(50, within(1e-12));
  }

  @Test
  void teraIsAPowerOfTwoInVidur() {
    ModelFlops flops = new ModelFlops(Batches.tiny(GROUPED, 1, 1, 8), VIDUR);
    assertThat(flops.mfuPercent(1e6, 2)).isCloseTo(50 / 1.099511627776, within(1e-12));
  }
}
