package io.plumbline.simulator.latency;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Time over one size, linear between measured points. Points measured several times count as their
 * mean. Below the first point the time is that point's (a kernel has a floor); above the last it
 * follows the line through the last two, never falling.
 */
public final class MeasuredCurve implements Serializable {
  private static final long serialVersionUID = 1;

  private final double[] size;
  private final double[] ms;

  /** Points in any order; sizes may repeat. */
  public MeasuredCurve(double[] sizes, double[] timesMs) {
    if (sizes.length == 0 || sizes.length != timesMs.length) {
      throw new IllegalArgumentException(
          "a curve needs as many sizes (%d) as times (%d), and at least one"
              .formatted(sizes.length, timesMs.length));
    }
    Integer[] order = new Integer[sizes.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Double.compare(sizes[a], sizes[b]));
    double[] distinct = new double[sizes.length];
    double[] mean = new double[sizes.length];
    int points = 0;
    for (int i = 0; i < order.length; ) {
      double at = sizes[order[i]];
      double sum = 0;
      int first = i;
      while (i < order.length && sizes[order[i]] == at) {
        sum += timesMs[order[i++]];
      }
      distinct[points] = at;
      mean[points++] = sum / (i - first);
    }
    this.size = Arrays.copyOf(distinct, points);
    this.ms = Arrays.copyOf(mean, points);
  }

  /** Time at a size. */
  public double ms(double at) {
    int last = size.length - 1;
    if (at <= size[0]) {
      return ms[0];
    }
    if (at >= size[last]) {
      double slope =
          last == 0 ? 0 : Math.max(0, (ms[last] - ms[last - 1]) / (size[last] - size[last - 1]));
      return ms[last] + slope * (at - size[last]);
    }
    int found = Arrays.binarySearch(size, at);
    if (found >= 0) {
      return ms[found];
    }
    int right = -found - 1;
    double share = (at - size[right - 1]) / (size[right] - size[right - 1]);
    return ms[right - 1] + share * (ms[right] - ms[right - 1]);
  }
}
