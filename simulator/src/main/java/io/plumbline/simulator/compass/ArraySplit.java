package io.plumbline.simulator.compass;

import java.io.Serializable;
import java.util.List;

/** How many of a core's arrays share the rows, the columns and the inner dimension of a tile. */
public record ArraySplit(int m, int n, int k) implements Serializable {

  /**
   * All ways to share so many arrays, in the order in which the original's set has them: ties go to
   * the first.
   */
  static List<ArraySplit> ofArrays(int arrays) {
    return switch (arrays) {
      case 1 -> List.of(new ArraySplit(1, 1, 1));
      case 2 -> List.of(new ArraySplit(1, 2, 1), new ArraySplit(2, 1, 1), new ArraySplit(1, 1, 2));
      case 4 ->
          List.of(
              new ArraySplit(4, 1, 1),
              new ArraySplit(1, 2, 2),
              new ArraySplit(2, 1, 2),
              new ArraySplit(2, 2, 1),
              new ArraySplit(1, 1, 4),
              new ArraySplit(1, 4, 1));
      case 8 ->
          List.of(
              new ArraySplit(2, 2, 2),
              new ArraySplit(1, 8, 1),
              new ArraySplit(2, 4, 1),
              new ArraySplit(4, 2, 1),
              new ArraySplit(1, 1, 8),
              new ArraySplit(4, 1, 2),
              new ArraySplit(8, 1, 1),
              new ArraySplit(1, 4, 2),
              new ArraySplit(1, 2, 4),
              new ArraySplit(2, 1, 4));
      default ->
          throw new IllegalArgumentException("arrays (%d) must be 1, 2, 4 or 8".formatted(arrays));
    };
  }

  @Override
  public String toString() {
    return "%d x %d x %d".formatted(m, n, k);
  }
}
