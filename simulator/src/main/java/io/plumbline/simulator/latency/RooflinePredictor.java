package io.plumbline.simulator.latency;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.hardware.NodeSku;
import io.plumbline.trace.model.ModelSpec;

/**
 * Roofline model of a decoder-only transformer (Williams et al., CACM 2009), one term per operator:
 * four projections, attention of decodes and of prefills, the element-wise rest, all-reduces, the
 * transfer between stages, and the LM head on the last one.
 */
final class RooflinePredictor implements ExecutionTimePredictor {
  /**
   * Kernels of one block: 2 norms, QKV, rope, KV write, attention, output, up and gate, activation,
   * down; residual adds are fused into the norms, as serving engines do.
   */
  private static final int KERNELS_PER_LAYER = 10;

  private final ModelSpec model;
  private final int layers;
  private final int lastStage;
  private final int tensor;
  private final int bytesPerElement;
  private final double flopsPerSecond;
  private final double bytesPerSecond;
  private final double launchSeconds;
  private final double groupBytesPerSecond;
  private final double groupLatencySeconds;
  private final double stageBytesPerSecond;
  private final double stageLatencySeconds;
  private final double[] projectionWeights;
  private final double elementsPerToken;
  private final double kvBytesPerToken;
  private final double attentionFlopsPerPair;
  private final double headWeights;

  RooflinePredictor(Deployment deployment, RooflineSpec spec) {
    this.model = deployment.model();
    this.layers = deployment.layersPerStage();
    this.lastStage = deployment.parallelism().pipeline() - 1;
    this.tensor = deployment.parallelism().tensor();
    this.bytesPerElement = spec.bytesPerElement();
    this.flopsPerSecond = deployment.device().denseFlops() * spec.computeEfficiency();
    this.bytesPerSecond =
        deployment.device().memoryBandwidthBytesPerSecond() * spec.memoryEfficiency();
    this.launchSeconds = deployment.device().kernelLaunchSeconds();
    NodeSku node = deployment.node();
    boolean groupSpansNodes = tensor > node.devicesPerNode();
    this.groupBytesPerSecond =
        spec.networkEfficiency()
            * (groupSpansNodes
                ? node.interNodeBandwidthBytesPerSecond()
                : node.linkBandwidthBytesPerSecond());
    this.groupLatencySeconds =
        groupSpansNodes ? node.interNodeLatencySeconds() : node.linkLatencySeconds();
    this.stageBytesPerSecond =
        spec.networkEfficiency()
            * (deployment.multiNode()
                ? node.interNodeBandwidthBytesPerSecond()
                : node.linkBandwidthBytesPerSecond());
    this.stageLatencySeconds =
        deployment.multiNode() ? node.interNodeLatencySeconds() : node.linkLatencySeconds();

    double hidden = model.hiddenSize();
    double queryWidth = (double) deployment.queryHeadsPerDevice() * model.headDim();
    double kvWidth = (double) deployment.kvHeadsPerDevice() * model.headDim();
    double mlpWidth = (double) model.mlpHiddenSize() / tensor;
    this.projectionWeights =
        new double[] {
          hidden * (queryWidth + 2 * kvWidth),
          queryWidth * hidden,
          hidden * mlpWidth * (model.mlpProjections() - 1),
          mlpWidth * hidden
        };
    // Two norms with residual read three and write two rows each; activation reads the MLP's
    // inner row (twice if gated) and writes it; rope and the KV write pass the heads once each way.
    this.elementsPerToken =
        2 * 5 * hidden + mlpWidth * model.mlpProjections() + 2 * (queryWidth + 2 * kvWidth);
    this.kvBytesPerToken = 2 * kvWidth * bytesPerElement;
    this.attentionFlopsPerPair = 4 * queryWidth;
    this.headWeights = hidden * model.vocabularySize() / tensor;
  }

  @Override
  public double stageSeconds(Batch batch, int stage) {
    int tokens = batch.totalTokens();
    double layer =
        projections(tokens)
            + attention(batch)
            + tokens * elementsPerToken * bytesPerElement / bytesPerSecond
            + KERNELS_PER_LAYER * launchSeconds
            + (tensor > 1 ? 2 * allReduce(tokens) : 0);
    double seconds = layers * layer;
    if (stage == lastStage) {
      // Only one row per request reaches the LM head.
      seconds += product(batch.size(), headWeights) + launchSeconds;
    } else {
      seconds +=
          stageLatencySeconds
              + (double) tokens * model.hiddenSize() * bytesPerElement / stageBytesPerSecond;
    }
    return seconds;
  }

  private double projections(int tokens) {
    double seconds = 0;
    for (double weights : projectionWeights) {
      seconds += product(tokens, weights);
    }
    return seconds;
  }

  private double product(int rows, double weights) {
    return Math.max(
        2.0 * rows * weights / flopsPerSecond, weights * bytesPerElement / bytesPerSecond);
  }

  /** Decodes and prefills are separate kernels; within each, arithmetic and traffic overlap. */
  private double attention(Batch batch) {
    double decodePairs = 0;
    double decodeContext = 0;
    double prefillPairs = 0;
    double prefillContext = 0;
    for (int i = 0; i < batch.size(); i++) {
      double tokens = batch.tokens(i);
      double context = batch.contextTokens(i);
      if (batch.isPrefill(i)) {
        // Causal: token k of the chunk sees the context and k tokens of the chunk.
        prefillPairs += tokens * context + tokens * (tokens + 1) / 2;
        prefillContext += context + tokens;
      } else {
        decodePairs += context;
        decodeContext += context;
      }
    }
    return attentionKernel(decodePairs, decodeContext)
        + attentionKernel(prefillPairs, prefillContext);
  }

  private double attentionKernel(double pairs, double contextTokens) {
    return Math.max(
        pairs * attentionFlopsPerPair / flopsPerSecond,
        contextTokens * kvBytesPerToken / bytesPerSecond);
  }

  /** Ring all-reduce: each device sends its share 2 (n - 1) times. */
  private double allReduce(int tokens) {
    double bytes = (double) tokens * model.hiddenSize() * bytesPerElement;
    int steps = 2 * (tensor - 1);
    return steps * (groupLatencySeconds + bytes / tensor / groupBytesPerSecond) + launchSeconds;
  }
}
