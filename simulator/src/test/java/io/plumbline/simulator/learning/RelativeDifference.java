package io.plumbline.simulator.learning;

import java.util.Arrays;

/** How far the predictions of a model are from those of another over a whole table. */
record RelativeDifference(double median, double p99, double max) {

  /**
   * Compares.
   *
   * @param table columns of features and the other model's predictions
   */
  static RelativeDifference between(TrainedModel model, double[][] table) {
    double[] expected = table[table.length - 1];
    double[] differences = new double[expected.length];
    for (int row = 0; row < expected.length; row++) {
      double predicted =
          table.length == 2
              ? model.predict(table[0][row])
              : model.predict(table[0][row], table[1][row]);
      differences[row] =
          predicted == expected[row] ? 0 : Math.abs((predicted - expected[row]) / expected[row]);
    }
    Arrays.sort(differences);
    return new RelativeDifference(
        differences[differences.length / 2],
        differences[(int) (0.99 * (differences.length - 1))],
        differences[differences.length - 1]);
  }
}
