package io.plumbline.jobs.sweep;

import io.plumbline.jobs.training.OperatorTraining;
import io.plumbline.jobs.training.TrainedOperator;
import io.plumbline.jobs.training.TrainedTables;
import io.plumbline.simulator.PoolSpec;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.latency.LearnedSpec;
import io.plumbline.simulator.latency.OperatorProfile;
import io.plumbline.simulator.latency.OperatorTimes;
import io.plumbline.simulator.latency.ProfileQuery;
import io.plumbline.simulator.latency.ProfileSource;
import io.plumbline.simulator.latency.TableLimits;
import io.plumbline.simulator.latency.TrainedOperators;
import io.plumbline.simulator.learning.LearnerSpec;
import java.io.Serializable;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What a sweep's runs need of its profiles, to travel to all executors: measurements that are
 * interpolated, and models of those that were learned. Models travel, their tables do not: each JVM
 * makes these once, for all its tasks.
 */
final class SweepProfiles implements Serializable {
  private static final long serialVersionUID = 1;

  /** What one training serves. */
  private record LearnedKey(String profileHash, LearnerSpec learner) implements Serializable {}

  /** What tables depend on; the sizes of batches do not matter. */
  private record TablesKey(
      String profileHash,
      LearnedSpec spec,
      boolean vidurTablesHoldWholeBatches,
      Compatibility compatibility) {}

  private final Map<String, OperatorProfile> interpolated;
  private final Map<LearnedKey, TrainedOperators> learned;
  private final transient Map<TablesKey, OperatorTimes> tables = new ConcurrentHashMap<>();

  private SweepProfiles(
      Map<String, OperatorProfile> interpolated, Map<LearnedKey, TrainedOperators> learned) {
    this.interpolated = interpolated;
    this.learned = learned;
  }

  /**
   * Collects what some points need, after training what is to be learned.
   *
   * @param profiles by {@link SweepPoint#profileHashes()}
   * @param train gives the models of all trainings by their id
   */
  static SweepProfiles of(
      List<SweepPoint> points,
      Map<String, OperatorProfile> profiles,
      Function<Collection<OperatorTraining>, Map<String, TrainedOperator>> train) {
    Map<String, OperatorProfile> interpolated = new HashMap<>();
    Map<LearnedKey, List<OperatorTraining>> trainings = new LinkedHashMap<>();
    for (SweepPoint point : points) {
      for (int p = 0; p < point.profileHashes().size(); p++) {
        String hash = point.profileHashes().get(p);
        PoolSpec pool = point.spec().pools().get(p);
        LearnerSpec learner = pool.predictor().learner();
        if (learner != null) {
          trainings.computeIfAbsent(
              new LearnedKey(hash, learner),
              unused -> OperatorTraining.of(profiles.get(hash), learner, pool.deployment()));
        } else if (hash != null) {
          interpolated.put(hash, profiles.get(hash));
        }
      }
    }
    Map<String, TrainedOperator> trained =
        train.apply(trainings.values().stream().flatMap(List::stream).toList());
    Map<LearnedKey, TrainedOperators> learned = new HashMap<>();
    trainings.forEach(
        (key, wanted) ->
            learned.put(
                key,
                TrainedTables.operators(
                    profiles.get(key.profileHash()).operators(),
                    wanted.stream().map(one -> trained.get(one.modelId())).toList())));
    return new SweepProfiles(interpolated, learned);
  }

  /** The profile of the points with a hash. */
  ProfileSource source(String profileHash) {
    return new ProfileSource() {
      @Override
      public OperatorProfile profile(ProfileQuery query, Deployment deployment) {
        return interpolated.get(profileHash);
      }

      @Override
      public OperatorTimes learned(
          LearnedSpec spec,
          Deployment deployment,
          TableLimits limits,
          Compatibility compatibility) {
        TrainedOperators models = learned.get(new LearnedKey(profileHash, spec.learner()));
        return tables.computeIfAbsent(
            new TablesKey(profileHash, spec, limits.vidurTablesHoldWholeBatches(), compatibility),
            unused -> spec.times(models, limits, compatibility));
      }
    };
  }

  /** A copy in another JVM has no tables yet. */
  private Object readResolve() {
    return new SweepProfiles(interpolated, learned);
  }
}
