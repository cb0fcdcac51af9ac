package io.plumbline.simulator.latency;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.Deployment;

/** Gives the measured profile of a deployment; the core itself reads no files. */
@FunctionalInterface
public interface ProfileSource {

  /** Looks a profile up. */
  OperatorProfile profile(ProfileQuery query, Deployment deployment);

  /**
   * Tables of models trained on a profile; trained here and now unless the source has them.
   *
   * @param limits as {@link PredictorSpec#create} has them
   */
  default OperatorTimes learned(
      LearnedSpec spec, Deployment deployment, TableLimits limits, Compatibility compatibility) {
    OperatorProfile profile = profile(spec.profileQuery(), deployment);
    spec.profileQuery().requireAnswered(profile.operators(), deployment);
    return spec.times(TrainedOperators.train(profile, spec.learner()), limits, compatibility);
  }

  /** For predictors that read none. */
  static ProfileSource none() {
    return (query, deployment) -> {
      throw new IllegalStateException(
          "no profiles here, but %s is asked for".formatted(query.root()));
    };
  }
}
