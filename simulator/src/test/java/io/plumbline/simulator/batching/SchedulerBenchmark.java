package io.plumbline.simulator.batching;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.kvcache.KvCacheSize;
import io.plumbline.trace.workload.Request;
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

/** One step of 256 requests in decode: forming the batch, both ends of its stage, its end. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SchedulerBenchmark {
  private static final int REQUESTS = 256;
  private static final int OUTPUT_TOKENS = 4096;

  /** What is scheduled by. */
  public enum Kind {
    VLLM_V1(VllmV1Spec.defaults()),
    SARATHI(new SarathiSpec(512, REQUESTS));

    private final SchedulerSpec spec;

    Kind(SchedulerSpec spec) {
      this.spec = spec;
    }
  }

  /** Whether the batch before is moved on where it can be. */
  public enum Batches {
    MOVED,
    WRITTEN
  }

  @Param private Kind kind;
  @Param private Batches batches;
  private ReplicaScheduler scheduler;
  private int running;
  private double nowSeconds;

  @Setup
  public void start() {
    KvCacheSize cache = new KvCacheSize(REQUESTS * OUTPUT_TOKENS / 8, 16, 0);
    scheduler =
        kind.spec.create(
            cache, new ReplicaLimits(1, 2 * OUTPUT_TOKENS, REQUESTS), Compatibility.STANDARD);
    if (batches == Batches.WRITTEN) {
      scheduler.writeEveryBatch();
    }
    for (int id = 0; id < REQUESTS; id++) {
      scheduler.enqueue(new RequestProgress(new Request(id, 0, 1 + id % 16, OUTPUT_TOKENS), 0));
    }
    running = REQUESTS;
  }

  @Benchmark
  public int step() {
    Batch batch = scheduler.nextBatch();
    batch.stageStarts(nowSeconds);
    nowSeconds += 0.01;
    batch.stageEnds(nowSeconds, 0.01, 0.009);
    if (!batch.endsAsOne()) {
      for (int i = 0; i < batch.size(); i++) {
        scheduler.iterationEnds(batch, i, nowSeconds);
        running -= batch.request(i).completed() ? 1 : 0;
      }
    }
    scheduler.batchEnded(batch);
    if (running == 0) {
      start();
    }
    return batch.size();
  }
}
