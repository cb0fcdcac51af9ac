package io.plumbline.simulator.batching;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.kvcache.KvCacheSize;
import java.util.ArrayList;
import java.util.List;

/**
 * Options of the scheduler of vLLM v1, under vLLM's names; docs/vllm-v1.md has the source of each
 * default. What vLLM calls {@code block_size}, {@code num_gpu_blocks} and {@code watermark} are
 * options of the KV cache.
 *
 * @param maxNumSeqs most running requests
 * @param maxNumBatchedTokens most tokens per step
 * @param longPrefillTokenThreshold most tokens of one request per step; 0 for no limit
 * @param enableChunkedPrefill whether a prompt may start with less than all of its tokens
 * @param policy who goes first, and who has to go
 * @param schedulerReserveFullIsl whether a request starts only if all that is known of it fits into
 *     free blocks, and not just its first chunk
 * @param enablePrefixCaching whether computed blocks are found again
 * @param asyncScheduling whether the next step is scheduled while one runs; null as vLLM decides:
 *     without pipeline stages
 * @param maxModelLen longest context in tokens; null for the model's. A request that wants more is
 *     rejected, as by vLLM's server
 * @param cudagraphMode which batches run as CUDA graphs
 * @param cudagraphCaptureSizes sizes in tokens, rising, that were captured; null for vLLM's series
 * @param replicasInStep whether all replicas are ranks of one engine, each of whose steps waits for
 *     the slowest rank's; false where each replica is an engine of its own
 */
public record VllmV1Spec(
    int maxNumSeqs,
    int maxNumBatchedTokens,
    int longPrefillTokenThreshold,
    boolean enableChunkedPrefill,
    VllmV1Policy policy,
    boolean schedulerReserveFullIsl,
    boolean enablePrefixCaching,
    Boolean asyncScheduling,
    Integer maxModelLen,
    CudagraphMode cudagraphMode,
    List<Integer> cudagraphCaptureSizes,
    boolean replicasInStep)
    implements SchedulerSpec {

  /** Beyond this vLLM captures no graphs unless it is told to. */
  private static final int MAX_USUAL_CAPTURE_SIZE = 512;

  public VllmV1Spec {
    PagedScheduler.requirePositive("maxNumSeqs", maxNumSeqs);
    PagedScheduler.requirePositive("maxNumBatchedTokens", maxNumBatchedTokens);
    if (maxNumBatchedTokens < maxNumSeqs) {
      throw new IllegalArgumentException(
          "maxNumBatchedTokens (%d) must be at least maxNumSeqs (%d)"
              .formatted(maxNumBatchedTokens, maxNumSeqs));
    }
    if (longPrefillTokenThreshold < 0) {
      throw new IllegalArgumentException(
          "longPrefillTokenThreshold (%d) must not be negative. Maybe 0, for no limit."
              .formatted(longPrefillTokenThreshold));
    }
    if (maxModelLen != null) {
      PagedScheduler.requirePositive("maxModelLen", maxModelLen);
    }
    if (cudagraphCaptureSizes != null) {
      cudagraphCaptureSizes = List.copyOf(cudagraphCaptureSizes);
      int previous = 0;
      for (int size : cudagraphCaptureSizes) {
        if (size <= previous) {
          throw new IllegalArgumentException(
              "cudagraphCaptureSizes (%s) must be positive and rise"
                  .formatted(cudagraphCaptureSizes));
        }
        previous = size;
      }
    }
  }

  /** vLLM 0.19's: 128 requests, 2048 tokens, chunks, prefix caching, full and piecewise graphs. */
  public static VllmV1Spec defaults() {
    return new VllmV1Spec(
        128,
        2048,
        0,
        true,
        VllmV1Policy.FCFS,
        true,
        true,
        null,
        null,
        CudagraphMode.FULL_AND_PIECEWISE,
        null,
        false);
  }

  @Override
  public ReplicaScheduler create(
      KvCacheSize cache, ReplicaLimits limits, Compatibility compatibility) {
    return new VllmV1Scheduler(this, cache, limits);
  }

  @Override
  public void launch(Batch batch) {
    new CapturedGraphs(cudagraphMode, captureSizes(), maxNumSeqs).launch(batch);
  }

  @Override
  public int maxBatchTokens() {
    return maxNumBatchedTokens;
  }

  @Override
  public int maxBatchSize() {
    return maxNumSeqs;
  }

  @Override
  public double usualWatermarkFraction() {
    return 0;
  }

  @Override
  public boolean overlapsHost(int pipelineStages) {
    return asyncScheduling == null ? pipelineStages == 1 : asyncScheduling;
  }

  @Override
  public void requireCanRun(int pipelineStages, int blockTokens) {
    if (overlapsHost(pipelineStages) && pipelineStages > 1) {
      throw new IllegalArgumentException(
          "asyncScheduling needs one pipeline stage, not %d. Maybe leave it out."
              .formatted(pipelineStages));
    }
    if (replicasInStep && pipelineStages > 1) {
      throw new IllegalArgumentException(
          "replicasInStep needs one pipeline stage, not %d. Maybe leave it out."
              .formatted(pipelineStages));
    }
  }

  /**
   * The sizes of graphs: those stated, or vLLM's series 1, 2, 4, by eights to 256, by sixteens from
   * there to twice the most requests, at most 512 and never above the most tokens.
   */
  List<Integer> captureSizes() {
    if (cudagraphCaptureSizes != null) {
      return cudagraphCaptureSizes;
    }
    long largest = Math.min(Math.min(2L * maxNumSeqs, MAX_USUAL_CAPTURE_SIZE), maxNumBatchedTokens);
    List<Integer> sizes = new ArrayList<>();
    for (int size = 1; size <= largest; size += step(size)) {
      sizes.add(size);
    }
    return sizes;
  }

  private static int step(int size) {
    if (size < 4) {
      return size;
    }
    return size == 4 ? 4 : size < 256 ? 8 : 16;
  }
}
