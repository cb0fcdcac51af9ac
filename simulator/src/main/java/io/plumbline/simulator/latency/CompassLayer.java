package io.plumbline.simulator.latency;

import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.trace.model.ExpertLayers;
import io.plumbline.trace.model.LatentAttention;
import io.plumbline.trace.model.ModelSpec;
import java.util.HashMap;
import java.util.Map;

/** What LLMCompass's operators make of a layer but its attention, by the number of tokens. */
final class CompassLayer {
  private final ModelSpec model;
  private final CompassOperators operators;
  private final int tensor;
  private final int queryHeads;
  private final int kvHeads;
  private final double expertsHere;
  private final long expertWidth;
  private final Map<Integer, Times> known = new HashMap<>();

  CompassLayer(Deployment deployment, CompassOperators operators) {
    this.model = deployment.model();
    this.operators = operators;
    this.tensor = deployment.parallelism().tensor();
    this.queryHeads = deployment.queryHeadsPerDevice();
    this.kvHeads = deployment.kvHeadsPerDevice();
    ExpertLayers experts = model.expertLayers();
    int expert = deployment.parallelism().expert();
    this.expertsHere = experts == null ? 0 : (double) experts.experts() / expert;
    this.expertWidth =
        experts == null ? 0 : share(experts.expertHiddenSize(), expert > 1 ? 1 : tensor);
  }

  /** Seconds of one layer; experts are 0 for a model without. */
  record Times(
      double beforeAttention, double afterAttention, double norms, double mlp, double experts) {}

  Times times(int tokens) {
    return known.computeIfAbsent(tokens, this::computed);
  }

  private Times computed(int tokens) {
    boolean sparse = model.mixtureOfExperts();
    boolean dense = !sparse || model.expertLayers().firstDenseLayers() > 0;
    return new Times(
        beforeAttention(tokens),
        operators.product(tokens, model.hiddenSize(), attentionWidth()),
        norms(tokens),
        dense ? mlp(tokens, share(model.mlpHiddenSize(), tensor)) : 0,
        sparse ? experts(tokens) : 0);
  }

  /** Queries, keys and values in one product, as engines fuse them. */
  private double beforeAttention(int tokens) {
    LatentAttention latent = model.latentAttention();
    int hidden = model.hiddenSize();
    if (latent == null) {
      long width = (long) (queryHeads + 2 * kvHeads) * model.headDim();
      return operators.product(tokens, width, hidden);
    }
    long queryWidth = (long) queryHeads * latent.queryHeadDim();
    return latent.queryRank() == null
        ? operators.product(tokens, queryWidth + latent.cachedElements(), hidden)
        : operators.product(tokens, latent.queryRank() + latent.cachedElements(), hidden)
            + operators.product(tokens, queryWidth, latent.queryRank());
  }

  private long attentionWidth() {
    LatentAttention latent = model.latentAttention();
    return (long) queryHeads * (latent == null ? model.headDim() : latent.valueHeadDim());
  }

  private double norms(int tokens) {
    int whole = model.postAttentionNorm() ? 2 : 1;
    double rows = whole * operators.norm(tokens, model.hiddenSize());
    LatentAttention latent = model.latentAttention();
    if (latent != null) {
      rows += operators.norm(tokens, latent.kvRank());
      return latent.queryRank() == null ? rows : rows + operators.norm(tokens, latent.queryRank());
    }
    return model.queryKeyNorm()
        ? rows
            + operators.norm((long) tokens * queryHeads, model.headDim())
            + operators.norm((long) tokens * kvHeads, model.headDim())
        : rows;
  }

  private double mlp(long rows, long width) {
    if (!model.gatedMlp()) {
      return operators.product(rows, width, model.hiddenSize())
          + operators.gelu(rows * width)
          + operators.product(rows, model.hiddenSize(), width);
    }
    return operators.product(rows, 2 * width, model.hiddenSize())
        + operators.gatedSilu(rows * width)
        + operators.product(rows, model.hiddenSize(), width);
  }

  /**
   * Router, shared and routed experts. Tokens are spread evenly, so of E experts, T tokens with k
   * each are expected to use E (1 - (1 - k / E)^T); those of this device are equal products of
   * different matrices.
   */
  private double experts(int tokens) {
    ExpertLayers layers = model.expertLayers();
    double missed = 1 - (double) layers.expertsPerToken() / layers.experts();
    long used = Math.max(1, Math.round(expertsHere * (1 - Math.pow(missed, tokens))));
    double here = (double) tokens * layers.expertsPerToken() * expertsHere / layers.experts();
    long rows = Math.max(1, Math.round(here / used));
    double routed =
        operators.batched(used, rows, 2 * expertWidth, model.hiddenSize())
            + operators.gatedSilu(used * rows * expertWidth)
            + operators.batched(used, rows, model.hiddenSize(), expertWidth);
    double router =
        operators.product(tokens, layers.experts(), model.hiddenSize())
            + operators.softmax(tokens, layers.experts());
    long shared = (long) layers.sharedExperts() * layers.expertHiddenSize();
    return router + routed + (shared > 0 ? mlp(tokens, share(shared, tensor)) : 0);
  }

  private static long share(long width, int devices) {
    return Math.max(1, width / devices);
  }
}
