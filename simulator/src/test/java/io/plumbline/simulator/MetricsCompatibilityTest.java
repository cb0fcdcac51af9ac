package io.plumbline.simulator;

import static io.plumbline.simulator.Scenario.arriving;
import static io.plumbline.simulator.Scenario.at;
import static io.plumbline.simulator.Scenario.atOnce;
import static io.plumbline.simulator.Scenario.tokens;
import static io.plumbline.simulator.engine.Compatibility.STANDARD;
import static io.plumbline.simulator.engine.Compatibility.VIDUR;
import static io.plumbline.trace.run.UtilizationMetric.BUSY;
import static io.plumbline.trace.run.UtilizationMetric.MEMORY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.simulator.batching.SarathiSpec;
import io.plumbline.simulator.batching.VllmSpec;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.metrics.BatchWindow;
import io.plumbline.simulator.metrics.VidurMetrics;
import io.plumbline.simulator.metrics.VidurRequestMetric;
import io.plumbline.simulator.metrics.VidurSeries;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.run.TokenTimes;
import io.plumbline.trace.run.Utilization;
import io.plumbline.trace.run.UtilizationMetric;
import io.plumbline.trace.workload.Workload;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/**
 * Each difference between the right metrics and Vidur's, both sides. Those of MFU are in {@code
 * ModelFlopsTest}, that of operators in {@code BlockCompositionTest}.
 */
class MetricsCompatibilityTest {
  private static final Offset<Double> CLOSE = within(1e-9);

  private static List<Utilization> utilization(
      int replicas,
      int stages,
      Workload workload,
      Compatibility compatibility,
      UtilizationMetric metric) {
    return Scenario.with(new SarathiSpec(512, 128))
        .replicas(replicas)
        .stages(stages)
        .following(compatibility)
        .run(workload, Recording.REQUESTS)
        .utilization()
        .stream()
        .filter(found -> found.metric() == metric)
        .toList();
  }

  /** One and two of 1,000 blocks; 20 and 40 ms from 100 ms on. */
  private static final Workload ONE_FOR_EACH_REPLICA = arriving(at(100, 10, 1), at(100, 30, 1));

  @Test
  void replicasHaveTheirOwnNumbers() {
    assertThat(utilization(2, 1, ONE_FOR_EACH_REPLICA, STANDARD, MEMORY))
        .extracting(Utilization::maxPercent)
        .containsExactly(0.1, 0.2);
  }

  @Test
  void replicasHaveTheNumberOfTheNextInVidur() {
    assertThat(utilization(2, 1, ONE_FOR_EACH_REPLICA, VIDUR, MEMORY))
        .extracting(Utilization::maxPercent)
        .containsExactly(0.2, 0.1);
  }

  /** Stage 0 is busy from 100 to 120 ms, stage 1 from 120 to 140. */
  private static final Workload ONE = arriving(at(100, 10, 1));

  @Test
  void theMeanIsOverTheWholeRun() {
    assertThat(utilization(2, 1, ONE_FOR_EACH_REPLICA, STANDARD, BUSY))
        .extracting(Utilization::meanPercent)
        .satisfiesExactly(
            first -> assertThat(first).isCloseTo(50, CLOSE),
            second -> assertThat(second).isCloseTo(100, CLOSE));
    assertThat(utilization(1, 2, ONE, STANDARD, BUSY))
        .extracting(Utilization::meanPercent)
        .satisfiesExactly(
            first -> assertThat(first).isCloseTo(50, CLOSE),
            second -> assertThat(second).isCloseTo(50, CLOSE));
  }

  @Test
  void theMeanIsFromTheFirstToTheLastBatchOfAStageInVidur() {
    assertThat(utilization(2, 1, ONE_FOR_EACH_REPLICA, VIDUR, BUSY))
        .allSatisfy(found -> assertThat(found.meanPercent()).isCloseTo(100, CLOSE));
    assertThat(utilization(1, 2, ONE, VIDUR, BUSY))
        .allSatisfy(found -> assertThat(found.meanPercent()).isCloseTo(100, CLOSE));
  }

  /** Two batches of 20 ms, the second 50 ms after the first. */
  private static Workload twoBatches(int firstMillis) {
    return arriving(at(firstMillis, 10, 1), at(firstMillis + 50, 10, 1));
  }

  @Test
  void whereTheClockBeginsDoesNotMatter() {
    for (int first : new int[] {0, 100}) {
      assertThat(utilization(1, 1, twoBatches(first), STANDARD, BUSY).get(0).meanPercent())
          .isCloseTo(100 * 40 / 70.0, CLOSE);
    }
  }

  @Test
  void whatBeginsAtZeroIsNotCountedInVidur() {
    assertThat(utilization(1, 1, twoBatches(100), VIDUR, BUSY).get(0).meanPercent())
        .isCloseTo(100 * 40 / 70.0, CLOSE);
    // 20 ms idle less of it: 20 of the 50 ms from 20 to 70.
    assertThat(utilization(1, 1, twoBatches(0), VIDUR, BUSY).get(0).meanPercent())
        .isCloseTo(40, CLOSE);
  }

  @Test
  void memoryIsWeightedWithTimeAndItsMinimumIsOneThatItHad() {
    Utilization memory = utilization(1, 1, ONE, STANDARD, MEMORY).get(0);
    assertThat(memory.meanPercent()).isCloseTo(0.1, CLOSE);
    assertThat(memory.minPercent()).isCloseTo(0.1, CLOSE);
  }

