package io.plumbline.simulator.latency;

import io.plumbline.simulator.batching.Batch;

/**
 * Attention of one layer on one device, in milliseconds.
 *
 * <p>Tables have whole prompts of equal length and decodes of equal context. Prompts of a batch
 * count as so many of equal length with the same sum of squares; chunks after a context as the
 * share that they have of the pairs of tokens of whole prompts, but never less than prompts of
 * their length. Decodes count at their mean context. A batch of both is the sum of both, although
 * the engine may run them as one kernel.
 */
final class KernelAttention {
  private final KernelOperator contextOperator;
  private final KernelOperator generationOperator;
  private final MeasuredTree context;
  private final MeasuredTree generation;

  KernelAttention(OperatorProfile profile, KernelOperator context, KernelOperator generation) {
    this.contextOperator = context;
    this.generationOperator = generation;
    this.context = new MeasuredTree(profile.require(context), false, false);
    this.generation = new MeasuredTree(profile.require(generation), false, false);
  }

  KernelOperator contextOperator() {
    return contextOperator;
  }

  KernelOperator generationOperator() {
    return generationOperator;
  }

  double contextMs(Batch batch) {
    int prefills = batch.prefills();
    if (prefills == 0) {
      return 0;
    }
    double alone = context.at(prefills, Math.sqrt((double) batch.prefillSquares() / prefills));
    if (batch.prefillContextTokens() == 0) {
      return alone;
    }
    double whole = wholeLength(batch);
    double share = 2.0 * batch.prefillPairs() / prefills / (whole * (whole + 1));
    return Math.max(alone, context.at(prefills, whole) * Math.min(1, share));
  }

  private static double wholeLength(Batch batch) {
    return (double) (batch.prefillTokens() + batch.prefillContextTokens()) / batch.prefills();
  }

  double generationMs(Batch batch) {
    int decodes = batch.decodes();
    return decodes == 0 ? 0 : generation.at(decodes, meanContext(batch));
  }

  private static double meanContext(Batch batch) {
    return (double) batch.decodeContextTokens() / batch.decodes();
  }

  /** Of {@link #contextMs}, what lies outside of the table: all or nothing. */
  double extrapolatedMs(Batch batch) {
    double ms = 0;
    boolean prompts = batch.prefills() > 0;
    if (prompts && !context.encloses(batch.prefills(), wholeLength(batch))) {
      ms += contextMs(batch);
    }
    if (batch.decodes() > 0 && !generation.encloses(batch.decodes(), meanContext(batch))) {
      ms += generationMs(batch);
    }
    return ms;
  }
}
