package io.plumbline.simulator.reallm;

import static io.plumbline.simulator.reallm.ReallmModel.share;

/** A Llama: grouped heads and a gated MLP. Every decode's attention is kernels of its own. */
public record DenseModel(
    int layers, int hiddenSize, int mlpHiddenSize, int headDim, int queryHeads, int kvHeads)
    implements ReallmModel {

  @Override
  public double tokensSeconds(KernelTimes times, Degrees degrees, int tokens, int decodes) {
    int rows = share(tokens, degrees.context());
    int heads = share(queryHeads, degrees.tensor());
    int mlp = share(mlpHiddenSize, degrees.tensor());
    double seconds =
        times.matmul(1, rows, hiddenSize, (long) headDim * heads)
            + times.matmul(1, rows, hiddenSize, 2L * headDim * share(kvHeads, degrees.tensor()))
            + times.matmul(1, rows, (long) headDim * heads, hiddenSize)
            + 2 * times.matmul(1, rows, hiddenSize, mlp)
            + times.matmul(1, rows, mlp, hiddenSize)
            + times.mul(rows, mlp)
            + times.silu(rows, mlp)
            + 2 * times.layerNorm(rows, hiddenSize);
    return seconds * share(layers, degrees.pipeline());
  }

  @Override
  public double prefillSeconds(KernelTimes times, Degrees degrees, int tokens) {
    int kv = share(kvHeads, degrees.tensor());
    int rows = share(tokens, degrees.context());
    long grouped = (long) (queryHeads / kvHeads) * rows;
    double seconds =
        times.matmul(kv, grouped, headDim, tokens)
            + times.softmax((long) share(queryHeads, degrees.tensor()) * rows, tokens)
            + times.matmul(kv, grouped, tokens, headDim);
    return seconds * share(layers, degrees.pipeline());
  }

  @Override
  public double decodeSeconds(KernelTimes times, Degrees degrees, int contextTokens) {
    int kv = share(kvHeads, degrees.tensor());
    int grouped = queryHeads / kvHeads;
    // The softmax is not shared among devices.
    double seconds =
        times.matmul(kv, grouped, headDim, contextTokens)
            + times.softmax(queryHeads, contextTokens)
            + times.matmul(kv, grouped, contextTokens, headDim);
    return seconds * share(layers, degrees.pipeline());
  }

  @Override
  public void requireFits(Degrees degrees) {
    if (degrees.expert() > 1) {
      throw new IllegalArgumentException(
          "a model without experts cannot have ep%d. Maybe tp%d"
              .formatted(degrees.expert(), degrees.devices()));
    }
  }

  @Override
  public boolean reducesOverDevices() {
    return true;
  }
}
