package io.plumbline.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.batching.RequestProgress;
import io.plumbline.simulator.cluster.Cluster;
import io.plumbline.simulator.cluster.IterationInFlight;
import io.plumbline.simulator.cluster.Recorder;
import io.plumbline.simulator.latency.BlockComposition;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.simulator.latency.ProfiledSpec;
import io.plumbline.simulator.metrics.VidurMetrics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Replays recorded runs of the original Vidur from its own prediction tables: every stage of every
 * batch, every request's times and every metric of a request must be equal to the last bit.
 */
class VidurConformanceTest {
  private static final Path GOLDEN =
      Path.of(System.getProperty("plumbline.home", ".."), "..", "shared", "golden", "vidur");

  @TestFactory
  Stream<DynamicTest> everyRecordedRunIsReplayedToTheLastBit() {
    if (!Files.isDirectory(GOLDEN)) {
      // One test that is reported as skipped: a factory that gives none would not be seen at all.
      return Stream.of(
          DynamicTest.dynamicTest(
              "recorded runs", () -> abort("recorded Vidur runs are not here; replay is skipped")));
    }
    return GoldenVidur.csv(GOLDEN.resolve("INDEX.csv")).stream()
        .map(row -> DynamicTest.dynamicTest(row.get("case"), () -> replay(row)));
  }

  private static void replay(Map<String, String> index) {
    GoldenVidur golden = new GoldenVidur(GOLDEN.resolve(index.get("case")));
    SimulationSpec spec = GoldenSpec.of(golden);
    Stages stages = new Stages();
    ExecutionTimePredictor predictor =
        new BlockComposition(
            spec.deployment(),
            (ProfiledSpec) spec.predictor(),
            GoldenVidur.tables(GOLDEN.resolve("tables").resolve(index.get("tables"))),
            spec.compatibility());
    VidurMetrics metrics =
        new VidurMetrics(golden.workload, spec.deployment(), predictor, golden.batchWindow());
    TraceRecorder trace =
        new TraceRecorder(
            Recording.TOKENS, golden.workload, spec, new PoolModels(spec, List.of(predictor)));
    Cluster cluster =
        Simulator.replay(
            spec,
            golden.workload,
            golden.arrivalSeconds,
            predictor,
            stages.and(metrics).and(trace));

    List<String> expectedStages = new ArrayList<>();
    for (Map<String, String> row : golden.batchStages()) {
      expectedStages.add(
          String.join(
              " ",
              row.get("batch_id"),
              row.get("replica_id"),
              row.get("stage_id"),
              row.get("size"),
              row.get("num_tokens"),
              row.get("num_prefill_tokens"),
              exact(row.get("batch_scheduled_at")),
              exact(row.get("stage_start")),
              exact(row.get("stage_end")),
              exact(row.get("total_time_s")),
              exact(row.get("model_time_s"))));
    }
    // The record lists stages as they end, we as they start.
    assertThat(stages.lines).hasSizeGreaterThanOrEqualTo(expectedStages.size());
    assertThat(expectedStages).filteredOn(line -> !stages.lines.contains(line)).isEmpty();
    for (Map<String, String> row : golden.requestFinal()) {
      RequestProgress request = cluster.request(Integer.parseInt(row.get("request_id")));
      assertThat(request.completed()).isEqualTo(row.get("completed").equals("1"));
      assertThat(request.processedTokens())
          .isEqualTo((int) Double.parseDouble(row.get("num_processed_tokens")));
      assertThat(request.preemptions()).isEqualTo(Integer.parseInt(row.get("num_restarts")));
      assertThat(request.promptTokens())
          .isEqualTo((int) Double.parseDouble(row.get("num_prefill_tokens")));
      assertTime(request.scheduledSeconds(), row.get("scheduled_at"));
      assertTime(request.firstTokenSeconds(), row.get("prefill_completed_at"));
      assertTime(request.endSeconds(), row.get("completed_at"));
      assertTime(request.executionSeconds(), row.get("execution_time"));
      assertTime(request.modelExecutionSeconds(), row.get("model_execution_time"));
      assertTime(request.preemptedSeconds(), row.get("preempted_time"));
    }
    GoldenMetrics.assertRequestMetrics(golden, metrics);
    GoldenMetrics.assertRunMetrics(golden, metrics);
    GoldenMetrics.assertChromeTrace(golden, trace.trace(cluster, golden.workload, List.of()));
    assertBlocksLeft(golden, cluster);
  }

  /** What Vidur's assertion at the end of a run looks at: blocks that nobody gave back. */
  private static void assertBlocksLeft(GoldenVidur golden, Cluster cluster) {
    List<Integer> left = golden.blocksLeft();
    for (int replica = 0; replica < left.size(); replica++) {
      assertThat(cluster.kvBlocksUsed(replica)).isEqualTo(left.get(replica));
    }
  }

  private static String exact(String number) {
    return String.valueOf(Double.parseDouble(number));
  }

  private static void assertTime(double seconds, String expected) {
    // Vidur writes 0 for what never happened.
    assertThat(Double.isNaN(seconds) ? 0 : seconds).isEqualTo(Double.parseDouble(expected));
  }

  /** Every stage start as one line. */
  private static final class Stages implements Recorder {
    final Set<String> lines = new HashSet<>();

    @Override
    public void stageStarts(
        IterationInFlight iteration,
        int stage,
        double startSeconds,
        double modelSeconds,
        double hostSeconds,
        int kvBlocksUsed) {
      Batch batch = iteration.batch();
      double stageSeconds = modelSeconds + hostSeconds;
      lines.add(
          String.join(
              " ",
              String.valueOf(iteration.number()),
              String.valueOf(iteration.replica()),
              String.valueOf(stage),
              String.valueOf(batch.size()),
              String.valueOf(batch.totalTokens()),
              String.valueOf(batch.prefillTokens()),
              String.valueOf(iteration.scheduledSeconds()),
              String.valueOf(startSeconds),
              String.valueOf(startSeconds + stageSeconds),
              String.valueOf(stageSeconds),
              String.valueOf(modelSeconds)));
    }
  }
}
