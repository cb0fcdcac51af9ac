package io.plumbline.simulator.latency;

import io.plumbline.simulator.learning.Samples;
import java.io.Serializable;
import java.util.Arrays;

/**
 * How much longer attention takes when some contexts of a batch are longer than others: the share
 * of the way from the time at the mean context to that at the longest, by buckets of five sizes.
 */
final class SkewTable implements Serializable {
  private static final long serialVersionUID = 1;

  /** Below this a share is the noise of its measurement: the profiler's own error is about 1 %. */
  private static final double NOTICEABLE_SHARE = 0.03;

  /** By axis, the upper bounds of the buckets, rising; of prefill tokens, the measured values. */
  private final double[][] bound;

  /** By all axes, the last one fastest; NaN where nothing was measured. */
  private final double[] share;

  private final double otherwise;

  SkewTable(Samples buckets, double otherwise) {
    this.otherwise = otherwise;
    int axes = buckets.features().length;
    this.bound = new double[axes][];
    int cells = 1;
    for (int axis = 0; axis < axes; axis++) {
      bound[axis] = Arrays.stream(buckets.features()[axis]).sorted().distinct().toArray();
      cells *= bound[axis].length;
    }
    this.share = new double[cells];
    Arrays.fill(share, Double.NaN);
    for (int row = 0; row < buckets.rows(); row++) {
      int cell = 0;
      for (int axis = 0; axis < axes; axis++) {
        int at = Arrays.binarySearch(bound[axis], buckets.features()[axis][row]);
        cell = cell * bound[axis].length + at;
      }
      share[cell] = buckets.targets()[row];
    }
  }

  /**
   * The share of a batch of decodes alone.
   *
   * @param decodes requests
   * @param meanPlace where the mean context lies between the shortest, 0, and the longest, 1
   * @param longest context
   */
  double share(int decodes, double meanPlace, double longest) {
    int cell = 0;
    cell = cell * bound[1].length + bucket(bound[1], decodes);
    cell = cell * bound[2].length + bucket(bound[2], meanPlace);
    cell = cell * bound[3].length + bucket(bound[3], longest);
    double found = share[cell * bound[4].length];
    return Double.isNaN(found) ? otherwise : found;
  }

  /**
   * The smallest measured batch in which one long context among short ones shows: from there on a
   * request's context is read by one block of threads and no longer split between several. 0 if it
   * shows in none.
   */
  int smallestUnsplitBatch(double longest) {
    for (double decodes : bound[1]) {
      if (share((int) decodes, 0, longest) > NOTICEABLE_SHARE
          && isMeasured((int) decodes, longest)) {
        return (int) decodes;
      }
    }
    return 0;
  }

  private boolean isMeasured(int decodes, double longest) {
    int cell = bucket(bound[1], decodes);
    cell = cell * bound[2].length;
    cell = cell * bound[3].length + bucket(bound[3], longest);
    return !Double.isNaN(share[cell * bound[4].length]);
  }

  private static int bucket(double[] bounds, double size) {
    int bucket = 0;
    while (bucket < bounds.length - 1 && bounds[bucket] < size) {
      bucket++;
    }
    return bucket;
  }
}
