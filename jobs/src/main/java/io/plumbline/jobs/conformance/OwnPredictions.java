package io.plumbline.jobs.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.card.HardwareCards;
import io.plumbline.jobs.profile.VidurProfiles;
import io.plumbline.jobs.training.OperatorTraining;
import io.plumbline.jobs.training.TrainedOperator;
import io.plumbline.jobs.training.TrainedTables;
import io.plumbline.jobs.vidur.VidurSimulation;
import io.plumbline.simulator.SimulationSpec;
import io.plumbline.simulator.Simulator;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.latency.AttentionOperator;
import io.plumbline.simulator.latency.HostOperator;
import io.plumbline.simulator.latency.LearnedSpec;
import io.plumbline.simulator.latency.Operator;
import io.plumbline.simulator.latency.OperatorProfile;
import io.plumbline.simulator.latency.TableLimits;
import io.plumbline.simulator.learning.LearnerSpec;
import io.plumbline.simulator.learning.Samples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * Learns what recorded runs of Vidur predicted with, as the original learned it: from the points
 * that were recorded with the tables, and with the same random numbers. The original keeps trained
 * operators in a cache; a run takes random numbers only for those that no earlier run trained.
 */
final class OwnPredictions {
  /**
   * What was learned for a case.
   *
   * @param notes where the measurements are not those of the profile
   */
  record Learned(TrainedTables tables, List<String> notes) {}

  private final HardwareCards cards;
  private final PathResolver profilePaths;
  private final Map<String, TrainedOperator> cache = new HashMap<>();
  private final Map<List<Object>, Learned> learned = new HashMap<>();

  /**
   * @param profilePaths where profiles are looked for
   */
  OwnPredictions(HardwareCards cards, PathResolver profilePaths) {
    this.cards = cards;
    this.profilePaths = profilePaths;
  }

  /** What a case is learned from; equal for cases that share all their predictions. */
  static List<Object> key(VidurCase golden, VidurSimulation simulation) {
    SimulationSpec spec = simulation.spec();
    return Arrays.asList(
        golden.tables(),
        spec.predictor(),
        spec.deployment(),
        spec.kvCache().blockTokens(),
        limits(simulation).vidurTablesHoldWholeBatches());
  }

  private static TableLimits limits(VidurSimulation simulation) {
    return Simulator.tableLimits(simulation.spec(), simulation.workload());
  }

  Learned learn(VidurCase golden, VidurSimulation simulation) {
    List<Object> key = key(golden, simulation);
    Learned found = learned.get(key);
    if (found == null) {
      found = learnAnew(golden, simulation);
      learned.put(key, found);
    }
    return found;
  }

  private Learned learnAnew(VidurCase golden, VidurSimulation simulation) {
    SimulationSpec spec = simulation.spec();
    LearnedSpec predictor = (LearnedSpec) spec.predictor();
    List<String> notes = new ArrayList<>();
    OperatorProfile profile =
        withRecordedPoints(
            golden,
            new VidurProfiles(profilePaths, cards, spec.kvCache().blockTokens())
                .profile(predictor.profileQuery(), spec.deployment()),
            notes);
    List<OperatorTraining> trainings =
        trainings(golden, profile, predictor.learner(), spec.deployment());
    TrainedTables.train(
            trainings.stream().filter(training -> !cache.containsKey(training.modelId())).toList(),
            Runtime.getRuntime().availableProcessors())
        .forEach(trained -> cache.put(trained.modelId(), trained));
    List<TrainedOperator> trained =
        trainings.stream().map(training -> cache.get(training.modelId())).toList();
    return new Learned(
        TrainedTables.of(predictor, profile, trained, limits(simulation), Compatibility.VIDUR),
        notes);
  }

  private static List<OperatorTraining> trainings(
      VidurCase golden, OperatorProfile profile, LearnerSpec learner, Deployment deployment) {
    if (golden.operators().isMissingNode()) {
      return OperatorTraining.of(profile, learner, deployment);
    }
    return profile.operators().stream()
        .map(
            operator ->
                OperatorTraining.of(
                    profile, operator, learner, treesBefore(golden, operator, learner), deployment))
        .toList();
  }

  /** Trees that the original grew before an operator's in the process that trained it. */
  private static long treesBefore(VidurCase golden, Operator operator, LearnerSpec learner) {
    List<JsonNode> sets = new ArrayList<>(golden.earlierOperators());
    sets.add(golden.operators());
    int trainedWith = firstSet(sets, golden.operators(), operator);
    JsonNode trained = sets.get(trainedWith);
    long trees = 0;
    for (Operator before : Operator.inTrainingOrder()) {
      if (before == operator) {
        break;
      }
      if (trained.has(before.profileName()) && firstSet(sets, trained, before) == trainedWith) {
        trees += learner.trees(trained.path(before.profileName()).path("n_rows").asInt());
      }
    }
    return trees;
  }

  /** The first set with the same model of an operator: CPU time and all. */
  private static int firstSet(List<JsonNode> sets, JsonNode set, Operator operator) {
    JsonNode model = set.path(operator.profileName());
    int first = 0;
    while (!sets.get(first).path(operator.profileName()).equals(model)) {
      first++;
    }
    return first;
  }

  /** Takes the points that the original was trained on, if they were recorded and are others. */
  private static OperatorProfile withRecordedPoints(
      VidurCase golden, OperatorProfile profile, List<String> notes) {
    Map<Operator, Samples> samples = new LinkedHashMap<>();
    profile
        .samples()
        .forEach(
            (operator, measured) -> {
              Samples recorded = recordedPoints(golden, operator);
              if (recorded == null || equal(recorded, measured)) {
                samples.put(operator, measured);
                return;
              }
              samples.put(operator, recorded);
              notes.add(
                  "%s: learned from the %d points that were recorded with the run; the profile has %d others"
                      .formatted(operator.profileName(), recorded.rows(), measured.rows()));
            });
    return new OperatorProfile(samples);
  }

  private static Samples recordedPoints(VidurCase golden, Operator operator) {
    Path file =
        golden.tables() == null
            ? null
            : golden.tables().resolve("train").resolve(operator.profileName() + ".csv.gz");
    if (file == null || !Files.exists(file)) {
      return null;
    }
    List<String> columns =
        operator == AttentionOperator.PREFILL
            ? List.of("kv_cache_size", "prefill_chunk_size_squared", "target")
            : operator == AttentionOperator.DECODE
                ? List.of("batch_size", "kv_cache_size", "target")
                : List.of(operator instanceof HostOperator ? "batch_size" : "num_tokens", "target");
    List<DoubleStream.Builder> values =
        columns.stream().map(unused -> DoubleStream.builder()).toList();
    new CsvTable(file, columns.toArray(String[]::new))
        .forEach(
            row -> {
              for (int i = 0; i < columns.size(); i++) {
                values.get(i).add(row.number(columns.get(i)));
              }
            });
    double[][] arrays =
        values.stream().map(column -> column.build().toArray()).toArray(double[][]::new);
    int features = arrays.length - 1;
    return new Samples(Arrays.copyOf(arrays, features), arrays[features]);
  }

  private static boolean equal(Samples one, Samples other) {
    return Arrays.deepEquals(one.features(), other.features())
        && Arrays.equals(one.targets(), other.targets());
  }
}
