package io.plumbline.simulator.latency;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.learning.LearnerSpec;

/**
 * Another predictor whose iterations take so many times as long: for questions of the kind "what if
 * decodes were 5 % slower", and for swapping a predicted time for a measured one. The host is not
 * scaled.
 *
 * @param kernels whose times are scaled
 * @param prefillFactor of iterations with prompt tokens
 * @param decodeFactor of iterations of decodes alone
 */
public record ScaledSpec(PredictorSpec kernels, double prefillFactor, double decodeFactor)
    implements PredictorSpec {

  public ScaledSpec {
    requirePositive("prefillFactor", prefillFactor);
    requirePositive("decodeFactor", decodeFactor);
    if (kernels instanceof ScaledSpec) {
      throw new IllegalArgumentException(
          "kernels (scaled) must not be scaled again. Maybe multiply the factors.");
    }
  }

  private static void requirePositive(String what, double factor) {
    if (!(factor > 0) || Double.isInfinite(factor)) {
      throw new IllegalArgumentException("%s (%s) must be above 0".formatted(what, factor));
    }
  }

  /** Of the cards, as they are. */
  public static ScaledSpec defaults() {
    return new ScaledSpec(RooflineSpec.defaults(), 1, 1);
  }

  @Override
  public ExecutionTimePredictor create(
      Deployment deployment,
      TableLimits limits,
      ProfileSource profiles,
      Compatibility compatibility) {
    ExecutionTimePredictor of = kernels.create(deployment, limits, profiles, compatibility);
    return new Scaled(of, prefillFactor, decodeFactor);
  }

  @Override
  public void requireSupports(Deployment deployment) {
    kernels.requireSupports(deployment);
  }

  @Override
  public ProfileQuery profileQuery() {
    return kernels.profileQuery();
  }

  @Override
  public LearnerSpec learner() {
    return kernels.learner();
  }

  private record Scaled(ExecutionTimePredictor of, double prefillFactor, double decodeFactor)
      implements ExecutionTimePredictor {

    private double factor(Batch batch) {
      return batch.prefillTokens() > 0 ? prefillFactor : decodeFactor;
    }

    @Override
    public double modelSeconds(Batch batch, int stage) {
      return of.modelSeconds(batch, stage) * factor(batch);
    }

    /** A step in which any rank has prompt tokens is one with prompt tokens. */
    @Override
    public double stepSeconds(Batch[] ranks, int stage) {
      double factor = decodeFactor;
      for (Batch batch : ranks) {
        factor = batch != null && batch.prefillTokens() > 0 ? prefillFactor : factor;
      }
      return of.stepSeconds(ranks, stage) * factor;
    }

    @Override
    public double extrapolatedSeconds(Batch batch, int stage) {
      return of.extrapolatedSeconds(batch, stage) * factor(batch);
    }

    @Override
    public double hostSeconds(Batch batch, int stage) {
      return of.hostSeconds(batch, stage);
    }

    /** What scaling adds is an operator of its own; below 0 where it takes away. */
    @Override
    public void operators(Batch batch, int stage, OperatorConsumer consumer) {
      of.operators(batch, stage, consumer);
      double addedMs = (factor(batch) - 1) * of.modelSeconds(batch, stage) * 1e3;
      if (addedMs != 0) {
        consumer.operator("scaling", addedMs, 1);
      }
    }
  }
}
