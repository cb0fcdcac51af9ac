package io.plumbline.jobs.sweep;

import io.plumbline.simulator.Simulator;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.simulator.latency.OperatorProfile;
import io.plumbline.trace.workload.Workload;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** What makes the predictors of points, to travel to all executors; trained where they learn. */
public final class PointPredictors implements Serializable {
  private static final long serialVersionUID = 1;

  private final SweepProfiles profiles;

  private PointPredictors(SweepProfiles profiles) {
    this.profiles = profiles;
  }

  /**
   * Trains what some points need and is not trained yet, on Spark.
   *
   * @param profiles by {@link SweepPoint#profileHashes()}
   * @param modelsDir folder of trained models
   */
  public static PointPredictors of(
      SparkSession spark,
      List<SweepPoint> points,
      Map<String, OperatorProfile> profiles,
      String resultsDir,
      String modelsDir) {
    return new PointPredictors(
        SweepProfiles.of(
            points,
            profiles,
            new ModelTraining(resultsDir, modelsDir, new ClusterTraining(spark))::train));
  }

  /** Predictors for the runs of a point, by pool; not for two of them at a time. */
  public List<ExecutionTimePredictor> predictors(SweepPoint point, Workload workload) {
    List<ExecutionTimePredictor> predictors = new ArrayList<>();
    for (int p = 0; p < point.profileHashes().size(); p++) {
      predictors.add(
          Simulator.predictor(
              point.spec(),
              point.spec().pools().get(p),
              workload,
              profiles.source(point.profileHashes().get(p))));
    }
    return predictors;
  }
}
