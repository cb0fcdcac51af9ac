package io.plumbline.simulator.latency;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.compass.CompassTuning;
import io.plumbline.simulator.compass.KernelBounds;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.trace.model.LatentAttention;

/** Attention of one layer in one kernel, that neither writes nor reads scores. */
final class FlashAttention implements CompassAttention {
  private final KernelBounds bounds;
  private final CompassTuning tuning;
  private final CompassOperators operators;
  private final int queryHeads;
  private final int kvHeads;
  private final int headDim;
  private final LatentAttention latent;

  FlashAttention(
      Deployment deployment,
      KernelBounds bounds,
      CompassTuning tuning,
      CompassOperators operators) {
    this.bounds = bounds;
    this.tuning = tuning;
    this.operators = operators;
    this.queryHeads = deployment.queryHeadsPerDevice();
    this.kvHeads = deployment.kvHeadsPerDevice();
    this.headDim = deployment.model().headDim();
    this.latent = deployment.model().latentAttention();
  }

  /** All prefills are in one kernel, with one launch. */
  @Override
  public double prefills(Batch batch) {
    double compute = 0;
    double memory = 0;
    double expansions = 0;
    for (int i = 0; i < batch.size(); i++) {
      if (batch.isPrefill(i)) {
        long tokens = batch.tokens(i);
        long past = batch.contextTokens(i);
        long keys = past + tokens;
        int key = latent == null ? headDim : latent.queryHeadDim();
        int value = latent == null ? headDim : latent.valueHeadDim();
        int heads = latent == null ? kvHeads : queryHeads;
        compute += bounds.attentionCompute(queryHeads, tokens, past, key + value);
        memory +=
            bounds.memory(
                (double) (key + value) * ((double) heads * keys + (double) queryHeads * tokens));
        if (latent != null) {
          long width = (long) queryHeads * (latent.plainHeadDim() + latent.valueHeadDim());
          // Sizes of products are rounded, so that few are searched.
          expansions += operators.product(CompassAttention.rounded(keys), width, latent.kvRank());
        }
      }
    }
    return expansions + tuning.prefill().seconds(compute, memory);
  }

  /** Compressed keys are read once for all heads, whose queries are brought to them. */
  @Override
  public double decodes(Batch batch) {
    long requests = batch.decodes();
    long contexts = batch.decodeContextTokens();
    // A batch knows the sum of its contexts, and they are taken to be equal.
    double longest = (double) contexts / requests;
    if (latent == null) {
      double elements = 2.0 * headDim;
      return tuning
          .decode()
          .seconds(
              bounds.memory(elements * kvHeads * contexts),
              requests * kvHeads,
              bounds.memoryOfOneCore(elements * longest));
    }
    long cached = latent.cachedElements();
    double computing =
        tuning.prefill().computeFactor()
            * bounds.attentionCompute(queryHeads, 1, contexts, cached + latent.kvRank());
    long rounded = CompassAttention.rounded(requests);
    return operators.batched(queryHeads, rounded, latent.kvRank(), latent.plainHeadDim())
        + Math.max(
            computing,
            tuning
                .decode()
                .seconds(
                    bounds.memory((double) cached * contexts),
                    requests,
                    bounds.memoryOfOneCore(cached * longest)))
        + operators.batched(queryHeads, rounded, latent.valueHeadDim(), latent.kvRank());
  }
}
