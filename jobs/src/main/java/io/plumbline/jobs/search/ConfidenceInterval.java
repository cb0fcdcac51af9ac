package io.plumbline.jobs.search;

import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;

/**
 * The mean of independent values and its 95 % confidence interval by Student's t: mean ± t(0.975, n
 * - 1) s / √n.
 *
 * @param lower null with one value, as is {@code upper}
 */
record ConfidenceInterval(double mean, Double lower, Double upper) {
  private static final double UPPER_TAIL = 0.975;

  static ConfidenceInterval of(double[] values) {
    SummaryStatistics statistics = new SummaryStatistics();
    for (double value : values) {
      statistics.addValue(value);
    }
    double mean = statistics.getMean();
    if (values.length < 2) {
      return new ConfidenceInterval(mean, null, null);
    }
    double half =
        new TDistribution(values.length - 1).inverseCumulativeProbability(UPPER_TAIL)
            * statistics.getStandardDeviation()
            / Math.sqrt(values.length);
    return new ConfidenceInterval(mean, mean - half, mean + half);
  }
}
