package io.plumbline.simulator.latency;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.Deployment;

/**
 * Latency from a device card and a model card alone: every operator takes the longer of its
 * arithmetic and its memory traffic, plus a kernel launch.
 *
 * <p>How far it is, with the defaults, from operators measured by Vidur for Llama-2-70B on A100 at
 * tensor degree 2 (ms, measured / roofline):
 *
 * <table>
 * <caption>One block</caption>
 * <tr><th>tokens</th><th>four projections</th><th>element-wise</th><th>together</th></tr>
 * <tr><td>8</td><td>0.541 / 0.558</td><td>0.032 / 0.016</td><td>1.00</td></tr>
 * <tr><td>128</td><td>0.734 / 0.571</td><td>0.039 / 0.034</td><td>0.78</td></tr>
 * <tr><td>512</td><td>2.017 / 1.836</td><td>0.113 / 0.092</td><td>0.91</td></tr>
 * <tr><td>2048</td><td>7.522 / 7.306</td><td>0.472 / 0.325</td><td>0.95</td></tr>
 * <tr><td>4096</td><td>14.690 / 14.600</td><td>0.914 / 0.635</td><td>0.98</td></tr>
 * </table>
 *
 * <p>Attention is too fast: a prefill of 4096 tokens 2.316 / 0.575, a chunk of 512 after 2048 0.224
 * / 0.083, decodes of 2048 tokens of context 0.349 / 0.345 for 128 of them, 0.108 / 0.088 for 32,
 * 0.017 / 0.006 for one: that kernel (FlashAttention of 2024) reaches a fifth of the peak at best.
 *
 * @param computeEfficiency share of the peak FLOP/s that large matrix products reach
 * @param memoryEfficiency share of the peak memory bandwidth that streaming kernels reach
 * @param networkEfficiency share of the link bandwidth that large all-reduces reach
 * @param attentionEfficiency share of the peak FLOP/s that attention reaches
 * @param mixedDecodeRows rows of queries, per head, that a kernel computes for the one of a decode
 *     in a batch with prefills: kernels for both have tiles of many rows. 1 where decodes have a
 *     kernel of their own
 * @param samplingPasses times that sampling reads or writes the logits, counted in elements of the
 *     model's format: 1 to take the greatest; PyTorch's top-p, which sorts 32-bit logits with their
 *     64-bit indices, comes to some 95 of 2 bytes
 */
public record RooflineSpec(
    double computeEfficiency,
    double memoryEfficiency,
    double networkEfficiency,
    double attentionEfficiency,
    int mixedDecodeRows,
    double samplingPasses)
    implements PredictorSpec {

  public RooflineSpec {
    requireShare("computeEfficiency", computeEfficiency);
    requireShare("memoryEfficiency", memoryEfficiency);
    requireShare("networkEfficiency", networkEfficiency);
    requireShare("attentionEfficiency", attentionEfficiency);
    if (mixedDecodeRows <= 0) {
      throw new IllegalArgumentException(
          "mixedDecodeRows (%d) must be positive".formatted(mixedDecodeRows));
    }
    if (!(samplingPasses >= 1) || Double.isInfinite(samplingPasses)) {
      throw new IllegalArgumentException(
          "samplingPasses (%s) must be at least 1".formatted(samplingPasses));
    }
  }

  /** Attention as fast as projections, decodes in a kernel of their own, greedy sampling. */
  public RooflineSpec(double computeEfficiency, double memoryEfficiency, double networkEfficiency) {
    this(computeEfficiency, memoryEfficiency, networkEfficiency, computeEfficiency, 1, 1);
  }

  /**
   * Shares that public measurements on an A100-SXM4-80GB reach. Compute 0.77: the up projection of
   * Llama-2-70B at tensor degree 2 takes 7.970 ms for 4096 tokens, 241 of 312 TFLOP/s (Vidur,
   * commit 7d47513, {@code mlp.csv}); squares of 8192 alone reach 0.9. Memory 0.77 and network 0.78
   * (LLMCompass artifact, ISCA'24): GELU of 5.4e8 fp16 elements 390 G elements/s, read and written,
   * of 2.04 TB/s; all-reduce of 17 GB over 4 devices 110 ms, 1.5 times the bytes over a 300 GB/s
   * link.
   */
  public static RooflineSpec defaults() {
    return new RooflineSpec(0.77, 0.77, 0.78);
  }

  @Override
  public ExecutionTimePredictor create(
      Deployment deployment,
      TableLimits limits,
      ProfileSource profiles,
      Compatibility compatibility) {
    return new RooflinePredictor(deployment, this);
  }

  @Override
  public void requireSupports(Deployment deployment) {
    if (deployment.device().memoryBandwidthBytesPerSecond() == null
        || deployment.device().kernelLaunchSeconds() == null) {
      throw new IllegalArgumentException(
          "roofline needs the memory bandwidth and the kernel launch time of %s. Maybe choose a device with a card, or give them."
              .formatted(deployment.device().name()));
    }
    if (deployment.parallelism().devices() > 1 && !deployment.node().linksKnown()) {
      throw new IllegalArgumentException(
          "roofline needs the links of %s. Maybe choose a node with a card, or give them."
              .formatted(deployment.node().name()));
    }
  }

  private static void requireShare(String what, double value) {
    if (!(value > 0 && value <= 1)) {
      throw new IllegalArgumentException(
          "%s (%s) must be above 0 and at most 1".formatted(what, value));
    }
  }
}
