package io.plumbline.simulator.latency;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Time over two sizes: one curve over the second for every measured value of the first, linear
 * between the curves. The measured points need not fill a rectangle.
 */
public final class MeasuredGrid implements Serializable {
  private static final long serialVersionUID = 1;

  private final double[] row;
  private final MeasuredCurve[] curve;

  /** Points in any order. */
  public MeasuredGrid(double[] rows, double[] columns, double[] timesMs) {
    Map<Double, List<Integer>> byRow = new TreeMap<>();
    for (int i = 0; i < rows.length; i++) {
      byRow.computeIfAbsent(rows[i], unused -> new ArrayList<>()).add(i);
    }
    this.row = new double[byRow.size()];
    this.curve = new MeasuredCurve[byRow.size()];
    int next = 0;
    for (Map.Entry<Double, List<Integer>> entry : byRow.entrySet()) {
      double[] sizes = entry.getValue().stream().mapToDouble(i -> columns[i]).toArray();
      double[] times = entry.getValue().stream().mapToDouble(i -> timesMs[i]).toArray();
      row[next] = entry.getKey();
      curve[next++] = new MeasuredCurve(sizes, times);
    }
    if (row.length == 0) {
      throw new IllegalArgumentException("a grid needs at least one point");
    }
  }

  /** Time at a point; beyond the rows as {@link MeasuredCurve} beyond its points. */
  public double ms(double atRow, double atColumn) {
    if (row.length == 1 || atRow <= row[0]) {
      return curve[0].ms(atColumn);
    }
    int right = 1;
    while (right < row.length - 1 && row[right] < atRow) {
      right++;
    }
    double low = curve[right - 1].ms(atColumn);
    double high = curve[right].ms(atColumn);
    double share = (atRow - row[right - 1]) / (row[right] - row[right - 1]);
    if (share > 1) {
      return high + Math.max(0, high - low) * (share - 1);
    }
    return low + share * (high - low);
  }
}
