package io.plumbline.simulator.latency;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.trace.model.LatentAttention;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.model.WeightGroup;

/**
 * Arithmetic of a model in one batch, and its share of the devices' peak: the model FLOPs
 * utilization, MFU. Counted is what the matrix products of the model need for the tokens that are
 * run, two operations per multiplication and addition: the blocks, attention over the tokens that
 * each token sees, and the LM head for one token of each request.
 *
 * @see <a href="https://arxiv.org/abs/2204.02311">PaLM, appendix B</a>, where MFU comes from; it
 *     counts attention as if it were not causal
 */
public final class ModelFlops {
  /** Vidur takes tera for a power of two. */
  private static final double VIDUR_TERA = 0x1p40;

  private final boolean vidur;
  private final int lastStage;
  private final double perToken;
  private final double perPair;
  private final double perHeadRow;
  private final double peakFlopsPerSecond;

  public ModelFlops(Deployment deployment, Compatibility compatibility) {
    ModelSpec model = deployment.model();
    int tensor = deployment.parallelism().tensor();
    int layers = deployment.layersPerStage();
    double peak = deployment.flopsPerSecond(mostWeights(model));
    this.vidur = compatibility == Compatibility.VIDUR;
    this.lastStage = deployment.parallelism().pipeline() - 1;
    // Vidur counts the key/value heads that tensor parallelism copies, and no LM head.
    this.perToken =
        vidur
            ? 2.0 * deployment.blockParametersPerDevice() * tensor
            : 2.0 * model.activeBlockParameters() / deployment.parallelism().pipeline();
    this.perPair = 2.0 * model.queryHeads() * pairWidth(model) * layers;
    this.perHeadRow = vidur ? 0 : 2.0 * model.hiddenSize() * model.vocabularySize();
    this.peakFlopsPerSecond = tensor * (vidur ? peak / 1e12 * VIDUR_TERA : peak);
  }

  /** The matrices that most of the weights are in: their format is the one that MFU is taken of. */
  private static WeightGroup mostWeights(ModelSpec model) {
    return model.mixtureOfExperts() ? WeightGroup.EXPERTS : WeightGroup.MLP;
  }

  /**
   * Multiplications of one head for one pair of tokens: the products with a key and with a value.
   * That engines multiply with compressed keys and values in decodes is their way of doing it.
   */
  private static int pairWidth(ModelSpec model) {
    LatentAttention latent = model.latentAttention();
    return latent == null ? 2 * model.headDim() : latent.queryHeadDim() + latent.valueHeadDim();
  }

  /** Floating-point operations of a batch on all devices of a stage together. */
  public double flops(Batch batch, int stage) {
    // Vidur lets each token attend to all of the batch's tokens of its request, and a decode to the
    // token at hand twice.
    double pairs =
        vidur
            ? batch.decodeContextTokens()
                + batch.decodes()
                + batch.prefillContextPairs()
                + batch.prefillSquares()
            : batch.attendedPairs();
    return perToken * batch.totalTokens()
        + perPair * pairs
        + (stage == lastStage ? perHeadRow * batch.size() : 0);
  }

  /** Share of the stage's peak, in percent, that so many operations are in so many seconds. */
  public double mfuPercent(double flops, double seconds) {
    return 100 * flops / (seconds * peakFlopsPerSecond);
  }
}
