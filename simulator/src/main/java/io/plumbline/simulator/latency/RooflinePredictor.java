package io.plumbline.simulator.latency;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.hardware.Link;
import io.plumbline.trace.model.ModelSpec;

/**
 * Roofline model of a decoder-only transformer (Williams et al., CACM 2009), one term per operator:
 * four projections, attention of decodes and of prefills, the element-wise rest, all-reduces, the
 * transfer between stages; on the first stage the embedding, on the last the final norm, the LM
 * head and the sampling. The all-reduce of the embedding and the gathering of the logits under
 * tensor parallelism are left out: they happen once, not in every layer.
 */
final class RooflinePredictor implements ExecutionTimePredictor {
  /**
   * Kernels of one block: 2 norms, QKV, rope, KV write, attention, output, up and gate, activation,
   * down; residual adds are fused into the norms, as serving engines do.
   */
  private static final int KERNELS_PER_LAYER = 10;

  /** The final norm, the LM head, the sampling. */
  private static final int KERNELS_OF_HEAD = 3;

  /** A norm with residual reads its input and the residual and writes both. */
  private static final int ROWS_PER_NORM = 4;

  private final Deployment deployment;
  private final ModelSpec model;
  private final int layers;
  private final int lastStage;
  private final int tensor;
  private final int elementBytes;
  private final double flopsPerSecond;
  private final double attentionFlopsPerSecond;
  private final int mixedDecodeRows;
  private final double samplingPasses;
  private final double bytesPerSecond;
  private final double networkEfficiency;
  private final double launchSeconds;
  private final double queryWidth;
  private final double kvWidth;
  private final double mlpWidth;
  private final double elementsPerToken;

  RooflinePredictor(Deployment deployment, RooflineSpec spec) {
    this.deployment = deployment;
    this.model = deployment.model();
    this.layers = deployment.layersPerStage();
    this.lastStage = deployment.parallelism().pipeline() - 1;
    this.tensor = deployment.parallelism().tensor();
    this.elementBytes = deployment.dtype().bytes();
    this.flopsPerSecond = deployment.device().denseFlops() * spec.computeEfficiency();
    this.attentionFlopsPerSecond = deployment.device().denseFlops() * spec.attentionEfficiency();
    this.mixedDecodeRows = spec.mixedDecodeRows();
    this.samplingPasses = spec.samplingPasses();
    this.bytesPerSecond =
        deployment.device().memoryBandwidthBytesPerSecond() * spec.memoryEfficiency();
    this.networkEfficiency = spec.networkEfficiency();
    this.launchSeconds = deployment.device().kernelLaunchSeconds();
    this.queryWidth = (double) deployment.queryHeadsPerDevice() * model.headDim();
    this.kvWidth = (double) deployment.kvHeadsPerDevice() * model.headDim();
    this.mlpWidth = (double) model.mlpHiddenSize() / tensor;
    // Activation reads the MLP's inner row (twice if gated) and writes it; rope and the KV write
    // pass the heads once each way.
    this.elementsPerToken =
        2 * ROWS_PER_NORM * model.hiddenSize()
            + mlpWidth * model.mlpProjections()
            + 2 * (queryWidth + 2 * kvWidth);
  }

  @Override
  public double modelSeconds(Batch batch, int stage) {
    int tokens = batch.totalTokens();
    double layer =
        projections(tokens)
            + (decodeAttention(batch) + prefillAttention(batch))
            + traffic(tokens * elementsPerToken)
            + kernelsPerLayer(batch) * launchSeconds
            + (tensor > 1 ? 2 * allReduce(tokens, deployment.tensorLink(stage)) : 0);
    return layers * layer
        + (stage == 0 ? embedding(tokens) : 0)
        + (stage == lastStage ? head(batch) : transfer(tokens, deployment.sendLink(stage)));
  }

  @Override
  public void operators(Batch batch, int stage, OperatorConsumer consumer) {
    int tokens = batch.totalTokens();
    tell(consumer, "attn_pre_proj", queryKeyValue(tokens), layers);
    tell(consumer, "attn_post_proj", attentionOutput(tokens), layers);
    tell(consumer, "mlp_up_proj", mlpUp(tokens), layers);
    tell(consumer, "mlp_down_proj", mlpDown(tokens), layers);
    if (batch.prefillTokens() > 0) {
      tell(consumer, AttentionOperator.PREFILL.profileName(), prefillAttention(batch), layers);
    }
    if (batch.decodeTokens() > 0) {
      tell(consumer, AttentionOperator.DECODE.profileName(), decodeAttention(batch), layers);
    }
    tell(consumer, "elementwise", traffic(tokens * elementsPerToken), layers);
    tell(consumer, "kernel_launch", launchSeconds, layers * kernelsPerLayer(batch));
    if (tensor > 1) {
      tell(consumer, "all_reduce", allReduce(tokens, deployment.tensorLink(stage)), 2 * layers);
    }
    if (stage == 0) {
      tell(consumer, "embedding", embedding(tokens), 1);
    }
    if (stage == lastStage) {
      tell(consumer, "lm_head", head(batch), 1);
    } else {
      tell(consumer, "send_recv", transfer(tokens, deployment.sendLink(stage)), 1);
    }
  }

