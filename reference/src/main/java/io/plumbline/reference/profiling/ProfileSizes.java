package io.plumbline.reference.profiling;

import io.plumbline.reference.serving.KvCacheSpec;
import io.plumbline.reference.serving.SchedulerSpec;
import io.plumbline.reference.serving.ServingPlan;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.List;

/**
 * Largest batches of a profile.
 *
 * @param maxRequestTokens longest context
 * @param maxBatchTokens most tokens of a prefill
 * @param maxBatchSize most requests in decode
 */
public record ProfileSizes(int maxRequestTokens, int maxBatchTokens, int maxBatchSize) {
  /** Shortest context and chunk that are worth a point of their own. */
  static final int SHORTEST_TOKENS = 8;

  /** A cache for the largest batch of a model. */
  public ServingPlan plan(ModelSpec model, SchedulerSpec scheduler, KvCacheSpec cache) {
    if (maxRequestTokens > model.maxPositions()) {
      throw new IllegalArgumentException(
          "maxRequestTokens (%d) must be at most the %d positions of model %s"
              .formatted(maxRequestTokens, model.maxPositions(), model.name()));
    }
    int blocksPerRequest = (maxRequestTokens + cache.blockTokens() - 1) / cache.blockTokens();
    long blocks = (long) maxBatchSize * blocksPerRequest;
    if (blocks > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "maxBatchSize (%d) requests of %d tokens need too many KV blocks: %d"
              .formatted(maxBatchSize, maxRequestTokens, blocks));
    }
    Workload longest = new Workload(List.of(new Request(0, 0, maxRequestTokens - 1, 1)));
    return new ServingPlan(model, longest, scheduler, (int) blocks, cache.blockTokens(), 0);
  }

  public ProfileSizes {
    if (maxRequestTokens <= PointSampler.HOST_OUTPUT_TOKENS + 1) {
      throw new IllegalArgumentException(
          "maxRequestTokens (%d) must be above %d"
              .formatted(maxRequestTokens, PointSampler.HOST_OUTPUT_TOKENS + 1));
    }
    if (maxBatchTokens < SHORTEST_TOKENS) {
      throw new IllegalArgumentException(
          "maxBatchTokens (%d) must be at least %d".formatted(maxBatchTokens, SHORTEST_TOKENS));
    }
    if (maxBatchSize <= 0) {
      throw new IllegalArgumentException(
          "maxBatchSize (%d) must be positive".formatted(maxBatchSize));
    }
  }
}
