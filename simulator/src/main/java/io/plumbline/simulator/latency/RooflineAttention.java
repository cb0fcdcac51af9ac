package io.plumbline.simulator.latency;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.hardware.Deployment;

/**
 * Attention of one layer on one device. Decodes and prefills are separate kernels; within each,
 * arithmetic and traffic overlap. Arithmetic is in the dtype, whatever the format of the cache:
 * vLLM 0.19 on H100 takes a tenth longer for prefills with an FP8 cache than with a BF16 one
 * (aiconfigurator, commit 095f58a, {@code context_attention_perf}).
 */
abstract class RooflineAttention {
  final RooflineRates rates;
  private final double flopsPerSecond;
  private final double startKeys;
  private final int mixedDecodeRows;

  RooflineAttention(Deployment deployment, RooflineSpec spec, RooflineRates rates) {
    this.rates = rates;
    this.flopsPerSecond = deployment.device().denseFlops() * spec.attentionEfficiency();
    this.startKeys = spec.attentionStartKeys();
    this.mixedDecodeRows = spec.mixedDecodeRows();
  }

  static RooflineAttention of(Deployment deployment, RooflineSpec spec, RooflineRates rates) {
    return deployment.model().latentAttention() == null
        ? new HeadAttention(deployment, spec, rates)
        : new CompressedAttention(deployment, spec, rates);
  }

  /** Projections before attention. */
  abstract double before(int tokens);

  /** The projection after it. */
  abstract double after(int tokens);

  abstract double decodes(Batch batch);

  abstract double prefills(Batch batch);

  /** Elements that rotating heads and writing the cache read and write for a token. */
  abstract double elementsPerToken();

  /** Kernels of a layer but the MLP's, with prefills, decodes, or both. */
  abstract int kernels(Batch batch);

  final double arithmetic(double multiplications) {
    return 2 * multiplications / flopsPerSecond;
  }

  /** Pairs of prefills, those among them that stand for the start of each row. */
  final double chargedPairs(Batch batch) {
    return batch.prefillPairs() + startKeys * batch.prefillTokens();
  }

  /** Pairs of decodes, those among them that a kernel for prefills computes for nothing. */
  final double decodePairs(Batch batch) {
    return (double) (mixed(batch) ? mixedDecodeRows : 1) * batch.decodeContextTokens();
  }

  static boolean mixed(Batch batch) {
    return batch.prefillTokens() > 0 && batch.decodeTokens() > 0;
  }
}
