package io.plumbline.simulator;

import io.plumbline.simulator.batching.SarathiSpec;
import io.plumbline.simulator.batching.SchedulerSpec;
import io.plumbline.simulator.batching.VllmSpec;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A small cluster and workload drawn from a seed, its KV cache tight so that requests clash. */
final class RandomScenario {
  final int stages;
  final int replicas;
  final int blocks;
  final int blockTokens;
  final int tokenBudget;
  final int maxBatchSize;
  final boolean sarathi;
  final double watermark;
  final Workload workload;
  final Scenario scenario;

  RandomScenario(long seed, Compatibility compatibility) {
    SplittableRandom random = new SplittableRandom(seed);
    stages = 1 + random.nextInt(3);
    replicas = 1 + random.nextInt(3);
    blockTokens = 1 << random.nextInt(4);
    // From hopelessly small for some requests to comfortable for many.
    blocks = Math.max(2, (15 + random.nextInt(150)) / blockTokens);
    tokenBudget = 4 + random.nextInt(60);
    maxBatchSize = stages + random.nextInt(8);
    sarathi = random.nextBoolean();
    watermark = random.nextBoolean() ? 0 : 0.1;
    workload = workload(random);
    scenario =
        Scenario.with(scheduler())
            .stages(stages)
            .replicas(replicas)
            .cache(blocks, blockTokens)
            .watermark(watermark)
            .following(compatibility);
  }

  private SchedulerSpec scheduler() {
    return sarathi
        ? new SarathiSpec(tokenBudget, maxBatchSize)
        : new VllmSpec(tokenBudget, maxBatchSize);
  }

  private static Workload workload(SplittableRandom random) {
    List<Request> requests = new ArrayList<>();
    int count = 3 + random.nextInt(20);
    long meanGapNanos = random.nextInt(3) * 20_000_000L;
    long arrivalNanos = 0;
    for (int id = 0; id < count; id++) {
      requests.add(new Request(id, arrivalNanos, 1 + random.nextInt(40), 1 + random.nextInt(25)));
      arrivalNanos += meanGapNanos == 0 ? 0 : random.nextLong(2 * meanGapNanos);
    }
    return new Workload(requests);
  }

  /** Whether a request may run at all: its whole context besides the watermark, and the budget. */
  boolean fits(Request request) {
    long needed = (request.totalTokens() + blockTokens - 1) / blockTokens;
    return blocks - needed >= (int) (watermark * blocks)
        && (sarathi || request.promptTokens() <= tokenBudget);
  }

  RunTrace run() {
    return scenario.run(workload);
  }

  @Override
  public String toString() {
    return "%s stages=%d replicas=%d cache=%dx%d watermark=%s %s"
        .formatted(scheduler(), stages, replicas, blocks, blockTokens, watermark, workload);
  }
}
