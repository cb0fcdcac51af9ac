package io.plumbline.reference.profiling;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;

/**
 * Points of two sizes that are worth measuring: a coarse rectangle first, then a further row or
 * column where straight lines between measured points miss most. How much they miss is seen at the
 * measured points themselves: at each, what the two beside it would have said. What comes next
 * follows from what was measured alone, so a grid that is measured again comes out the same.
 */
final class RefinedGrid {
  /** Sizes above it are multiples of it, as Vidur's are. */
  private static final int GRANULARITY = ProfileSizes.SHORTEST_TOKENS;

  private final NavigableSet<Integer> rows;
  private final NavigableSet<Integer> columns;
  private final BiPredicate<Integer, Integer> possible;
  private final BiFunction<Integer, Integer, BatchShape> shape;
  private final double tolerance;
  private final Map<Point, Double> nanos = new HashMap<>();

  /** Row and column. */
  record Point(int row, int column) {}

  /**
   * @param shape what is measured at a row and a column
   * @param possible which points can be measured at all
   * @param tolerance relative miss that is good enough
   */
  RefinedGrid(
      List<Integer> rows,
      List<Integer> columns,
      BiFunction<Integer, Integer, BatchShape> shape,
      BiPredicate<Integer, Integer> possible,
      double tolerance) {
    this.rows = new TreeSet<>(rows);
    this.columns = new TreeSet<>(columns);
    this.shape = shape;
    this.possible = possible;
    this.tolerance = tolerance;
  }

  /**
   * From a first size to a last one, each next one so many times as large; a first size of 0 is
   * followed by a short one.
   */
  static List<Integer> geometric(int first, int last, int ratio) {
    List<Integer> sizes = new ArrayList<>();
    if (first == 0) {
      sizes.add(0);
    }
    for (int size = Math.max(first, first == 0 ? GRANULARITY * ratio : 1);
        size < last;
        size *= ratio) {
      sizes.add(size);
    }
    sizes.add(last);
    return sizes;
  }

  NavigableSet<Integer> rows() {
    return rows;
  }

  /** What is measured at a point. */
  BatchShape shape(Point point) {
    return shape.apply(point.row(), point.column());
  }

  /** Takes the time of a point. */
  void measured(Point point, double timeNanos) {
    nanos.put(point, timeNanos);
  }

  /** Points of the grid as it is now. */
  List<Point> points() {
    List<Point> points = new ArrayList<>();
    for (int row : rows) {
      for (int column : columns) {
        if (possible.test(row, column)) {
          points.add(new Point(row, column));
        }
      }
    }
    return points;
  }

  /** The points that are not measured. */
  List<Point> missing() {
    return points().stream().filter(p -> !nanos.containsKey(p)).toList();
  }

  /** The size that an axis gets next, and how much lines miss beside it. */
  private record Refinement(NavigableSet<Integer> axis, int size, double miss) {}

  /** Makes the grid finer where lines miss most; false if they are good enough everywhere. */
  boolean refine() {
    Refinement worst = null;
    for (boolean alongRows : new boolean[] {true, false}) {
      NavigableSet<Integer> axis = alongRows ? rows : columns;
      NavigableSet<Integer> others = alongRows ? columns : rows;
      for (int at : axis) {
        Integer before = axis.lower(at);
        Integer after = axis.higher(at);
        if (before == null || after == null) {
          continue;
        }
        double miss = 0;
        for (int other : others) {
          miss = Math.max(miss, miss(alongRows, other, before, at, after));
        }
        // The wider side is the one to blame; where it cannot be parted, the other.
        Integer lower = between(before, at);
        Integer upper = between(at, after);
        Integer size = upper == null || (lower != null && at - before > after - at) ? lower : upper;
        if (size != null && miss > tolerance && (worst == null || miss > worst.miss())) {
          worst = new Refinement(axis, size, miss);
        }
      }
    }
    if (worst != null) {
      worst.axis().add(worst.size());
    }
    return worst != null;
  }

  private double miss(boolean alongRows, int other, int before, int at, int after) {
    Double low = nanos.get(alongRows ? new Point(before, other) : new Point(other, before));
    Double here = nanos.get(alongRows ? new Point(at, other) : new Point(other, at));
    Double high = nanos.get(alongRows ? new Point(after, other) : new Point(other, after));
    if (low == null || here == null || high == null) {
      return 0;
    }
    double share = (double) (at - before) / (after - before);
    return Math.abs(low + share * (high - low) - here) / here;
  }

  /** The size halfway, by ratio where there is one; null if there is none between. */
  private Integer between(int low, int high) {
    int middle = (int) Math.round(low == 0 ? high / 2.0 : Math.sqrt((double) low * high));
    if (middle > GRANULARITY) {
      middle = Math.round((float) middle / GRANULARITY) * GRANULARITY;
    }
    return middle > low && middle < high ? (Integer) middle : null;
  }
}
