package io.plumbline.simulator.learning;

/**
 * Mean absolute percentage error as Vidur scores its predictors: where the true time is 0 the error
 * is 0 % if exactly 0 is predicted and 100 % otherwise.
 */
final class PercentageError {
  private double sum;
  private int rows;

  void add(double actual, double predicted) {
    sum += ofRow(actual, predicted);
    rows++;
  }

  double mean() {
    return sum / rows;
  }

  private static double ofRow(double actual, double predicted) {
    if (actual == 0) {
      return predicted == 0 ? 0 : 100;
    }
    return Math.abs((actual - predicted) / actual) * 100;
  }
}
