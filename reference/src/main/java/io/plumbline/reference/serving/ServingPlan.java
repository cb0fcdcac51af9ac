package io.plumbline.reference.serving;

import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;

/**
 * What follows from model, workload and options before anything runs: the size of the KV cache and
 * which requests fit.
 *
 * @param blocks KV blocks in all
 * @param blockTokens tokens per block
 * @param watermark blocks that a new request must leave free
 */
public record ServingPlan(
    ModelSpec model,
    Workload workload,
    SchedulerSpec scheduler,
    int blocks,
    int blockTokens,
    int watermark) {

  /**
   * Plans a run.
   *
   * @throws IllegalArgumentException if no request fits
   */
  public static ServingPlan of(
      ModelSpec model, Workload workload, SchedulerSpec scheduler, KvCacheSpec cache) {
    int blocks =
        cache.blocks() != null
            ? cache.blocks()
            : blocksWithoutPreemption(model, workload, scheduler, cache);
    int watermark = (int) (cache.watermarkFraction() * blocks);
    ServingPlan plan =
        new ServingPlan(model, workload, scheduler, blocks, cache.blockTokens(), watermark);
    if (workload.requests().stream().noneMatch(plan::fits)) {
      throw new IllegalArgumentException(
          "no request of %s fits into the %d positions of model %s and into %d KV blocks of %d tokens. Maybe use shorter requests, another model or a larger kv_cache."
              .formatted(
                  workload, model.maxPositions(), model.name(), blocks, cache.blockTokens()));
    }
    return plan;
  }

  /** Enough for the largest requests that may run at once, and for the watermark besides. */
  private static int blocksWithoutPreemption(
      ModelSpec model, Workload workload, SchedulerSpec scheduler, KvCacheSpec cache) {
    long[] perRequest =
        workload.requests().stream()
            .filter(request -> request.totalTokens() <= model.maxPositions())
            .mapToLong(request -> blocksFor(request.totalTokens(), cache.blockTokens()))
            .sorted()
            .toArray();
    // One more than they need, as the division below is rounded down.
    long atOnce = 1;
    for (int i = Math.max(0, perRequest.length - scheduler.maxBatchSize());
        i < perRequest.length;
        i++) {
      atOnce += perRequest[i];
    }
    return (int) Math.min(Integer.MAX_VALUE, atOnce / (1 - cache.watermarkFraction()));
  }

  /** Whether the engine can serve a request to its end. */
  boolean fits(Request request) {
    return request.totalTokens() <= model.maxPositions()
        && blocksFor(request.totalTokens(), blockTokens) <= blocks - watermark;
  }

  private static long blocksFor(long tokens, int blockTokens) {
    return (tokens + blockTokens - 1) / blockTokens;
  }

  /** A cache in which nobody holds anything. */
  KvBlocks newBlocks() {
    return new KvBlocks(blocks, blockTokens, watermark);
  }

  /** Longest context that a request of the run reaches, in tokens. */
  public int maxContextTokens() {
    return workload.requests().stream()
        .filter(this::fits)
        .mapToInt(request -> Math.toIntExact(request.totalTokens()))
        .max()
        .orElseThrow();
  }

  /** Rows of the cache: one per token that fits. */
  public long slots() {
    return (long) blocks * blockTokens;
  }
}
