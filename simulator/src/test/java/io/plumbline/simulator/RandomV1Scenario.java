package io.plumbline.simulator;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.batching.CudagraphMode;
import io.plumbline.simulator.batching.VllmV1Policy;
import io.plumbline.simulator.batching.VllmV1Spec;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.trace.workload.PromptBlocks;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One replica of vLLM v1 and a workload drawn from a seed: every option varies, blocks are short,
 * and prompts come from three families that share their beginnings.
 */
final class RandomV1Scenario {
  final VllmV1Spec spec;
  final int stages;
  final int blocks;
  final int blockTokens;
  final Workload workload;
  final Scenario scenario;

  RandomV1Scenario(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    stages = 1 + random.nextInt(3);
    blockTokens = 1 << random.nextInt(4);
    blocks = 2 + (15 + random.nextInt(120)) / blockTokens;
    int seqs = 1 + random.nextInt(8);
    int budget = seqs + random.nextInt(50);
    Boolean async = (random.nextBoolean() && stages == 1) ? null : (Boolean) false;
    spec =
        new VllmV1Spec(
            seqs,
            budget,
            random.nextInt(3) == 0 ? 1 + random.nextInt(budget) : 0,
            random.nextInt(4) > 0,
            random.nextBoolean() ? VllmV1Policy.FCFS : VllmV1Policy.PRIORITY,
            random.nextBoolean(),
            random.nextBoolean(),
            async,
            null,
            CudagraphMode.values()[random.nextInt(CudagraphMode.values().length)],
            null,
            false);
    workload = workload(random);
    double hostSeconds = random.nextInt(3) * 0.007;
    scenario =
        Scenario.with(spec)
            .stages(stages)
            .cache(blocks, blockTokens)
            .watermark(random.nextInt(3) * 0.1)
            .timedBy(new LinearTimes(hostSeconds));
  }

  /** A stage takes 10 ms and 1 ms per token; the host the same for every step. */
  record LinearTimes(double secondsOfHost) implements ExecutionTimePredictor {
    @Override
    public double modelSeconds(Batch batch, int stage) {
      return 0.01 + 0.001 * batch.totalTokens();
    }

    @Override
    public double hostSeconds(Batch batch, int stage) {
      return stage == 0 ? secondsOfHost : 0;
    }
  }

  boolean overlaps() {
    return spec.overlapsHost(stages);
  }

  private Workload workload(SplittableRandom random) {
    List<Request> requests = new ArrayList<>();
    int count = 3 + random.nextInt(20);
    long meanGapNanos = random.nextInt(3) * 20_000_000L;
    long arrivalNanos = 0;
    for (int id = 0; id < count; id++) {
      int prompt = 1 + random.nextInt(40);
      int family = random.nextInt(3);
      requests.add(
          new Request(
              id,
              arrivalNanos,
              prompt,
              1 + random.nextInt(25),
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

  /** Whether a request can run at all: without the last token, which is never computed. */
  boolean fits(Request request) {
    int computed = (int) request.totalTokens() - 1;
    int threshold = spec.longPrefillTokenThreshold();
    int chunk = threshold > 0 ? Math.min(threshold, computed) : computed;
    return (computed + blockTokens - 1) / blockTokens <= blocks - 1
        && (spec.enableChunkedPrefill() || chunk <= spec.maxNumBatchedTokens());
  }

  @Override
  public String toString() {
    return "%s stages=%d cache=%dx%d".formatted(spec, stages, blocks, blockTokens);
  }
}
