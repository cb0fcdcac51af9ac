package io.plumbline.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.batching.SarathiSpec;
import io.plumbline.simulator.cluster.RoundRobinSpec;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.hardware.DeviceSku;
import io.plumbline.simulator.hardware.NodeSku;
import io.plumbline.simulator.hardware.Parallelism;
import io.plumbline.simulator.kvcache.KvCacheSpec;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.simulator.latency.RooflineSpec;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every iteration takes a second, of which a quarter was not measured. */
class ClosedLoopTest {
  private static final SimulationSpec SPEC =
      new SimulationSpec(
          new Deployment(
              new ModelSpec(
                  "tiny", 4, 4, 2, 8, 32, 64, 100, 4096, true, true, false, false, false, 10000,
                  1e-5),
              new DeviceSku("slow", 1L << 30, 1e6, 1e4, 0.001),
              new NodeSku("node", 1, 1, 1000, 0.01, null, 100, 0.1),
              new Parallelism(1, 1),
              DataType.FLOAT16),
          1,
          RoundRobinSpec.defaults(),
          new SarathiSpec(64, 8),
          KvCacheSpec.defaults(),
          RooflineSpec.defaults(),
          Compatibility.STANDARD,
          null);

  private static LoopTimes run(int inFlight, int... outputTokens) {
    List<Request> requests = new ArrayList<>();
    for (int output : outputTokens) {
      requests.add(new Request(requests.size(), 0, 16, output));
    }
    return Simulator.closedLoop(
        SPEC,
        new Workload(requests),
        inFlight,
        new ExecutionTimePredictor() {
          @Override
          public double modelSeconds(Batch batch, int stage) {
            return 1;
          }

          @Override
          public double extrapolatedSeconds(Batch batch, int stage) {
            return 0.25;
          }
        });
  }

  @Test
  void aRequestIsSentWhenAnotherHasEnded() {
    LoopTimes times = run(1, 3, 3);
    // The second one is alone as well; had it been there from the start, both would have shared.
    assertThat(times.ttftSeconds()).containsExactly(1, 1);
    assertThat(times.tpotSeconds()).containsExactly(1, 1);
    assertThat(times.extrapolatedFraction()).isEqualTo(0.25);
  }

  @Test
  void aRequestThatComesAtTheEndOfAnIterationMissesTheNext() {
    LoopTimes times = run(2, 2, 4, 2, 1);
    // The first ends after 2 s, when the next iteration has its batch already: the third joins the
    // second after 3 s. That one ends after 4 s, and the fourth is in the iteration from 5 s on.
    assertThat(times.ttftSeconds()).containsExactly(1, 1, 2, 2);
    assertThat(times.tpotSeconds()[2]).isEqualTo(1);
    assertThat(times.tpotSeconds()[3]).isNaN();
  }

  @Test
  void allRequestsAreServed() {
    LoopTimes times = run(3, 5, 1, 4, 2, 2, 7, 1, 3);
    assertThat(times.ttftSeconds()).hasSize(8).doesNotContain(Double.NaN);
  }
}
