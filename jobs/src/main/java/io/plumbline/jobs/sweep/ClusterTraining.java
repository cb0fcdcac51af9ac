package io.plumbline.jobs.sweep;

import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import io.plumbline.jobs.table.OperatorModelRow;
import io.plumbline.jobs.table.PartitionWriter;
import io.plumbline.jobs.table.Table;
import io.plumbline.jobs.training.OperatorTraining;
import io.plumbline.jobs.training.TrainedOperator;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.LongAccumulator;

/**
 * Trains operators on Spark, each once: one task per operator, the biggest first. A task keeps its
 * model as soon as it has it, so an interrupted training goes on where it stopped.
 */
final class ClusterTraining {
  private final JavaSparkContext context;
  private final String resultsDir;
  private final String modelsDir;

  /**
   * @param resultsDir folder of the tables
   * @param modelsDir folder of trained models
   */
  ClusterTraining(SparkSession spark, String resultsDir, String modelsDir) {
    this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    this.resultsDir = resultsDir;
    this.modelsDir = modelsDir;
  }

  /**
   * Trains what is not there yet.
   *
   * @return all that was wanted, by model id
   */
  Map<String, TrainedOperator> train(Collection<OperatorTraining> wanted) {
    ModelStore store = new ModelStore(modelsDir);
    Map<String, TrainedOperator> trained = new LinkedHashMap<>();
    Map<String, OperatorTraining> missing = new LinkedHashMap<>();
    for (OperatorTraining training : wanted) {
      String id = training.modelId();
      if (!trained.containsKey(id) && !missing.containsKey(id)) {
        TrainedOperator found = store.find(id);
        if (found == null) {
          missing.put(id, training);
        } else {
          trained.put(id, found);
          addRow(found, resultsDir);
        }
      }
    }
    if (!missing.isEmpty()) {
      store.requireWritable();
      run(List.copyOf(missing.values())).forEach(done -> trained.put(done.modelId(), done));
    }
    return trained;
  }

  private List<TrainedOperator> run(List<OperatorTraining> trainings) {
    List<OperatorTraining> biggestFirst = new ArrayList<>(trainings);
    biggestFirst.sort(Comparator.comparingLong(OperatorTraining::weight).reversed());
    long total = trainings.stream().mapToLong(OperatorTraining::weight).sum();
    LongAccumulator done = context.sc().longAccumulator("measurements learned");
    CollectionAccumulator<String> summaries = context.sc().collectionAccumulator("trained");
    context.setJobGroup("training", "%d operator models".formatted(trainings.size()));
    String results = resultsDir;
    String models = modelsDir;
    try (Progress progress =
        new Progress("measurements learned", total, done::sum, summaries::value)) {
      return context
          .parallelize(biggestFirst, biggestFirst.size())
          .map(
              training -> {
                TrainedOperator trained = training.run();
                new ModelStore(models).put(trained);
                addRow(trained, results);
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

  private static void addRow(TrainedOperator trained, String resultsDir) {
    PartitionWriter writer = new PartitionWriter(resultsDir);
    List<String> partition = List.of(trained.modelId());
    if (!writer.exists(Table.OPERATOR_MODEL, partition)) {
      writer.replace(Table.OPERATOR_MODEL, partition, List.of(row(trained)).iterator());
    }
  }

  private static OperatorModelRow row(TrainedOperator trained) {
    return new OperatorModelRow(
        trained.modelId(),
        trained.operator(),
        trained.model(),
        trained.device(),
        trained.tensorParallel(),
        trained.report().rows(),
        trained.learnerJson(),
        Json.write(trained.parameters()),
        trained.report().crossValidationMape(),
        trained.report().trainingMape(),
        trained.cpuSeconds(),
        trained.trainedAt());
  }
}
