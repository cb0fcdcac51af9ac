package io.plumbline.simulator.kvcache;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.model.WeightGroup;
import java.io.Serializable;

/**
 * How device memory is split between weights and KV cache.
 *
 * @param blocks KV blocks of a replica
 * @param maxWholeRequests requests of the longest context that fit at once on one pipeline slot
 *     (Vidur's max_batch); schedulers that reserve whole contexts use it
 */
public record MemoryPlan(int blocks, int maxWholeRequests) implements Serializable {
  /** Vidur's, whatever the number format. */
  private static final int VIDUR_BYTES_PER_ELEMENT = 2;

  /**
   * Plans a replica's memory.
   *
   * @param maxRequestTokens longest context a request may reach
   * @throws IllegalArgumentException if the weights leave no room for even one request
   */
  public static MemoryPlan of(
      Deployment deployment, KvCacheSpec spec, int maxRequestTokens, Compatibility compatibility) {
    double availableBytes = deployment.device().memoryBytes() * (1 - spec.memoryMarginFraction());
    MemoryPlan plan =
        switch (compatibility) {
          case STANDARD -> standard(deployment, spec, maxRequestTokens, availableBytes);
          case VIDUR -> vidur(deployment, spec, maxRequestTokens, availableBytes);
        };
    return spec.blocks() == null ? plan : new MemoryPlan(spec.blocks(), plan.maxWholeRequests());
  }

  /** Every byte that weights leave free becomes a block; the fullest stage decides. */
  private static MemoryPlan standard(
      Deployment deployment, KvCacheSpec spec, int maxRequestTokens, double availableBytes) {
    double weightBytes = deployment.blockBytesPerDevice() + tableBytes(deployment);
    double freeBytes = availableBytes - weightBytes;
    double tokenBytes = deployment.kvBytesPerElement() * deployment.kvElementsPerToken();
    int blocks = (int) Math.floor(freeBytes / (tokenBytes * spec.blockTokens()));
    int blocksPerRequest = (maxRequestTokens + spec.blockTokens() - 1) / spec.blockTokens();
    if (blocks < blocksPerRequest && spec.blocks() == null) {
      throw tooSmall(deployment, weightBytes, maxRequestTokens);
    }
    return new MemoryPlan(blocks, blocks / blocksPerRequest);
  }

  /**
   * Embedding and LM head. One stage alone holds both; of several, the first and the last hold one,
   * and the larger counts: the embedding, which is never quantised.
   */
  private static double tableBytes(Deployment deployment) {
    long weights = deployment.parametersPerDevice(WeightGroup.LM_HEAD);
    boolean holdsBoth =
        deployment.parallelism().pipeline() == 1 && !deployment.model().tiedEmbeddings();
    return (double) deployment.dtype().bytes() * weights
        + (holdsBoth ? deployment.bytesPerWeight(WeightGroup.LM_HEAD) * weights : 0);
  }

  /**
   * Vidur's planner: no embeddings, KV of all layers on every stage, two bytes an element, and room
   * rounded down to whole requests of the longest context.
   */
  private static MemoryPlan vidur(
      Deployment deployment, KvCacheSpec spec, int maxRequestTokens, double availableBytes) {
    ModelSpec model = deployment.model();
    int pipeline = deployment.parallelism().pipeline();
    long parameters = deployment.blockParametersPerDevice();
    double requestBytes =
        2.0
            * VIDUR_BYTES_PER_ELEMENT
            * model.headDim()
            * deployment.kvHeadsPerDevice()
            * maxRequestTokens
            * model.layers();
    double freeBytes = availableBytes - (double) VIDUR_BYTES_PER_ELEMENT * parameters;
    int maxBatch = (int) Math.floor((freeBytes - freeBytes % requestBytes) / requestBytes);
    if (maxBatch <= 0) {
      throw tooSmall(deployment, (double) VIDUR_BYTES_PER_ELEMENT * parameters, maxRequestTokens);
    }
    return new MemoryPlan(maxRequestTokens / spec.blockTokens() * maxBatch * pipeline, maxBatch);
  }

  private static IllegalArgumentException tooSmall(
      Deployment deployment, double weightBytes, int maxRequestTokens) {
    return new IllegalArgumentException(
        ("%s on %s: %.1f GB of weights per device leave no room for one request of %d tokens."
                + " Maybe raise the tensor or pipeline degree, or lower the memory margin.")
            .formatted(
                deployment.model().name(),
                deployment.device().name(),
                weightBytes / 1e9,
                maxRequestTokens));
  }
}
