package io.plumbline.simulator.learning;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A trained model as plain numbers, for files. A polynomial is the sum over i of {@code ms[i] *
 * x^xAxis[i] * y^yAxis[i]}. Steps have their upper edges, which they include, on the axes, so one
 * step more than edges, and {@code ms} by step of x, then of y.
 *
 * @param features one or two; a model of one feature has no edge and no power on the second axis
 */
public record ModelNumbers(
    Kind kind, int features, double[] xAxis, double[] yAxis, double[] ms, TrainingReport report)
    implements Serializable {

  /** What the numbers mean. */
  public enum Kind {
    POLYNOMIAL,
    STEPS
  }

  public ModelNumbers {
    if (features < 1 || features > 2) {
      throw new IllegalArgumentException("features (%d) must be one or two".formatted(features));
    }
    boolean fits =
        kind == Kind.POLYNOMIAL
            ? xAxis.length == ms.length && yAxis.length == ms.length
            : (xAxis.length + 1L) * (yAxis.length + 1L) == ms.length;
    if (!fits) {
      throw new IllegalArgumentException(
          "%d numbers do not fit axes of %d and %d"
              .formatted(ms.length, xAxis.length, yAxis.length));
    }
  }

  /** The model with these numbers, equal to the one they were taken from. */
  public TrainedModel model() {
    if (kind == Kind.STEPS) {
      return new StepTable(features, new double[][] {xAxis, yAxis}, ms, report);
    }
    List<Term> terms = new ArrayList<>();
    for (int i = 0; i < ms.length; i++) {
      terms.add(new Term((int) xAxis[i], (int) yAxis[i]));
    }
    return new Polynomial(features, terms, ms, report);
  }

  static ModelNumbers of(Polynomial model) {
    return new ModelNumbers(
        Kind.POLYNOMIAL,
        model.features(),
        model.terms().stream().mapToDouble(Term::xPower).toArray(),
        model.terms().stream().mapToDouble(Term::yPower).toArray(),
        model.coefficients().clone(),
        model.report());
  }

  static ModelNumbers ofSteps(int features, double[][] edges, double[] ms, TrainingReport report) {
    return new ModelNumbers(
        Kind.STEPS, features, edges[0].clone(), edges[1].clone(), ms.clone(), report);
  }
}