  @Test
  void memoryIsTheMeanOfItsPointsAndItsMinimumZeroInVidur() {
    // 0 before the run, 0.1, 0 after the batch.
    Utilization memory = utilization(1, 1, ONE, VIDUR, MEMORY).get(0);
    assertThat(memory.meanPercent()).isCloseTo(0.1 / 3, CLOSE);
    assertThat(memory.minPercent()).isZero();
  }

  /**
   * Five blocks of four tokens. Both prefill, 26 ms; the decode of 0 takes the last block, so 1
   * restarts with a prompt of 9; 0 decodes three times 11 ms until 59, then 1 prefills until 78 and
   * decodes until 89 and 100.
   */
  private static final Workload SECOND_RESTARTS = atOnce(tokens(8, 4), tokens(8, 4));

  private static Scenario restart(Compatibility compatibility) {
    return Scenario.with(new VllmSpec(100, 128)).cache(5, 4).following(compatibility);
  }

  private static VidurMetrics metrics(Workload workload, BatchWindow window) {
    Scenario scenario = restart(VIDUR);
    VidurMetrics metrics =
        new VidurMetrics(workload, scenario.spec().deployment(), (batch, stage) -> 1, window);
    scenario.cluster(workload, metrics);
    return metrics;
  }

  @Test
  void theGapOfARestartIsATimeBetweenTokens() {
    for (Compatibility compatibility : Compatibility.values()) {
      TokenTimes tokens = restart(compatibility).run(SECOND_RESTARTS).tokens();
      assertThat(
              List.of(
                  tokens.nanos(1, 0), tokens.nanos(1, 1), tokens.nanos(1, 2), tokens.nanos(1, 3)))
          .containsExactly(26_000_000L, 78_000_000L, 89_000_000L, 100_000_000L);
    }
  }

  @Test
  void theTokenOfASecondPrefillIsNoDecodeTokenInVidur() {
    VidurMetrics metrics = metrics(SECOND_RESTARTS, BatchWindow.ALL);
    assertThat(metrics.decodeTokenSeconds())
        .hasSize(5)
        .satisfies(all -> assertThat(all).containsOnly(new double[] {0.011}, within(1e-12)));
    assertThat(metrics.series(VidurSeries.DECODE_COMPLETION).counts())
        .containsExactly(1, 2, 3, 4, 5);
  }

  @Test
  void tokensAreThoseOfTheRequest() {
    RunTrace trace = restart(STANDARD).run(SECOND_RESTARTS);
    RequestTiming restarted = trace.requests().get(1);
    assertThat(restarted.promptTokens()).isEqualTo(8);
    assertThat(restarted.outputTokens()).isEqualTo(4);
    assertThat(restarted.tpotNanos()).isCloseTo(74e6 / 3, within(1.0));
    // In the prefills 26 + 19 and two decodes 22; nothing of it until 26, and not from 26 to 59.
    assertThat(restarted.executionNanos()).isEqualTo(67_000_000);
    assertThat(restarted.preemptedNanos()).isEqualTo(33_000_000);
  }

  @Test
  void tokensAreThoseThatARestartLeavesInVidur() {
    VidurMetrics metrics = metrics(SECOND_RESTARTS, BatchWindow.ALL);
    // 9 to prefill, 3 to decode.
    assertThat(metrics.requests(VidurRequestMetric.REQUEST_E2E_TIME_NORMALIZED)[1])
        .isCloseTo(0.1 / 3, CLOSE);
    assertThat(
            metrics
                .requests(VidurRequestMetric.PREFILL_TIME_EXECUTION_PLUS_PREEMPTION_NORMALIZED)[1])
        .isCloseTo(0.026 / 9, CLOSE);
    assertThat(metrics.requests(VidurRequestMetric.REQUEST_NUM_DECODE_TOKENS)[1]).isEqualTo(4);
    assertThat(metrics.requests(VidurRequestMetric.REQUEST_NUM_RESTARTS)).containsExactly(0, 1);
  }

  @Test
  void requestsThatEndInABatchOutsideTheWindowHaveNoMetrics() {
    // Batch 0 are both prefills, 1 to 3 the decodes of 0, then 4, 5 and 6.
    VidurMetrics metrics = metrics(SECOND_RESTARTS, new BatchWindow(4, 6));
    assertThat(metrics.requests(VidurRequestMetric.REQUEST_E2E_TIME))
        .satisfies(
            all -> {
              assertThat(all[0]).isNaN();
              assertThat(all[1]).isCloseTo(0.1, CLOSE);
            });
    assertThat(metrics.requests(VidurRequestMetric.REQUEST_NUM_TOKENS)).containsExactly(12, 12);
    assertThat(metrics.batches()).containsExactly(4, 5, 6);
    assertThat(metrics.series(VidurSeries.REQUEST_COMPLETION).counts()).containsExactly(1);
  }

  @Test
  void seriesCountWhatHasHappened() {
    VidurMetrics metrics = metrics(SECOND_RESTARTS, BatchWindow.ALL);
    assertThat(metrics.series(VidurSeries.REQUEST_ARRIVAL).counts()).containsExactly(1, 2);
    assertThat(metrics.series(VidurSeries.PREFILL_COMPLETION).counts()).containsExactly(8, 16);
    assertThat(metrics.series(VidurSeries.REQUEST_COMPLETION).seconds())
        .containsExactly(new double[] {0.059, 0.1}, CLOSE);
  }
}
