package io.plumbline.simulator.latency;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/**
 * A function of a size that is costly to compute: known at two sizes an octave, computed when a
 * neighbour is first asked for, between them on a line. Sizes up to 16 are one, as one tile is.
 */
final class SizeGrid {
  static final int SMALLEST = 16;

  private final IntToDoubleFunction function;
  private final Map<Integer, Double> known = new HashMap<>();

  SizeGrid(IntToDoubleFunction function) {
    this.function = function;
  }

  double at(int size) {
    int below = below(size);
    if (size <= below) {
      return node(below);
    }
    int above = above(below);
    double share = (double) (size - below) / (above - below);
    return node(below) + share * (node(above) - node(below));
  }

  private double node(int size) {
    return known.computeIfAbsent(size, function::applyAsDouble);
  }

  /** The greatest node that is not above a size; the smallest for those below it. */
  static int below(int size) {
    if (size <= SMALLEST) {
      return SMALLEST;
    }
    int octave = Integer.highestOneBit(size);
    return size >= octave + octave / 2 ? octave + octave / 2 : octave;
  }

  private static int above(int node) {
    int octave = Integer.highestOneBit(node);
    return node == octave ? octave + octave / 2 : 2 * octave;
  }

  /** The smallest node that is not below a size. */
  static int covering(int size) {
    int below = below(size);
    return size <= below ? below : above(below);
  }
}
