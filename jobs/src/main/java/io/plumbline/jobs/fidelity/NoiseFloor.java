package io.plumbline.jobs.fidelity;

import java.io.Serializable;
import java.util.Arrays;

/**
 * How far measured runs of the same load are from each other. A simulator cannot be told from one
 * more run of the real thing when its error is below the floor.
 *
 * @param spreadPercent 100 * (largest - smallest) / mean
 * @param floorPercent 100 * mean distance between two repeats / mean; unlike the spread it does not
 *     grow with the number of repeats
 */
record NoiseFloor(double spreadPercent, double floorPercent) implements Serializable {
  /**
   * The floor of a statistic.
   *
   * @param repeats its value in each repeat
   * @return null if there are no two repeats or their mean is 0: then the floor is unknown
   */
  static NoiseFloor of(double[] repeats) {
    double mean = Arrays.stream(repeats).average().orElse(0);
    if (repeats.length < 2 || mean == 0 || Double.isNaN(mean)) {
      return null;
    }
    double distances = 0;
    for (int i = 0; i < repeats.length; i++) {
      for (int j = i + 1; j < repeats.length; j++) {
        distances += Math.abs(repeats[i] - repeats[j]);
      }
    }
    double pairs = repeats.length * (repeats.length - 1) / 2.0;
    double spread =
        Arrays.stream(repeats).max().orElseThrow() - Arrays.stream(repeats).min().orElseThrow();
    return new NoiseFloor(100 * spread / mean, 100 * distances / pairs / mean);
  }

  /** The word in the tables for a floor, which may be null. */
  static String word(NoiseFloor floor) {
    return floor == null ? "unknown" : floor.floorPercent() == 0 ? "zero" : "known";
  }
}
