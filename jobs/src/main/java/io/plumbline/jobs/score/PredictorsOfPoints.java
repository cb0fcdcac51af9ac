package io.plumbline.jobs.score;

import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.card.HardwareCards;
import io.plumbline.jobs.profile.MeasuredProfiles;
import io.plumbline.simulator.SimulationSpec;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.simulator.latency.PredictorSpec;
import io.plumbline.simulator.latency.TableLimits;
import java.util.HashMap;
import java.util.Map;

/** Builds predictors outside of sweeps; one serves all points that it is the same for. */
final class PredictorsOfPoints {
  /** A workload for points that state none. */
  static final ConfNode ONE_REQUEST =
      ConfNode.parse(
          "points",
          """
          workload:
            kind: synthetic
            requests: 1
            seed: 1
            arrivals: all_at_zero
            lengths: {kind: fixed, prompt_tokens: 1, output_tokens: 1}
          """);

  private final PathResolver paths;
  private final HardwareCards cards;
  private final Map<Integer, MeasuredProfiles> profiles = new HashMap<>();
  private final Map<Key, ExecutionTimePredictor> predictors = new HashMap<>();

  private record Key(PredictorSpec predictor, Deployment deployment, TableLimits limits) {}

  PredictorsOfPoints(PathResolver paths, HardwareCards cards) {
    this.paths = paths;
    this.cards = cards;
  }

  ExecutionTimePredictor of(SimulationSpec spec, TableLimits limits) {
    return predictors.computeIfAbsent(
        new Key(spec.predictor(), spec.deployment(), limits),
        key ->
            spec.predictor()
                .create(
                    spec.deployment(),
                    limits,
                    profiles.computeIfAbsent(
                        spec.kvCache().blockTokens(),
                        tokens -> new MeasuredProfiles(paths, cards, tokens)),
                    spec.compatibility()));
  }
}
