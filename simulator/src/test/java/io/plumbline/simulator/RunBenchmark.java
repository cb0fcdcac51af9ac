package io.plumbline.simulator;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.batching.SarathiSpec;
import io.plumbline.simulator.batching.SchedulerSpec;
import io.plumbline.simulator.batching.VllmV1Spec;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.simulator.latency.ProfileSource;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A whole run of 256 requests of 64 and 512 tokens, and one prediction of its roofline. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RunBenchmark {

  /** What is scheduled by. */
  public enum Kind {
    VLLM_V1(VllmV1Spec.defaults()),
    SARATHI(new SarathiSpec(512, 128));

    private final SchedulerSpec spec;

    Kind(SchedulerSpec spec) {
      this.spec = spec;
    }
  }

  @Param private Kind kind;
  private final Batch batch = Batch.ofDecodes(128, 300);
  private SimulationSpec spec;
  private Workload workload;
  private ExecutionTimePredictor predictor;

  @Setup
  public void prepare() {
    List<Request> requests = new ArrayList<>();
    for (int id = 0; id < 256; id++) {
      requests.add(new Request(id, id * 1_000_000L, 64, 512));
    }
    workload = new Workload(requests);
    spec = Scenario.with(kind.spec).cache(20_000, 16).spec();
    predictor = Simulator.predictor(spec, workload, ProfileSource.none());
  }

  @Benchmark
  public RunTrace run() {
    return Simulator.run(spec, workload, predictor, Recording.REQUESTS);
  }

  @Benchmark
  public double predict() {
    return predictor.modelSeconds(batch, 0);
  }
}