  private static void tell(OperatorConsumer consumer, String name, double seconds, int calls) {
    consumer.operator(name, seconds * 1e3, calls);
  }

  private double projections(int tokens) {
    return queryKeyValue(tokens) + attentionOutput(tokens) + mlpUp(tokens) + mlpDown(tokens);
  }

  private double queryKeyValue(int tokens) {
    return product(tokens, model.hiddenSize(), queryWidth + 2 * kvWidth);
  }

  private double attentionOutput(int tokens) {
    return product(tokens, queryWidth, model.hiddenSize());
  }

  /** With the gate. */
  private double mlpUp(int tokens) {
    return product(tokens, model.hiddenSize(), mlpWidth * (model.mlpProjections() - 1));
  }

  private double mlpDown(int tokens) {
    return product(tokens, mlpWidth, model.hiddenSize());
  }

  /** Rows times a matrix: weights are read once, rows in and out as well. */
  private double product(int rows, double widthIn, double widthOut) {
    double weights = widthIn * widthOut;
    return Math.max(
        2 * rows * weights / flopsPerSecond, traffic(weights + rows * (widthIn + widthOut)));
  }

  private double traffic(double elements) {
    return elements * elementBytes / bytesPerSecond;
  }

  private static int kernelsPerLayer(Batch batch) {
    boolean mixed = batch.prefillTokens() > 0 && batch.decodeTokens() > 0;
    return mixed ? KERNELS_PER_LAYER + 1 : KERNELS_PER_LAYER;
  }

  /** Decodes and prefills are separate kernels; within each, arithmetic and traffic overlap. */
  private double decodeAttention(Batch batch) {
    double rows = batch.prefillTokens() > 0 ? mixedDecodeRows : 1;
    return attentionKernel(rows * batch.decodeContextTokens(), batch.decodeContextTokens());
  }

  private double prefillAttention(Batch batch) {
    return attentionKernel(
        batch.prefillPairs(), batch.prefillContextTokens() + batch.prefillTokens());
  }

  private double attentionKernel(double pairs, double contextTokens) {
    return Math.max(
        pairs * 4 * queryWidth / attentionFlopsPerSecond, traffic(contextTokens * 2 * kvWidth));
  }

  /**
   * All-reduce with the latency of a tree, up and down once, and the traffic of a ring, of which
   * each device sends its share 2 (n - 1) times. NCCL takes whichever is faster for the size, and
   * its double binary tree has the bandwidth of the ring.
   *
   * <p>Medians of Vidur's {@code all_reduce.csv}, ms measured / this formula with the cards' 8.92
   * us a hop. DGX A100, 8 to 256 KiB: 2 devices 0.051 / 0.022, 4 devices 0.060 / 0.040, 8 devices
   * 0.038 / 0.058, within a factor of 2.5 either way (0.016 to 0.036 for 4 in LLMCompass); 64 MiB:
   * 0.430 / 0.308, 0.603 / 0.469, 0.675 / 0.558. Pairs of A100 joined by PCIe, 4 devices: 16 MiB
   * 1.118 / 1.047, 64 MiB 4.268 / 4.072; the same of H100: 0.556 / 0.543, 2.063 / 2.055.
   *
   * @see <a
   *     href="https://developer.nvidia.com/blog/massively-scale-deep-learning-training-nccl-2-4/">
   *     Double binary trees in NCCL 2.4</a>
   */
  private double allReduce(int tokens, Link link) {
    double bytes = (double) tokens * model.hiddenSize() * elementBytes;
    int ceilLog2 = Integer.SIZE - Integer.numberOfLeadingZeros(tensor - 1);
    return 2 * ceilLog2 * link.latencySeconds()
        + 2 * (tensor - 1) * bytes / tensor / bandwidth(link)
        + launchSeconds;
  }

  /** A row of the table in, a row out. */
  private double embedding(int tokens) {
    return traffic(2.0 * tokens * model.hiddenSize()) + launchSeconds;
  }

  /** Only one row per request reaches the LM head; sampling reads its logits, all of them. */
  private double head(Batch batch) {
    double vocabulary = model.vocabularySize();
    return traffic((double) ROWS_PER_NORM * batch.totalTokens() * model.hiddenSize())
        + product(batch.size(), model.hiddenSize(), vocabulary / tensor)
        + traffic(samplingPasses * batch.size() * vocabulary)
        + KERNELS_OF_HEAD * launchSeconds;
  }

  private double transfer(int tokens, Link link) {
    double bytes = (double) tokens * model.hiddenSize() * elementBytes;
    return link.latencySeconds() + bytes / bandwidth(link);
  }

  private double bandwidth(Link link) {
    return link.bandwidthBytesPerSecond() * networkEfficiency;
  }
}
