package io.plumbline.jobs.training;

import io.plumbline.files.BadInputException;
import io.plumbline.files.CodeVersion;
import io.plumbline.files.Json;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.latency.Operator;
import io.plumbline.simulator.latency.OperatorProfile;
import io.plumbline.simulator.learning.LearnerSpec;
import io.plumbline.simulator.learning.Samples;
import io.plumbline.simulator.learning.TrainedModel;
import io.plumbline.trace.Sha256;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * One operator to train: what travels to an executor.
 *
 * @param modelId hash of everything that determines the model: operator, measurements, learner, and
 *     the code of the learners, and what was drawn of shared random numbers before
 * @param operator its name in profiles
 * @param treesBefore as in {@link LearnerSpec#train(Samples, long)}
 * @param deployment a deployment that needs the model; others may share it
 */
public record OperatorTraining(
    String modelId,
    String operator,
    Samples samples,
    LearnerSpec learner,
    long treesBefore,
    Deployment deployment)
    implements Serializable {

  /** Other code may learn otherwise; the rest of the simulator does not matter. */
  private static final String LEARNERS_VERSION = CodeVersion.of(LearnerSpec.class);

  /** The trainings that a profile needs, in Vidur's order. */
  public static List<OperatorTraining> of(
      OperatorProfile profile, LearnerSpec learner, Deployment deployment) {
    List<OperatorTraining> trainings = new ArrayList<>();
    long trees = 0;
    for (Operator operator : Operator.inTrainingOrder()) {
      if (profile.operators().contains(operator)) {
        trainings.add(of(profile, operator, learner, trees, deployment));
        trees += learner.trees(profile.samples().get(operator).rows());
      }
    }
    return trainings;
  }

  /** The training of one operator of a profile. */
  public static OperatorTraining of(
      OperatorProfile profile,
      Operator operator,
      LearnerSpec learner,
      long treesBefore,
      Deployment deployment) {
    String modelId =
        "m"
            + new Sha256()
                .putText(operator.profileName())
                .putText(profile.contentHash(operator))
                .putText(Json.write(learner))
                .putText(LEARNERS_VERSION)
                .putLong(treesBefore)
                .shortHex();
    return new OperatorTraining(
        modelId,
        operator.profileName(),
        profile.samples().get(operator),
        learner,
        treesBefore,
        deployment);
  }

  /** How long it may take, compared to others. */
  public long weight() {
    return (long) samples.rows() * samples.features().length;
  }

  /**
   * Trains on the calling thread, whose CPU time is measured.
   *
   * @throws BadInputException if the measurements cannot be learned
   */
  public TrainedOperator run() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long startNanos = threads.getCurrentThreadCpuTime();
    TrainedModel model;
    try {
      model = learner.train(samples, treesBefore);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(
          "cannot learn %s of %s on %s: %s"
              .formatted(
                  operator, deployment.model().name(), deployment.device().name(), e.getMessage()),
          e);
    }
    double cpuSeconds = (threads.getCurrentThreadCpuTime() - startNanos) / 1e9;
    return new TrainedOperator(
        modelId,
        operator,
        Json.write(learner),
        deployment.model().name(),
        deployment.device().name(),
        deployment.parallelism().tensor(),
        cpuSeconds,
        Instant.now().toString(),
        model.numbers());
  }
}
