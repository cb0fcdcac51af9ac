package io.plumbline.simulator.metrics;

import static io.plumbline.simulator.engine.Compatibility.STANDARD;
import static io.plumbline.simulator.engine.Compatibility.VIDUR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.simulator.cluster.ReplicaShape;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.trace.run.Utilization;
import java.util.List;
import org.junit.jupiter.api.Test;

class UtilizationRecorderTest {

  /** Ten blocks: four in use from 2 s on, none from 3 s on without a new batch, end at 5 s. */
  private static Utilization memory(Compatibility compatibility) {
    UtilizationRecorder recorder = new UtilizationRecorder(null, compatibility, 0);
    recorder.clusterReady(1, List.of(new ReplicaShape(1, 10)));
    recorder.requestArrives(0, 1);
    recorder.replicaScheduled(0, 1, 4, 2);
    recorder.replicaScheduled(0, 0, 0, 3);
    recorder.replicaScheduled(0, 1, 2, 5);
    return recorder.utilization().get(0);
  }

  @Test
  void memoryIsMeasuredWheneverASchedulerRan() {
    Utilization memory = memory(STANDARD);
    // 0 % for 1 s, 40 % for 1 s, 0 % for 2 s; the last value held for no time.
    assertThat(memory.meanPercent()).isCloseTo(10, within(1e-12));
    assertThat(memory.maxPercent()).isEqualTo(40);
  }

  @Test
  void memoryIsMeasuredOnlyWhenThereIsABatchAndWithoutTimeInVidur() {
    // The points 0, 40 and 20.
    assertThat(memory(VIDUR).meanPercent()).isCloseTo(20, within(1e-12));
  }

  @Test
  void aRunThatTakesNoTimeHasTheValuesItEndsWith() {
    UtilizationRecorder recorder = new UtilizationRecorder(null, STANDARD, 0);
    recorder.clusterReady(1, List.of(new ReplicaShape(1, 10)));
    recorder.requestArrives(0, 1);
    recorder.replicaScheduled(0, 0, 5, 1);
    Utilization memory = recorder.utilization().get(0);
    assertThat(memory.minPercent()).isEqualTo(50);
    assertThat(memory.maxPercent()).isEqualTo(50);
    assertThat(memory.meanPercent()).isEqualTo(50);
  }
}
