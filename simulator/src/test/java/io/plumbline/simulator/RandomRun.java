package io.plumbline.simulator;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.batching.CudagraphMode;
import io.plumbline.simulator.batching.FasterTransformerSpec;
import io.plumbline.simulator.batching.LightllmSpec;
import io.plumbline.simulator.batching.OrcaSpec;
import io.plumbline.simulator.batching.SarathiSpec;
import io.plumbline.simulator.batching.SchedulerSpec;
import io.plumbline.simulator.batching.VllmSpec;
import io.plumbline.simulator.batching.VllmV1Policy;
import io.plumbline.simulator.batching.VllmV1Spec;
import io.plumbline.simulator.cluster.Cluster;
import io.plumbline.simulator.cluster.LeastKvSpec;
import io.plumbline.simulator.cluster.PrefixAffinitySpec;
import io.plumbline.simulator.cluster.Recorder;
import io.plumbline.simulator.cluster.RoundRobinSpec;
import io.plumbline.simulator.cluster.RouterSpec;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.trace.workload.PromptBlocks;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A run drawn from a seed in which much is decoded: any scheduler, stages, replicas on their own or
 * in step, open or closed loop, outputs of up to 200 tokens, and a cache that may be tight.
 */
final class RandomRun {
  final Workload workload;
  final SimulationSpec spec;
  final double limitSeconds;
  private final double[] arrivalSeconds;
  private final ExecutionTimePredictor predictor;
  private final int blockTokens;

  RandomRun(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int kind = random.nextInt(9);
    // LightLLM knows no other.
    boolean plain = kind == 0;
    int stages = plain || random.nextInt(3) > 0 ? 1 : 2 + random.nextInt(2);
    int replicas = 1 + random.nextInt(3);
    blockTokens = plain ? 1 : 1 << random.nextInt(5);
    int blocks = 2 + (200 + random.nextInt(random.nextBoolean() ? 300 : 3000)) / blockTokens;
    Compatibility compatibility =
        random.nextInt(3) == 0 ? Compatibility.VIDUR : Compatibility.STANDARD;
    SchedulerSpec scheduler = scheduler(kind, random, stages);
    workload = workload(random);
    spec =
        Scenario.with(scheduler)
            .stages(stages)
            .replicas(replicas)
            .cache(blocks, blockTokens)
            .watermark(random.nextInt(3) * 0.05)
            .routedBy(router(random))
            .following(compatibility)
            .spec();
    predictor = new Times(random.nextInt(3) * 0.006, random.nextDouble());
    limitSeconds = random.nextInt(4) == 0 ? random.nextDouble() * 3 : 60;
    arrivalSeconds = new double[workload.size()];
    int loop = random.nextInt(4) == 0 ? 1 + random.nextInt(8) : workload.size();
    for (int i = 0; i < arrivalSeconds.length; i++) {
      boolean waitsForAnother = i >= loop;
      double known = loop < workload.size() ? 0 : workload.request(i).arrivalNanos() / 1e9;
      arrivalSeconds[i] = waitsForAnother ? Double.NaN : known;
    }
  }

  Cluster cluster(Recorder recorder) {
    return Simulator.cluster(spec, workload, arrivalSeconds, List.of(predictor), recorder);
  }

  /** Odd times, of which sums depend on their order. */
  private record Times(double secondsOfHost, double odd) implements ExecutionTimePredictor {
    @Override
    public double modelSeconds(Batch batch, int stage) {
      return (0.005 + 0.001 * batch.totalTokens() + 1e-6 * batch.decodeContextTokens())
          * (1 + odd / 3);
    }

    @Override
    public double hostSeconds(Batch batch, int stage) {
      return stage == 0 ? secondsOfHost * (1 + odd) + 1e-5 * batch.size() : 0;
    }
  }

  private static RouterSpec router(SplittableRandom random) {
    return switch (random.nextInt(3)) {
      case 0 -> LeastKvSpec.defaults();
      case 1 -> PrefixAffinitySpec.defaults();
      default -> RoundRobinSpec.defaults();
    };
  }

  private static SchedulerSpec scheduler(int kind, SplittableRandom random, int stages) {
    int batchSize = stages * (1 + random.nextInt(6));
    int budget = 40 + random.nextInt(100);
    return switch (kind) {
      case 0 -> new LightllmSpec(budget, batchSize, 1 + random.nextInt(10));
      case 1 -> new SarathiSpec(budget, batchSize);
      case 2 -> new VllmSpec(budget, batchSize);
      case 3 -> new OrcaSpec(batchSize);
      case 4 -> new FasterTransformerSpec(batchSize);
      default -> vllmV1(random, stages, batchSize, budget);
    };
  }

  private static SchedulerSpec vllmV1(
      SplittableRandom random, int stages, int batchSize, int budget) {
    return new VllmV1Spec(
        batchSize,
        random.nextInt(4) == 0 ? batchSize : budget,
        random.nextInt(3) == 0 ? 1 + random.nextInt(budget) : 0,
        random.nextInt(4) > 0,
        random.nextBoolean() ? VllmV1Policy.FCFS : VllmV1Policy.PRIORITY,
        random.nextBoolean(),
        random.nextInt(3) > 0,
        (stages == 1 && random.nextBoolean()) ? null : (Boolean) false,
        null,
        CudagraphMode.FULL_AND_PIECEWISE,
        null,
        stages == 1 && random.nextInt(3) == 0);
  }

  private Workload workload(SplittableRandom random) {
    List<Request> requests = new ArrayList<>();
    int count = 3 + random.nextInt(20);
    long meanGapNanos = random.nextInt(3) * 150_000_000L;
    long arrivalNanos = 0;
    for (int id = 0; id < count; id++) {
      int prompt = 1 + random.nextInt(40);
      int family = random.nextInt(3);
      requests.add(
          new Request(
              id,
              arrivalNanos,
              prompt,
              1 + random.nextInt(random.nextBoolean() ? 200 : 20),
              random.nextInt(4) == 0 ? null : promptBlocks(family, prompt),
              random.nextInt(4) - 1,
              random.nextBoolean() ? null : "session" + family));
      arrivalNanos += meanGapNanos == 0 ? 0 : random.nextLong(2 * meanGapNanos);
    }
    return new Workload(requests);
  }

  private PromptBlocks promptBlocks(int family, int promptTokens) {
    long[] hashes = new long[promptTokens / blockTokens];
    for (int block = 0; block < hashes.length; block++) {
      hashes[block] = 100L * family + block;
    }
    return new PromptBlocks(blockTokens, hashes);
  }
}
