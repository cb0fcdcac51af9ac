package io.plumbline.simulator.latency;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.trace.model.LatentAttention;
import java.util.HashMap;
import java.util.Map;

/**
 * Attention of one layer by LLMCompass's operators: scores, softmax, weighted sum, one kernel each,
 * for each prefill by itself and for all decodes together, whose contexts are taken to be equal.
 *
 * <p>Tokens of a prefill, contexts and numbers of decodes are rounded to sixteen steps an octave,
 * at most three percent away, so that a whole simulation asks for some hundred sizes of each kind.
 */
final class UnfusedAttention implements CompassAttention {
  private final CompassOperators operators;
  private final int queryHeads;
  private final int kvHeads;
  private final int headDim;
  private final LatentAttention latent;
  private final Map<Long, Double> prefills = new HashMap<>();
  private final Map<Long, Double> decodes = new HashMap<>();

  UnfusedAttention(Deployment deployment, CompassOperators operators) {
    this.operators = operators;
    this.queryHeads = deployment.queryHeadsPerDevice();
    this.kvHeads = deployment.kvHeadsPerDevice();
    this.headDim = deployment.model().headDim();
    this.latent = deployment.model().latentAttention();
  }

  @Override
  public double prefills(Batch batch) {
    double seconds = 0;
    for (int i = 0; i < batch.size(); i++) {
      if (batch.isPrefill(i)) {
        long tokens = CompassAttention.rounded(batch.tokens(i));
        long keys =
            Math.max(tokens, CompassAttention.rounded(batch.contextTokens(i) + batch.tokens(i)));
        seconds += prefills.computeIfAbsent(tokens << 32 | keys, key -> prefill(tokens, keys));
      }
    }
    return seconds;
  }

  @Override
  public double decodes(Batch batch) {
    long requests = CompassAttention.rounded(batch.decodes());
    long mean = Math.max(1, batch.decodeContextTokens() / Math.max(1, batch.decodes()));
    long keys = CompassAttention.rounded(mean);
    return decodes.computeIfAbsent(requests << 32 | keys, key -> decode(requests, keys));
  }

  /** Heads that share keys are rows of one product. */
  private double prefill(long tokens, long keys) {
    if (latent != null) {
      long width = (long) queryHeads * (latent.plainHeadDim() + latent.valueHeadDim());
      return operators.product(keys, width, latent.kvRank())
          + attention(queryHeads, tokens, keys, latent.queryHeadDim(), latent.valueHeadDim());
    }
    return attention(kvHeads, tokens * (queryHeads / kvHeads), keys, headDim, headDim);
  }

  /**
   * Compressed keys are read as they are by the queries of all heads, which are brought to them.
   */
  private double decode(long requests, long keys) {
    if (latent != null) {
      return operators.batched(queryHeads, requests, latent.kvRank(), latent.plainHeadDim())
          + attention(requests, queryHeads, keys, latent.cachedElements(), latent.kvRank())
          + operators.batched(queryHeads, requests, latent.valueHeadDim(), latent.kvRank());
    }
    return attention(requests * kvHeads, queryHeads / kvHeads, keys, headDim, headDim);
  }

  private double attention(long batch, long rows, long keys, long keyWidth, long valueWidth) {
    return operators.batched(batch, rows, keys, keyWidth)
        + operators.softmax(batch * rows, keys)
        + operators.batched(batch, rows, valueWidth, keys);
  }
}
