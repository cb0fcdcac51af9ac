package io.plumbline.simulator.learning;

import java.util.List;

/** A fitted polynomial of one or two features. */
record Polynomial(int features, List<Term> terms, double[] coefficients, TrainingReport report)
    implements TrainedModel {

  @Override
  public double predict(double x) {
    Check.asked(1, features);
    return at(x, 0);
  }

  @Override
  public double predict(double x, double y) {
    Check.asked(2, features);
    return at(x, y);
  }

  @Override
  public ModelNumbers numbers() {
    return ModelNumbers.of(this);
  }

  private double at(double x, double y) {
    double ms = 0;
    for (int i = 0; i < coefficients.length; i++) {
      ms += coefficients[i] * terms.get(i).at(x, y);
    }
    return ms;
  }
}
