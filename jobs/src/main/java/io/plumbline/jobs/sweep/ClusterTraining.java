package io.plumbline.jobs.sweep;

import io.plumbline.files.BadInputException;
import io.plumbline.files.Progress;
import io.plumbline.jobs.sweep.ModelTraining.ModelKeeper;
import io.plumbline.jobs.training.OperatorTraining;
import io.plumbline.jobs.training.TrainedOperator;
import java.util.List;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.LongAccumulator;

/**
 * Trains operators on Spark, one task per operator. A task keeps its model as soon as it has it, so
 * an interrupted training goes on where it stopped.
 */
final class ClusterTraining implements ModelTraining.Trainer {
  private final JavaSparkContext context;

  ClusterTraining(SparkSession spark) {
    this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
  }

  @Override
  public List<TrainedOperator> train(List<OperatorTraining> biggestFirst, ModelKeeper keeper) {
    long total = biggestFirst.stream().mapToLong(OperatorTraining::weight).sum();
    LongAccumulator done = context.sc().longAccumulator("measurements learned");
    CollectionAccumulator<String> summaries = context.sc().collectionAccumulator("trained");
    context.setJobGroup("training", "%d operator models".formatted(biggestFirst.size()));
    try (Progress progress =
        Progress.withEvents("measurements learned", total, done::sum, summaries::value)) {
      return context
          .parallelize(biggestFirst, biggestFirst.size())
          .map(
              training -> {
                TrainedOperator trained = training.run();
                keeper.keep(trained);
                summaries.add(trained.summary());
                done.add(training.weight());
                return trained;
              })
          .collect();
    } catch (Exception e) {
      throw explained(e);
    } finally {
      context.clearJobGroup();
    }
  }

  /** What a learner says of its data is for the user; Spark wraps it. */
  private static RuntimeException explained(Exception e) {
    if (e instanceof SparkException && e.getCause() instanceof BadInputException bad) {
      return bad;
    }
    return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
  }
}
