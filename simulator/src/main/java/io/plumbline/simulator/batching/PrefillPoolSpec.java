package io.plumbline.simulator.batching;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.kvcache.KvCacheSize;

/**
 * Options of ReaLLM's schedulers: prompts gather in a pool, which nobody joins until all of it is
 * prefilled.
 *
 * @param mode what runs beside the pool
 * @param chunkTokens most prompt tokens per iteration; null for the whole pool at once
 * @param maxBatchSize most requests in flight; ReaLLM itself has no limit
 * @see <a href="https://github.com/bespoke-silicon-group/reallm">ReaLLM, commit 4c550c3</a>
 */
public record PrefillPoolSpec(Mode mode, Integer chunkTokens, int maxBatchSize)
    implements SchedulerSpec {
  private static final int USUAL_BATCH_TOKENS = 4096;

  /** What ReaLLM calls a batching algorithm. */
  public enum Mode {
    /** Prompts that arrived run alone and whole, decodes otherwise: {@code continuous}. */
    CONTINUOUS,
    /** The pool runs whole beside all decodes. */
    MIXED,
    /** The pool runs in chunks beside all decodes: {@code mixed-sarathi}. */
    CHUNKED_MIXED,
    /** Requests are batched once, until the last of them is done: {@code baseline}. */
    NONE
  }

  public PrefillPoolSpec {
    PagedScheduler.requirePositive("maxBatchSize", maxBatchSize);
    if (chunkTokens != null) {
      PagedScheduler.requirePositive("chunkTokens", chunkTokens);
    }
    if ((mode == Mode.CHUNKED_MIXED) != (chunkTokens != null)) {
      throw new IllegalArgumentException(
          "chunkTokens (%s) belongs to mode: chunked_mixed and to no other. Maybe mode: chunked_mixed, chunk_tokens: 2048"
              .formatted(chunkTokens));
    }
  }

  /** Whole prompts first, as many requests as the cache holds up to 1024. */
  public static PrefillPoolSpec defaults() {
    return new PrefillPoolSpec(Mode.CONTINUOUS, null, 1024);
  }

  @Override
  public ReplicaScheduler create(
      KvCacheSize cache, ReplicaLimits limits, Compatibility compatibility) {
    return new PrefillPoolScheduler(this, cache, limits, compatibility);
  }

  @Override
  public int maxBatchTokens() {
    return chunkTokens == null
        ? Math.max(USUAL_BATCH_TOKENS, maxBatchSize)
        : chunkTokens + maxBatchSize;
  }
}
