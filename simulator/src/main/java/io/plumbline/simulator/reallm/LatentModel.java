package io.plumbline.simulator.reallm;

import static io.plumbline.simulator.reallm.ReallmModel.share;

/**
 * A DeepSeek: compressed keys and values, absorbed into the projections, and experts after some
 * dense layers.
 *
 * @param nopeDim width of a head without positions
 * @param ropeDim width of a head with positions
 */
public record LatentModel(
    int layers,
    int hiddenSize,
    int denseHiddenSize,
    int expertHiddenSize,
    int denseLayers,
    int queryHeads,
    int sharedExperts,
    int routedExperts,
    int activatedExperts,
    int kvRank,
    int queryRank,
    int nopeDim,
    int ropeDim,
    int valueDim)
    implements ReallmModel {

  @Override
  public double tokensSeconds(KernelTimes times, Degrees degrees, int tokens, int decodes) {
    int rows = share(tokens, degrees.context());
    int heads = share(queryHeads, degrees.tensor());
    int width = share(hiddenSize, degrees.tensor());
    double attention =
        times.matmul(1, rows, width, queryRank)
            + times.matmul(1, rows, queryRank, (long) heads * (nopeDim + ropeDim))
            + times.matmul(1, rows, width, kvRank + ropeDim)
            + times.matmul(1, tokens, (long) heads * valueDim, hiddenSize)
            + times.layerNorm(tokens, hiddenSize);
    if (decodes > 0) {
      attention += times.matmul(heads, 1, nopeDim, kvRank);
    }
    int dense = share(denseHiddenSize, degrees.tensor());
    int shared = share(expertHiddenSize * sharedExperts, degrees.tensor());
    return attention * share(layers, degrees.pipeline())
        + (mlp(times, tokens, dense) + times.layerNorm(tokens, hiddenSize)) * denseLayers
        + (mlp(times, tokens, shared) + times.layerNorm(tokens, hiddenSize))
            * sparseLayers(degrees);
  }

  private int sparseLayers(Degrees degrees) {
    return share(layers - denseLayers, degrees.pipeline());
  }

  private double mlp(KernelTimes times, int tokens, int width) {
    return 2 * times.matmul(1, tokens, hiddenSize, width)
        + times.mul(tokens, width)
        + times.silu(tokens, width)
        + times.matmul(1, tokens, width, hiddenSize);
  }

  @Override
  public double prefillSeconds(KernelTimes times, Degrees degrees, int tokens) {
    int heads = share(queryHeads, degrees.tensor());
    int rows = share(tokens, degrees.context());
    long all = (long) heads * rows;
    double seconds =
        times.matmul(heads, rows, nopeDim, kvRank)
            + times.matmul(1, all, kvRank, tokens)
            + times.matmul(1, all, ropeDim, tokens)
            + times.matmul(1, all, tokens, kvRank)
            + times.matmul(heads, rows, kvRank, valueDim);
    return seconds * share(layers, degrees.pipeline());
  }

  @Override
  public double decodeSeconds(KernelTimes times, Degrees degrees, int contextTokens) {
    int heads = share(queryHeads, degrees.tensor());
    double seconds =
        times.matmul(1, heads, kvRank, contextTokens)
            + times.matmul(1, heads, ropeDim, contextTokens)
            + times.matmul(1, heads, contextTokens, kvRank)
            + times.matmul(heads, 1, kvRank, valueDim);
    return seconds * share(layers, degrees.pipeline());
  }

  @Override
  public double expertsSeconds(
      KernelTimes times, Degrees degrees, int prefillTokens, int decodes, ExpertDraws draws) {
    double seconds = 0;
    for (int layer = sparseLayers(degrees); layer > 0; layer--) {
      seconds +=
          prefillTokens > 0
              ? prefillExperts(times, degrees, prefillTokens, draws)
              : decodeExperts(times, degrees, decodes, draws);
    }
    return seconds;
  }

  /** One token stands for the whole prefill; decodes beside it do not count. */
  private double prefillExperts(KernelTimes times, Degrees degrees, int tokens, ExpertDraws draws) {
    int[] hits = hits(1, draws);
    int width =
        share(
            expertHiddenSize * hitsOf(busiestNode(hits, degrees), hits, degrees), degrees.tensor());
    return mlp(times, tokens, width) + times.layerNorm(tokens, hiddenSize);
  }

  private double decodeExperts(KernelTimes times, Degrees degrees, int decodes, ExpertDraws draws) {
    int[] hits = hits(decodes, draws);
    int perNode = routedExperts / degrees.expert();
    int first = busiestNode(hits, degrees) * perNode;
    int width = share(expertHiddenSize, degrees.tensor());
    double seconds = 0;
    for (int expert = first; expert < first + perNode; expert++) {
      if (hits[expert] > 0) {
        seconds += mlp(times, hits[expert], width) + times.layerNorm(hits[expert], hiddenSize);
      }
    }
    return seconds;
  }

  private int[] hits(int tokens, ExpertDraws draws) {
    int[] hits = new int[routedExperts];
    int[] drawn = new int[activatedExperts];
    for (int token = 0; token < tokens; token++) {
      draws.draw(routedExperts, drawn);
      for (int expert : drawn) {
        hits[expert]++;
      }
    }
    return hits;
  }

  /** The first node with the most activations. */
  private int busiestNode(int[] hits, Degrees degrees) {
    int busiest = 0;
    for (int node = 1; node < degrees.expert(); node++) {
      if (hitsOf(node, hits, degrees) > hitsOf(busiest, hits, degrees)) {
        busiest = node;
      }
    }
    return busiest;
  }

  private int hitsOf(int node, int[] hits, Degrees degrees) {
    int perNode = routedExperts / degrees.expert();
    int sum = 0;
    for (int expert = node * perNode; expert < (node + 1) * perNode; expert++) {
      sum += hits[expert];
    }
    return sum;
  }

  @Override
  public void requireFits(Degrees degrees) {
    if (degrees.tensor() > 1 || degrees.context() > 1) {
      throw new IllegalArgumentException(
          "ReaLLM has no all-reduce for a model with latent attention, but the degrees are tp%d_cp%d. Maybe ep%d"
              .formatted(degrees.tensor(), degrees.context(), degrees.devices()));
    }
    if (routedExperts % degrees.expert() != 0) {
      throw new IllegalArgumentException(
          "the experts (%d) must be a multiple of the devices that share them (ep%d)"
              .formatted(routedExperts, degrees.expert()));
    }
  }

  @Override
  public boolean reducesOverDevices() {
    return false;
  }
}
