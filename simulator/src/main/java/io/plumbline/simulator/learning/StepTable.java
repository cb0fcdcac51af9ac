package io.plumbline.simulator.learning;

import java.util.Arrays;

/**
 * A piecewise constant function of one or two features: exactly what a forest computes, in two
 * binary searches.
 */
final class StepTable implements TrainedModel {
  private static final long serialVersionUID = 1;

  private final int features;
  private final double[][] edges;
  private final double[] ms;
  private final TrainingReport report;

  /**
   * A table.
   *
   * @param features one or two
   * @param edges on two axes, ascending; a step includes its upper edge
   * @param ms by step of the first axis, then of the second
   * @param report null as long as there is none
   */
  StepTable(int features, double[][] edges, double[] ms, TrainingReport report) {
    this.features = features;
    this.edges = edges;
    this.ms = ms;
    this.report = report;
  }

  StepTable with(TrainingReport newReport) {
    return new StepTable(features, edges, ms, newReport);
  }

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

  double at(double x, double y) {
    return ms[step(edges[0], x) * (edges[1].length + 1) + step(edges[1], y)];
  }

  private static int step(double[] edges, double value) {
    int found = Arrays.binarySearch(edges, value);
    return found >= 0 ? found : -found - 1;
  }

  @Override
  public TrainingReport report() {
    return report;
  }

  @Override
  public ModelNumbers numbers() {
    return ModelNumbers.ofSteps(features, edges, ms, report);
  }

  /** Number of steps: the size of the table. */
  int steps() {
    return ms.length;
  }
}
