package io.plumbline.jobs.training;

import io.plumbline.files.Names;
import io.plumbline.simulator.learning.ModelNumbers;
import io.plumbline.simulator.learning.TrainingReport;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/**
 * A trained operator and how it came about.
 *
 * @param modelId as in {@link OperatorTraining}
 * @param operator its name in profiles
 * @param learnerJson the learner with its whole search grid
 * @param model name of the model in the deployment that it was first trained for
 * @param device name of the device there
 * @param tensorParallel tensor degree there
 * @param cpuSeconds CPU time of the search and the final fit
 * @param trainedAt ISO-8601 instant
 */
public record TrainedOperator(
    String modelId,
    String operator,
    String learnerJson,
    String model,
    String device,
    int tensorParallel,
    double cpuSeconds,
    String trainedAt,
    ModelNumbers numbers)
    implements Serializable {

  /** How well it was learned. */
  public TrainingReport report() {
    return numbers.report();
  }

  /** What the search chose, under the names that files have for it. */
  public Map<String, String> parameters() {
    Map<String, String> parameters = new LinkedHashMap<>();
    report().parameters().forEach((name, value) -> parameters.put(Names.snake(name), value));
    return parameters;
  }

  /** One line for people. */
  public String summary() {
    StringJoiner chosen = new StringJoiner(", ");
    parameters().forEach((name, value) -> chosen.add(name + " " + value));
    return String.format(
        Locale.ROOT,
        "%s: %d rows, %s; error %.2f%% on rows held out, %.2f%% on all; %.1f s CPU",
        operator,
        report().rows(),
        chosen,
        report().crossValidationMape(),
        report().trainingMape(),
        cpuSeconds);
  }
}
