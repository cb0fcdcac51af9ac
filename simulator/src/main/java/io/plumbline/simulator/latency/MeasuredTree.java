package io.plumbline.simulator.latency;

import io.plumbline.simulator.learning.Samples;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Time over several sizes, linear between the measured ones. For every measured value of the first
 * size there is a tree over the others, so the points need not fill a rectangle. Below its first
 * value a size counts as that one (a kernel has a floor); above its last, time follows the line
 * through the last two, never falling. Sizes may be absent: 0 is then a value of its own, and
 * nothing is interpolated between it and the next.
 */
final class MeasuredTree implements Serializable {
  private static final long serialVersionUID = 1;

  private final boolean[] mayBeAbsent;

  /** By level, the values of a size, those of one node in a row, rising. */
  private final double[][] key;

  /** By level and node, where its values begin; one more ends the last. */
  private final int[][] begin;

  /** Of the values of the last level. */
  private final double[] time;

  /**
   * Builds the tree of some points; those measured several times count as their mean.
   *
   * @param mayBeAbsent by size
   */
  MeasuredTree(Samples samples, boolean... mayBeAbsent) {
    int levels = samples.features().length;
    double[][] features = samples.features();
    Integer[] order = new Integer[samples.rows()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> compare(features, a, b));
    this.mayBeAbsent = mayBeAbsent.clone();
    this.key = new double[levels][order.length];
    this.begin = new int[levels][order.length + 1];
    this.time = new double[order.length];
    int[] count = new int[levels];
    int repeats = 0;
    for (int row = 0; row < order.length; row++) {
      int level = row == 0 ? 0 : firstDifference(features, order[row - 1], order[row]);
      if (level == levels) {
        // The same point again: the mean so far moves towards it.
        int at = count[levels - 1] - 1;
        repeats++;
        time[at] += (samples.targets()[order[row]] - time[at]) / (repeats + 1);
        continue;
      }
      repeats = 0;
      for (int l = level; l < levels; l++) {
        if (l < levels - 1) {
          begin[l + 1][count[l]] = count[l + 1];
        }
        key[l][count[l]++] = features[l][order[row]];
      }
      time[count[levels - 1] - 1] = samples.targets()[order[row]];
    }
    begin[0][1] = count[0];
    for (int l = 1; l < levels; l++) {
      begin[l][count[l - 1]] = count[l];
    }
  }

  private static int compare(double[][] features, int a, int b) {
    int level = firstDifference(features, a, b);
    return level == features.length ? 0 : Double.compare(features[level][a], features[level][b]);
  }

  private static int firstDifference(double[][] features, int a, int b) {
    int level = 0;
    while (level < features.length && features[level][a] == features[level][b]) {
      level++;
    }
    return level;
  }

  /** Time at a point. */
  double at(double... sizes) {
    return at(0, 0, sizes);
  }

  private double at(int level, int node, double[] sizes) {
    double[] keys = key[level];
    int from = begin[level][node];
    int to = begin[level][node + 1];
    double size = sizes[level];
    if (mayBeAbsent[level] && keys[from] == 0 && to - from > 1) {
      if (size <= 0) {
        return below(level, from, sizes);
      }
      from++;
    }
    if (to - from == 1 || size <= keys[from]) {
      return below(level, from, sizes);
    }
    int right = Math.min(upper(keys, from, to, size), to - 1);
    double low = below(level, right - 1, sizes);
    double share = (size - keys[right - 1]) / (keys[right] - keys[right - 1]);
    if (share == 0) {
      return low;
    }
    double high = below(level, right, sizes);
    return share > 1 ? high + Math.max(0, high - low) * (share - 1) : low + share * (high - low);
  }

  private double below(int level, int index, double[] sizes) {
    return level == key.length - 1 ? time[index] : at(level + 1, index, sizes);
  }

  /** The first index whose value is above a size. */
  private static int upper(double[] keys, int from, int to, double size) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (keys[middle] > size) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** Whether a point lies within what was measured. */
  boolean covers(double... sizes) {
    int node = 0;
    for (int level = 0; level < key.length; level++) {
      int from = begin[level][node];
      int to = begin[level][node + 1];
      if (sizes[level] < key[level][from] || sizes[level] > key[level][to - 1]) {
        return false;
      }
      node = upper(key[level], from, to, sizes[level]) - 1;
    }
    return true;
  }

  /** Whether every measured point that a point is interpolated from lies within its own row. */
  boolean encloses(double... sizes) {
    return encloses(0, 0, sizes);
  }

  private boolean encloses(int level, int node, double[] sizes) {
    if (level == key.length) {
      return true;
    }
    int from = begin[level][node];
    int to = begin[level][node + 1];
    double size = sizes[level];
    if (size < key[level][from] || size > key[level][to - 1]) {
      return false;
    }
    int left = upper(key[level], from, to, size) - 1;
    return encloses(level + 1, left, sizes)
        && (key[level][left] == size || encloses(level + 1, left + 1, sizes));
  }
}
