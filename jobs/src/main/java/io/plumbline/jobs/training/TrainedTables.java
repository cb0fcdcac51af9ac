package io.plumbline.jobs.training;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.latency.LearnedSpec;
import io.plumbline.simulator.latency.Operator;
import io.plumbline.simulator.latency.OperatorProfile;
import io.plumbline.simulator.latency.OperatorTimes;
import io.plumbline.simulator.latency.TableLimits;
import io.plumbline.simulator.latency.TrainedOperators;
import io.plumbline.simulator.learning.TrainedModel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Latency tables trained in this process, for whoever has no Spark.
 *
 * @param operators how each operator was trained
 */
public record TrainedTables(OperatorTimes times, List<TrainedOperator> operators) {

  /**
   * Trains every operator of a profile. The number of threads does not matter to the result.
   *
   * @param limits as {@code Simulator.tableLimits} gives them
   */
  public static TrainedTables train(
      LearnedSpec spec,
      Deployment deployment,
      OperatorProfile profile,
      TableLimits limits,
      Compatibility compatibility,
      int threads) {
    List<TrainedOperator> trained =
        train(OperatorTraining.of(profile, spec.learner(), deployment), threads);
    return of(spec, profile, trained, limits, compatibility);
  }

  /** The tables of operators that were trained, all those of a profile. */
  public static TrainedTables of(
      LearnedSpec spec,
      OperatorProfile profile,
      List<TrainedOperator> trained,
      TableLimits limits,
      Compatibility compatibility) {
    return new TrainedTables(
        spec.times(operators(profile.operators(), trained), limits, compatibility), trained);
  }

  /** CPU time of all trainings together. */
  public double cpuSeconds() {
    return operators.stream().mapToDouble(TrainedOperator::cpuSeconds).sum();
  }

  /** The models of operators that were trained, by operator; each must be there once. */
  public static TrainedOperators operators(
      Collection<Operator> operators, Collection<TrainedOperator> trained) {
    Map<String, TrainedModel> byName = new LinkedHashMap<>();
    trained.forEach(operator -> byName.put(operator.operator(), operator.numbers().model()));
    Map<Operator, TrainedModel> models = new LinkedHashMap<>();
    operators.forEach(operator -> models.put(operator, byName.get(operator.profileName())));
    return new TrainedOperators(models);
  }

  /** Trains operators; the number of threads does not matter to the result. */
  public static List<TrainedOperator> train(List<OperatorTraining> trainings, int threads) {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      Map<String, Future<TrainedOperator>> running = new LinkedHashMap<>();
      trainings.stream()
          .sorted(Comparator.comparingLong(OperatorTraining::weight).reversed())
          .forEach(training -> running.put(training.operator(), pool.submit(training::run)));
      List<TrainedOperator> trained = new ArrayList<>();
      for (OperatorTraining training : trainings) {
        trained.add(running.get(training.operator()).get());
      }
      return trained;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while training", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }
}
