package io.plumbline.simulator.reallm;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The timed shapes of one kind of kernel, and ReaLLM's look-up in them: the row itself, else an
 * interpolation among up to five rows that share the sizes of the row that shares the most, else
 * the nearest row. Rows stay in the order of their file, on which ties depend.
 */
public final class KernelTable {
  private static final int NEIGHBOURS = 5;

  private final KernelKind kind;
  private final int dimensions;
  private final long[] shapes;
  private final double[] seconds;
  private final Map<List<Long>, Integer> exact = new HashMap<>();

  /**
   * @param shapes sizes, row after row; of equal ones the last counts
   * @param seconds latencies by row
   */
  public KernelTable(KernelKind kind, long[][] shapes, double[] seconds) {
    if (shapes.length == 0 || shapes.length != seconds.length) {
      throw new IllegalArgumentException(
          "%s has %d shapes and %d latencies, but needs as many of both, and at least one"
              .formatted(kind.word(), shapes.length, seconds.length));
    }
    this.kind = kind;
    this.dimensions = kind.dimensions();
    Map<List<Long>, Integer> last = new HashMap<>();
    for (int row = 0; row < shapes.length; row++) {
      last.put(key(shapes[row]), row);
    }
    this.shapes = new long[last.size() * dimensions];
    this.seconds = new double[last.size()];
    int kept = 0;
    for (int row = 0; row < shapes.length; row++) {
      List<Long> key = key(shapes[row]);
      if (last.get(key) == row) {
        System.arraycopy(shapes[row], 0, this.shapes, kept * dimensions, dimensions);
        this.seconds[kept] = seconds[row];
        exact.put(key, kept);
        kept++;
      }
    }
  }

  private List<Long> key(long[] shape) {
    if (shape.length != dimensions) {
      throw new IllegalArgumentException(
          "a shape of %s has %d sizes, not %d".formatted(kind.word(), dimensions, shape.length));
    }
    Long[] key = new Long[dimensions];
    for (int i = 0; i < dimensions; i++) {
      key[i] = shape[i];
    }
    return List.of(key);
  }

  /** The latency of one kernel. */
  public Latency lookUp(long... shape) {
    Integer row = exact.get(key(shape));
    if (row != null) {
      return Latency.of(seconds[row]);
    }
    return near(shape).plus(kind.overheadSeconds());
  }

  private Latency near(long[] shape) {
    int model = sharingMost(shape);
    boolean[] fixed = new boolean[dimensions];
    for (int i = 0; i < dimensions; i++) {
      fixed[i] = shapes[model * dimensions + i] == shape[i];
    }
    int[] kept = new int[NEIGHBOURS];
    int count = neighbours(shape, fixed, kept);
    return count < 2 ? nearest(shape) : interpolated(shape, kept, count);
  }

  /** The first row with the fewest sizes that differ. */
  private int sharingMost(long[] shape) {
    int best = 0;
    int fewest = Integer.MAX_VALUE;
    for (int row = 0; row < seconds.length; row++) {
      int differing = 0;
      for (int i = 0; i < dimensions; i++) {
        differing += shapes[row * dimensions + i] == shape[i] ? 0 : 1;
      }
      if (differing < fewest) {
        fewest = differing;
        best = row;
      }
    }
    return best;
  }

  /** The nearest rows by the sum of differences among those that share sizes, in order. */
  private int neighbours(long[] shape, boolean[] fixed, int[] kept) {
    long[] distances = new long[NEIGHBOURS];
    int count = 0;
    for (int row = 0; row < seconds.length; row++) {
      long distance = distanceIfSharing(row, shape, fixed);
      if (distance < 0 || (count == NEIGHBOURS && distance >= distances[NEIGHBOURS - 1])) {
        continue;
      }
      int at = count < NEIGHBOURS ? count++ : NEIGHBOURS - 1;
      while (at > 0 && distances[at - 1] > distance) {
        distances[at] = distances[at - 1];
        kept[at] = kept[at - 1];
        at--;
      }
      distances[at] = distance;
      kept[at] = row;
    }
    return count;
  }

  private long distanceIfSharing(int row, long[] shape, boolean[] fixed) {
    long distance = 0;
    for (int i = 0; i < dimensions; i++) {
      long apart = Math.abs(shapes[row * dimensions + i] - shape[i]);
      if (fixed[i] && apart != 0) {
        return -1;
      }
      distance += apart;
    }
    return distance;
  }

  /** The first of the nearest rows of all. A tree may give another one of equal distance. */
  private Latency nearest(long[] shape) {
    Latency found = null;
    double least = Double.POSITIVE_INFINITY;
    for (int row = 0; row < seconds.length; row++) {
      double distance = 0;
      for (int i = 0; i < dimensions; i++) {
        double apart = shapes[row * dimensions + i] - shape[i];
        distance += apart * apart;
      }
      if (distance < least) {
        least = distance;
        found = Latency.of(seconds[row]);
      } else if (distance == least) {
        found = found.or(seconds[row]);
      }
    }
    return found;
  }

  private Latency interpolated(long[] shape, int[] kept, int count) {
    int[] varying = new int[dimensions];
    int axes = 0;
    for (int i = 0; i < dimensions; i++) {
      for (int n = 1; n < count; n++) {
        if (shapes[kept[n] * dimensions + i] != shapes[kept[0] * dimensions + i]) {
          varying[axes++] = i;
          break;
        }
      }
    }
    if (axes == 1) {
      double[][] points = points(kept, count, varying[0], varying[0]);
      return Latency.of(Interpolation.onLine(points[0], points[2], shape[varying[0]]));
    }
    if (axes == 2 && count >= 3) {
      double[][] points = points(kept, count, varying[0], varying[1]);
      return Interpolation.onPlane(
          points[0], points[1], points[2], shape[varying[0]], shape[varying[1]]);
    }
    return Latency.of(seconds[kept[0]]);
  }

  private double[][] points(int[] kept, int count, int first, int second) {
    double[][] points = new double[3][count];
    for (int n = 0; n < count; n++) {
      points[0][n] = shapes[kept[n] * dimensions + first];
      points[1][n] = shapes[kept[n] * dimensions + second];
      points[2][n] = seconds[kept[n]];
    }
    return points;
  }

  /**
   * A latency that was looked up. Rows at equal distances, or two triangulations, have several
   * answers.
   *
   * @param seconds the first answer
   * @param lowest of all answers
   * @param highest of all answers
   */
  public record Latency(double seconds, double lowest, double highest) {
    static Latency of(double seconds) {
      return new Latency(seconds, seconds, seconds);
    }

    /** The same with another answer besides. */
    Latency or(double other) {
      return new Latency(seconds, Math.min(lowest, other), Math.max(highest, other));
    }

    Latency plus(double overheadSeconds) {
      return new Latency(
          seconds + overheadSeconds, lowest + overheadSeconds, highest + overheadSeconds);
    }

    /** Whether there is more than one answer. */
    public boolean tied() {
      return lowest < highest;
    }

    double seconds(TieChoice choice) {
      return switch (choice) {
        case FIRST -> seconds;
        case LOWEST -> lowest;
        case HIGHEST -> highest;
      };
    }
  }
}
