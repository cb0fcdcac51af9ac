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
 * <p>Attention of prefills is slower than products, and the slower the fewer keys a query sees:
 * each row begins with a fixed effort, as long as {@code attentionStartKeys} keys take. us measured
 * / roofline with the defaults, 32 query and 8 key/value heads of 128, one prompt from its
 * beginning (aiconfigurator, commit 095f58a, {@code context_attention_perf}: FlashAttention-2 of
 * vLLM 0.14 on A100, FlashAttention-3 of vLLM 0.19 on H100):
 *
 * <table>
 * <caption>One layer</caption>
 * <tr><th>tokens</th><th>A100</th><th>H100</th></tr>
 * <tr><td>512</td><td>42 / 32</td><td>17 / 12</td></tr>
 * <tr><td>1024</td><td>97 / 85</td><td>29 / 29</td></tr>
 * <tr><td>2048</td><td>273 / 265</td><td>72 / 86</td></tr>
 * <tr><td>4096</td><td>900 / 920</td><td>226 / 292</td></tr>
 * <tr><td>16384</td><td>12505 / 13112</td><td>2977 / 4137</td></tr>
 * </table>
 *
 * <p>Kernels differ more than devices. Median of roofline / measured over all prefills of 256
 * tokens or more, whatever context is before them: vLLM's on RTX PRO 6000 0.85, on RTX 4090 1.47
 * (LLMServingSim, commit 5daddb2); Vidur's of 2024 on A100 0.53; PyTorch 2.11's on H100, which
 * gives short chunks after long contexts to few multiprocessors, 0.47 (our GPU kit).
 *
 * @param computeEfficiency share of the peak FLOP/s that large matrix products reach
 * @param memoryEfficiency share of the peak memory bandwidth that streaming kernels reach
 * @param networkEfficiency share of the link bandwidth that large all-reduces reach
 * @param attentionEfficiency share of the peak FLOP/s that attention over many keys reaches
 * @param attentionStartKeys keys that take as long as the beginning of a row of a prefill
 * @param mixedDecodeRows rows of queries, per head, that a kernel computes for the one of a decode
 *     in a batch with prefills: kernels for both have tiles of many rows. 1 where decodes have a
 *     kernel of their own
 * @param samplingPasses times that sampling reads or writes the logits, counted in elements of the
 *     model's format: 1 to take the greatest; PyTorch's top-p, which sorts 32-bit logits with their
 *     64-bit indices, comes to some 95 of 2 bytes
 * @param expertEfficiency share of the peak FLOP/s that products with many experts reach
 * @param expertImbalance tokens of the device with most of them over the mean, where experts are
 *     spread over devices
 * @param expertExchange how replicas that share experts send each other their tokens
 */
public record RooflineSpec(
    double computeEfficiency,
    double memoryEfficiency,
    double networkEfficiency,
    double attentionEfficiency,
    double attentionStartKeys,
    int mixedDecodeRows,
    double samplingPasses,
    double expertEfficiency,
    double expertImbalance,
    ExpertExchange expertExchange)
    implements PredictorSpec {

  public RooflineSpec {
    requireShare("computeEfficiency", computeEfficiency);
    requireShare("memoryEfficiency", memoryEfficiency);
    requireShare("networkEfficiency", networkEfficiency);
    requireShare("attentionEfficiency", attentionEfficiency);
    requireShare("expertEfficiency", expertEfficiency);
    if (!(attentionStartKeys >= 0) || Double.isInfinite(attentionStartKeys)) {
      throw new IllegalArgumentException(
          "attentionStartKeys (%s) must not be negative".formatted(attentionStartKeys));
    }
    if (mixedDecodeRows <= 0) {
      throw new IllegalArgumentException(
          "mixedDecodeRows (%d) must be positive".formatted(mixedDecodeRows));
    }
    if (!(samplingPasses >= 1) || Double.isInfinite(samplingPasses)) {
      throw new IllegalArgumentException(
          "samplingPasses (%s) must be at least 1".formatted(samplingPasses));
    }
    if (!(expertImbalance >= 1) || Double.isInfinite(expertImbalance)) {
      throw new IllegalArgumentException(
          "expertImbalance (%s) must be at least 1".formatted(expertImbalance));
    }
  }

  /**
   * Shares that public measurements on an A100-SXM4-80GB reach. Compute 0.77: the up projection of
   * Llama-2-70B at tensor degree 2 takes 7.970 ms for 4096 tokens, 241 of 312 TFLOP/s (Vidur,
   * commit 7d47513, {@code mlp.csv}); squares of 8192 alone reach 0.9. Memory 0.77 and network 0.78
   * (LLMCompass artifact, ISCA'24): GELU of 5.4e8 fp16 elements 390 G elements/s, read and written,
   * of 2.04 TB/s; all-reduce of 17 GB over 4 devices 110 ms, 1.5 times the bytes over a 300 GB/s
   * link.
   *
   * <p>Attention 0.56 and 340 keys are fitted to 3089 prefills of the A100's table above, of 256
   * tokens and more with heads of 128: root mean square of the logarithms 0.22, the same as the
   * H100's has with them, of which a fit of its own would give 0.74 and 540 keys. Experts 0.45:
   * BF16 and FP8 of 8192 tokens in vLLM 0.19's fused kernel on H100 reach 0.31 to 0.55 of the peak
   * for DeepSeek-V3, Qwen3-30B-A3B and Mixtral-8x7B ({@code moe_perf} of the same commit). INT4
   * experts (its Marlin kernel) are charged as those in BF16, which they were measured like for few
   * tokens; for many they were slower still.
   */
  public static RooflineSpec defaults() {
    return new RooflineSpec(0.77, 0.77, 0.78, 0.56, 340, 1, 1, 0.45, 1, ExpertExchange.ALL_GATHER);
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
    boolean collectives =
        deployment.parallelism().devices() > 1 || deployment.parallelism().replicasInStep() > 1;
    if (collectives && !deployment.node().linksKnown()) {
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
