package io.plumbline.simulator.learning;

import java.io.Serializable;

/**
 * Measured points in file order; a point that was measured twice is two rows. The arrays are not
 * copied.
 *
 * @param features by feature and row; learners take one or two, interpolation more
 * @param targets time of each row, in ms
 */
public record Samples(double[][] features, double[] targets) implements Serializable {
  private static final int MAX_FEATURES = 5;

  public Samples {
    if (features.length < 1 || features.length > MAX_FEATURES) {
      throw new IllegalArgumentException(
          "features (%d) must be 1 to %d".formatted(features.length, MAX_FEATURES));
    }
    requireFinite("targets", targets);
    for (int f = 0; f < features.length; f++) {
      if (features[f].length != targets.length) {
        throw new IllegalArgumentException(
            "feature %d has %d rows but there are %d targets"
                .formatted(f, features[f].length, targets.length));
      }
      requireFinite("feature " + f, features[f]);
    }
  }

  /** Number of rows. */
  public int rows() {
    return targets.length;
  }

  private static void requireFinite(String what, double[] values) {
    for (int row = 0; row < values.length; row++) {
      if (!Double.isFinite(values[row])) {
        throw new IllegalArgumentException(
            "%s has %s in row %d, not a finite number".formatted(what, values[row], row));
      }
    }
  }
}
