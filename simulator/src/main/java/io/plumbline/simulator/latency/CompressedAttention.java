package io.plumbline.simulator.latency;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.trace.model.LatentAttention;
import io.plumbline.trace.model.WeightGroup;

/**
 * Multi-head latent attention as vLLM runs it. The compressed vectors are made, cached and read by
 * every device, as they have no heads to share. Prefills make keys and values of all heads from
 * them, for the context before the chunk as well. Decodes do not: their queries are brought to the
 * compressed vectors instead, so that all heads read the same few bytes but multiply more.
 *
 * @see <a href="https://arxiv.org/abs/2405.04434">DeepSeek-V2, section 2.1</a>
 * @see <a
 *     href="https://docs.vllm.ai/en/stable/api/vllm/model_executor/layers/attention/mla_attention/">
 *     vLLM, data-movement friendly and compute friendly approach</a>
 */
final class CompressedAttention extends RooflineAttention {
  /**
   * Two norms of the layer, one or two of compressed vectors, compression, queries, rope, KV write,
   * attention, output.
   */
  private static final int KERNELS = 10;

  private final int hidden;
  private final int heads;
  private final LatentAttention latent;

  CompressedAttention(Deployment deployment, RooflineSpec spec, RooflineRates rates) {
    super(deployment, spec, rates);
    this.hidden = deployment.model().hiddenSize();
    this.heads = deployment.queryHeadsPerDevice();
    this.latent = deployment.model().latentAttention();
  }

  @Override
  double before(int tokens) {
    double queryWidth = (double) heads * latent.queryHeadDim();
    int cached = latent.cachedElements();
    return latent.queryRank() == null
        ? project(tokens, hidden, queryWidth + cached)
        : project(tokens, hidden, latent.queryRank() + cached)
            + project(tokens, latent.queryRank(), queryWidth);
  }

  @Override
  double after(int tokens) {
    return project(tokens, (double) heads * latent.valueHeadDim(), hidden);
  }

  private double project(double rows, double widthIn, double widthOut) {
    return rates.product(rows, widthIn, widthOut, WeightGroup.ATTENTION);
  }

  /** Into the compressed space and out of it, with matrices that vLLM keeps in 16 bits for it. */
  @Override
  double decodes(Batch batch) {
    int decodes = batch.decodeTokens();
    if (decodes == 0) {
      return 0;
    }
    double width = heads * (latent.plainHeadDim() + latent.valueHeadDim());
    double context = batch.decodeContextTokens();
    double multiplications =
        decodePairs(batch) * heads * (latent.cachedElements() + latent.kvRank());
    return rates.plainProduct(decodes, latent.kvRank(), width)
        + Math.max(
            arithmetic(multiplications), rates.cacheTraffic(context * latent.cachedElements()));
  }

  @Override
  double prefills(Batch batch) {
    if (batch.prefillTokens() == 0) {
      return 0;
    }
    double context = batch.prefillContextTokens() + batch.prefillTokens();
    double madeWidth = heads * (latent.plainHeadDim() + latent.valueHeadDim());
    double readWidth = heads * (latent.queryHeadDim() + latent.valueHeadDim());
    return project(context, latent.kvRank(), madeWidth)
        + Math.max(arithmetic(chargedPairs(batch) * readWidth), rates.traffic(context * readWidth));
  }

  @Override
  double elementsPerToken() {
    return 2 * ((double) heads * latent.ropeHeadDim() + 2 * latent.cachedElements());
  }

  /** Decodes have two products more, prefills one. */
  @Override
  int kernels(Batch batch) {
    int decodes = batch.decodeTokens() > 0 ? 2 : 0;
    int prefills = batch.prefillTokens() > 0 ? 1 : 0;
    return KERNELS + decodes + prefills + (mixed(batch) ? 1 : 0);
  }
}
