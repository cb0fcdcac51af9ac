package io.plumbline.simulator.reallm;

import io.plumbline.simulator.reallm.KernelTable.Latency;

/** Interpolation among a handful of points, on a line or in a Delaunay triangulation. */
final class Interpolation {
  /** How far outside of a triangle a point still counts as inside, in its own coordinates. */
  private static final double EDGE = 100 * Math.ulp(1.0);

  private static final double ROUND = 1e-9;

  private Interpolation() {}

  /** Piecewise linear; beyond the points the last slopes go on, even below zero. */
  static double onLine(double[] xs, double[] ys, double x) {
    int n = xs.length;
    double[] sorted = xs.clone();
    double[] values = ys.clone();
    for (int i = 1; i < n; i++) {
      for (int j = i; j > 0 && sorted[j - 1] > sorted[j]; j--) {
        swap(sorted, j);
        swap(values, j);
      }
    }
    int high = 1;
    while (high < n - 1 && sorted[high] < x) {
      high++;
    }
    double slope = (values[high] - values[high - 1]) / (sorted[high] - sorted[high - 1]);
    return slope * (x - sorted[high - 1]) + values[high - 1];
  }

  private static void swap(double[] array, int at) {
    double swapped = array[at];
    array[at] = array[at - 1];
    array[at - 1] = swapped;
  }

  /**
   * Barycentric in the Delaunay triangle around the place; the nearest point outside of all. Four
   * points on a circle have two triangulations, of which the first is taken.
   */
  static Latency onPlane(double[] xs, double[] ys, double[] values, double x, double y) {
    Latency found = null;
    for (int a = 0; a < xs.length; a++) {
      for (int b = a + 1; b < xs.length; b++) {
        for (int c = b + 1; c < xs.length; c++) {
          double value = inTriangle(xs, ys, values, new int[] {a, b, c}, x, y);
          if (!Double.isNaN(value)) {
            found = found == null ? Latency.of(value) : orIfApart(found, value);
          }
        }
      }
    }
    return found == null ? nearest(xs, ys, values, x, y) : found;
  }

  /** On an edge the triangles of both sides have the same value, but for rounding. */
  private static Latency orIfApart(Latency found, double value) {
    boolean same = Math.abs(value - found.seconds()) <= ROUND * Math.abs(found.seconds());
    return same ? found : found.or(value);
  }

  /** NaN if the place is not in it, or another point is in the circle around it. */
  private static double inTriangle(
      double[] xs, double[] ys, double[] values, int[] corners, double x, double y) {
    int a = corners[0];
    int b = corners[1];
    int c = corners[2];
    double bx = xs[b] - xs[a];
    double by = ys[b] - ys[a];
    double cx = xs[c] - xs[a];
    double cy = ys[c] - ys[a];
    double area = bx * cy - by * cx;
    if (area == 0) {
      return Double.NaN;
    }
    double weightB = ((x - xs[a]) * cy - (y - ys[a]) * cx) / area;
    double weightC = (bx * (y - ys[a]) - by * (x - xs[a])) / area;
    double weightA = 1 - weightB - weightC;
    if (weightA < -EDGE || weightB < -EDGE || weightC < -EDGE) {
      return Double.NaN;
    }
    double squareB = bx * bx + by * by;
    double squareC = cx * cx + cy * cy;
    double centreX = (cy * squareB - by * squareC) / (2 * area);
    double centreY = (bx * squareC - cx * squareB) / (2 * area);
    double radius = centreX * centreX + centreY * centreY;
    for (int other = 0; other < xs.length; other++) {
      double dx = xs[other] - xs[a] - centreX;
      double dy = ys[other] - ys[a] - centreY;
      boolean corner = other == a || other == b || other == c;
      if (!corner && dx * dx + dy * dy < radius * (1 - ROUND)) {
        return Double.NaN;
      }
    }
    return weightA * values[a] + weightB * values[b] + weightC * values[c];
  }

  private static Latency nearest(double[] xs, double[] ys, double[] values, double x, double y) {
    Latency found = null;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < xs.length; i++) {
      double distance = (xs[i] - x) * (xs[i] - x) + (ys[i] - y) * (ys[i] - y);
      if (distance < least) {
        least = distance;
        found = Latency.of(values[i]);
      } else if (distance == least) {
        found = found.or(values[i]);
      }
    }
    return found;
  }
}
