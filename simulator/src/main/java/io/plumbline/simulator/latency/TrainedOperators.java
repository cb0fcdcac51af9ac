package io.plumbline.simulator.latency;

import io.plumbline.simulator.learning.LearnerSpec;
import io.plumbline.simulator.learning.TrainedModel;
import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One trained model per operator of a profile.
 *
 * @param models with one feature or, for {@link AttentionOperator}s, the two these name
 */
public record TrainedOperators(Map<Operator, TrainedModel> models) implements Serializable {

  public TrainedOperators {
    models = Collections.unmodifiableMap(new LinkedHashMap<>(models));
  }

  /** Trains all operators of a profile, one after the other. */
  public static TrainedOperators train(OperatorProfile profile, LearnerSpec learner) {
    Map<Operator, TrainedModel> models = new LinkedHashMap<>();
    profile.samples().forEach((operator, rows) -> models.put(operator, learner.train(rows)));
    return new TrainedOperators(models);
  }
}
