package io.plumbline.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.batching.SarathiSpec;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A predictor is told how long the devices had nothing to do. */
final class PausesTest {
  private final List<Double> pauses = new ArrayList<>();

  /** Every iteration takes a second on each stage. */
  private final ExecutionTimePredictor predictor =
      new ExecutionTimePredictor() {
        @Override
        public double modelSeconds(Batch batch, int stage) {
          if (stage == 0) {
            pauses.add(batch.pauseSeconds());
          }
          return 1;
        }
      };

  private void run(int stages) {
    Workload workload =
        new Workload(List.of(new Request(0, 0L, 8, 3), new Request(1, 7_000_000_000L, 8, 2)));
    Scenario.with(new SarathiSpec(512, 16)).stages(stages).timedBy(predictor).run(workload);
  }

  @Test
  void thePauseIsThatBetweenTwoIterations() {
    run(1);
    // From 0 to 3, and from 7 on.
    assertThat(pauses).containsExactly(0.0, 0.0, 0.0, 4.0, 0.0);
  }

  @Test
  void theFirstStageWaitsForTheLast() {
    run(2);
    // One request alone: each iteration leaves the first stage a second before the next comes.
    assertThat(pauses).containsExactly(0.0, 1.0, 1.0, 2.0, 1.0);
  }
}
