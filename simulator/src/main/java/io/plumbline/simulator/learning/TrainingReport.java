package io.plumbline.simulator.learning;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a model was chosen and how well it fits. Errors are mean absolute percentage errors, in
 * percent.
 *
 * @param parameters chosen value of each parameter of the grid, in the grid's order
 * @param crossValidationMape mean over the folds of the error on the rows held out
 * @param trainingMape error on the rows that the model was fitted to
 * @param rows number of those rows
 */
public record TrainingReport(
    Map<String, String> parameters, double crossValidationMape, double trainingMape, int rows)
    implements Serializable {

  public TrainingReport {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }
}
