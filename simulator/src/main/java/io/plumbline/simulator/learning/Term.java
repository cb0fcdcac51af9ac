package io.plumbline.simulator.learning;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** A product of powers of the features; the power of an absent second feature is 0. */
record Term(int xPower, int yPower) implements Serializable {

  /** All terms up to a degree, the constant first, in the order of scikit-learn. */
  static List<Term> upTo(int degree, int features) {
    List<Term> terms = new ArrayList<>();
    for (int d = 0; d <= degree; d++) {
      for (int x = d; x >= (features == 1 ? d : 0); x--) {
        terms.add(new Term(x, d - x));
      }
    }
    return terms;
  }

  int degree() {
    return xPower + yPower;
  }

  boolean isInteraction() {
    return xPower <= 1 && yPower <= 1;
  }

  double at(double x, double y) {
    return power(x, xPower) * power(y, yPower);
  }

  private static double power(double base, int exponent) {
    double power = 1;
    for (int i = 0; i < exponent; i++) {
      power *= base;
    }
    return power;
  }
}
