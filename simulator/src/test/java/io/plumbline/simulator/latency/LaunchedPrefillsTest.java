package io.plumbline.simulator.latency;

import static io.plumbline.simulator.engine.Compatibility.STANDARD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.simulator.batching.Batch;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One operator beside attention of 1 ms: 2 ms in a graph, 7 ms launched; the host takes 100 ms. */
class LaunchedPrefillsTest {
  private static final OperatorProfile GRAPHED =
      Profiles.of(
          Map.of(
              TokenOperator.ADD, Profiles.curve(1, 2, 64, 2),
              HostOperator.SCHEDULE, Profiles.curve(1, 100, 64, 100)));
  private static final OperatorProfile LAUNCHED =
      Profiles.of(Map.of(TokenOperator.ADD, Profiles.curve(1, 7, 64, 7)));

  private static ExecutionTimePredictor predictor(String launchedRoot) {
    ProfiledSpec spec =
        new ProfiledSpec("in", launchedRoot, null, 64, 8, 0, 0, 0, 0, HostOverhead.PROFILED);
    OperatorProfile both = launchedRoot == null ? GRAPHED : GRAPHED.withLaunched(LAUNCHED);
    return spec.create(
        Batches.tiny(2, 1, 1, 8), new TableLimits(8, 1, 64), (query, d) -> both, STANDARD);
  }

  @Test
  void onlyIterationsWithAPrefillAreLaunched() {
    ExecutionTimePredictor predictor = predictor("out");
    Batch decodes = Batches.decodes(64, 64);
    Batch prefills = Batches.prefills(20);
    // Four layers, each with one attention and one add.
    assertThat(predictor.modelSeconds(decodes, 0)).isCloseTo(4 * 0.003, within(1e-9));
    assertThat(predictor.modelSeconds(prefills, 0)).isCloseTo(4 * 0.008, within(1e-9));
    assertThat(predictor.hostSeconds(decodes, 0)).isCloseTo(0.1, within(1e-9));
    assertThat(predictor.hostSeconds(prefills, 0)).isCloseTo(0.1, within(1e-9));
  }

  @Test
  void withoutASecondProfileAllAreAlike() {
    assertThat(predictor(null).modelSeconds(Batches.prefills(20), 0))
        .isCloseTo(4 * 0.003, within(1e-9));
  }

  @Test
  void theSecondProfileCountsForTheIdentityOfARun() {
    assertThat(GRAPHED.withLaunched(LAUNCHED).contentHash())
        .isNotEqualTo(GRAPHED.contentHash())
        .isNotEqualTo(GRAPHED.withLaunched(GRAPHED).contentHash());
    assertThat(GRAPHED.withLaunched(LAUNCHED).graphed()).isEqualTo(GRAPHED);
    assertThat(GRAPHED.withLaunched(LAUNCHED).launched()).isEqualTo(LAUNCHED);
  }
}
