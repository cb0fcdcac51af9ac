package io.plumbline.jobs.sweep;

import io.plumbline.files.Json;
import io.plumbline.jobs.table.OperatorModelRow;
import io.plumbline.jobs.table.PartitionWriter;
import io.plumbline.jobs.table.Table;
import io.plumbline.jobs.training.OperatorTraining;
import io.plumbline.jobs.training.TrainedOperator;
import java.io.Serializable;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps trained operators, so that each is trained once; who trains them is left open. */
final class ModelTraining {
  /** Trains operators, of which the first take longest. */
  interface Trainer {
    /** Trains all of them and hands each to the keeper as soon as it is there. */
    List<TrainedOperator> train(List<OperatorTraining> biggestFirst, ModelKeeper keeper);
  }

  private final String resultsDir;
  private final String modelsDir;
  private final Trainer trainer;

  /**
   * @param resultsDir folder of the tables
   * @param modelsDir folder of trained models
   */
  ModelTraining(String resultsDir, String modelsDir, Trainer trainer) {
    this.resultsDir = resultsDir;
    this.modelsDir = modelsDir;
    this.trainer = trainer;
  }

  /**
   * Trains what is not there yet.
   *
   * @return all that was wanted, by model id
   */
  Map<String, TrainedOperator> train(Collection<OperatorTraining> wanted) {
    ModelStore store = new ModelStore(modelsDir);
    ModelKeeper keeper = new ModelKeeper(resultsDir, modelsDir);
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
          keeper.addRow(found);
        }
      }
    }
    if (!missing.isEmpty()) {
      store.requireWritable();
      List<OperatorTraining> biggestFirst =
          missing.values().stream()
              .sorted(Comparator.comparingLong(OperatorTraining::weight).reversed())
              .toList();
      trainer.train(biggestFirst, keeper).forEach(done -> trained.put(done.modelId(), done));
    }
    return trained;
  }

  /**
   * Writes trained operators down: the model for later sweeps, a row for people.
   *
   * @param resultsDir folder of the tables
   * @param modelsDir folder of trained models
   */
  record ModelKeeper(String resultsDir, String modelsDir) implements Serializable {
    void keep(TrainedOperator trained) {
      new ModelStore(modelsDir).put(trained);
      addRow(trained);
    }

    void addRow(TrainedOperator trained) {
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
}
