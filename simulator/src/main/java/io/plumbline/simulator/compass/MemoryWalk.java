package io.plumbline.simulator.compass;

import io.plumbline.simulator.compass.MappingSpace.MemoryTile;

/**
 * The walk over tiles of the global buffer, without what is computed in them: which tiles there
 * are, what is read and written between two of them. Only the position of a tile in the grid
 * (first, inner, last) makes a difference, so at most 27 kinds of steps stand for all.
 */
final class MemoryWalk {
  private static final int SHAPES = 8;
  private static final int KINDS = 3;

  private final Accelerator device;
  private final MatmulShape shape;
  private final boolean doubleBuffered;
  private final long[] full = new long[3];
  private final long[] remainder = new long[3];
  private final long[] tiles = new long[3];

  private final long[] reads = new long[KINDS * KINDS * KINDS];
  private final long[] reductions = new long[KINDS * KINDS * KINDS];
  private final int[] shapes = new int[KINDS * KINDS * KINDS];
  private final long[] counts = new long[KINDS * KINDS * KINDS];
  private int steps;
  private long fixed;
  private final int last;
  private int used;

  MemoryWalk(Accelerator device, MatmulShape shape, MemoryTile tile, LoopOrder order) {
    this.device = device;
    this.shape = shape;
    this.doubleBuffered = tile.doubleBuffered;
    cut(0, shape.m(), tile.m);
    cut(1, shape.n(), tile.n);
    cut(2, shape.k(), tile.k);
    this.last = shapeAt(tiles[0] - 1, tiles[1] - 1, tiles[2] - 1);
    walk(order);
  }

  private void cut(int dimension, long size, long tile) {
    tiles[dimension] = Check.ceilDiv(size, tile);
    full[dimension] = Math.min(size, tile);
    remainder[dimension] = size - (tiles[dimension] - 1) * tile;
  }

  private void walk(LoopOrder order) {
    int outer = order.dimension(0);
    int middle = order.dimension(1);
    int inner = order.dimension(2);
    long[] at = new long[3];
    long[] before = new long[3];
    for (int a = 0; a < KINDS; a++) {
      for (int b = 0; b < KINDS; b++) {
        for (int c = 0; c < KINDS; c++) {
          long count = count(outer, a) * count(middle, b) * count(inner, c);
          if (count > 0) {
            at[outer] = place(outer, a);
            at[middle] = place(middle, b);
            at[inner] = place(inner, c);
            previous(at, before, order);
            add(at, before, count);
          }
        }
      }
    }
    long finalReduction = tiles[2] > 1 ? reduction(last) : 0;
    fixed += outputCycles(last) + finalReduction;
    used |= 1 << last;
  }

  /** How many places a kind stands for: the first, those between, the last. */
  private long count(int dimension, int kind) {
    return switch (kind) {
      case 0 -> 1;
      case 1 -> Math.max(0, tiles[dimension] - 2);
      default -> tiles[dimension] > 1 ? 1 : 0;
    };
  }

  private long place(int dimension, int kind) {
    return kind < 2 ? kind : tiles[dimension] - 1;
  }

  /** The tile before one; negative in the outermost dimension if there is none. */
  private void previous(long[] at, long[] before, LoopOrder order) {
    System.arraycopy(at, 0, before, 0, at.length);
    for (int depth = 2; depth >= 0; depth--) {
      int dimension = order.dimension(depth);
      if (at[dimension] > 0 || depth == 0) {
        before[dimension] = at[dimension] - 1;
        return;
      }
      before[dimension] = tiles[dimension] - 1;
    }
  }

  private void add(long[] at, long[] before, long count) {
    int now = shapeAt(at[0], at[1], at[2]);
    used |= 1 << now;
    if (before[0] < 0 || before[1] < 0 || before[2] < 0) {
      fixed += leftCycles(now) + rightCycles(now);
      return;
    }
    int then = shapeAt(before[0], before[1], before[2]);
    boolean sameM = at[0] == before[0];
    boolean sameN = at[1] == before[1];
    boolean sameK = at[2] == before[2];
    boolean sameOutput = sameM && sameN;
    long read = 0;
    if (!(sameM && sameK)) {
      read += leftCycles(now);
    }
    if ((sameM && sameK) || !(sameN && sameK)) {
      read += rightCycles(now);
    }
    if (at[2] > 0 && !sameOutput) {
      read += outputCycles(now);
    }
    fixed += count * (sameOutput ? 0 : outputCycles(then));
    // The place of the present tile decides whether the one before it is reduced, as in the
    // original.
    step(read, at[2] > 0 ? reduction(then) : 0, then, count);
  }

  private void step(long read, long reduction, int of, long count) {
    if (!doubleBuffered) {
      fixed += count * (read + reduction);
      counts[steps] = count;
      shapes[steps++] = of;
      return;
    }
    for (int i = 0; i < steps; i++) {
      if (reads[i] == read && reductions[i] == reduction && shapes[i] == of) {
        counts[i] += count;
        return;
      }
    }
    reads[steps] = read;
    reductions[steps] = reduction;
    shapes[steps] = of;
    counts[steps++] = count;
  }

  /** The number of a shape: a bit for each dimension in which the tile is a smaller rest. */
  private int shapeAt(long m, long n, long k) {
    return (isRest(0, m) ? 1 : 0) | (isRest(1, n) ? 2 : 0) | (isRest(2, k) ? 4 : 0);
  }

  private boolean isRest(int dimension, long place) {
    return place == tiles[dimension] - 1 && remainder[dimension] != full[dimension];
  }

  /** Whether there are tiles of a shape. */
  boolean has(int of) {
    return (used & 1 << of) != 0;
  }

  static int shapes() {
    return SHAPES;
  }

  long m(int of) {
    return (of & 1) == 0 ? full[0] : remainder[0];
  }

  long n(int of) {
    return (of & 2) == 0 ? full[1] : remainder[1];
  }

  long k(int of) {
    return (of & 4) == 0 ? full[2] : remainder[2];
  }

  private long leftCycles(int of) {
    return memoryCycles(m(of) * k(of));
  }

  private long rightCycles(int of) {
    return memoryCycles(k(of) * n(of));
  }

  private long outputCycles(int of) {
    return memoryCycles(m(of) * n(of));
  }

  private long memoryCycles(long words) {
    return Check.cycles(words * shape.wordBytes(), device.memoryBytesPerCycle());
  }

  /** Adding a partial sum to another one in the global buffer. */
  private long reduction(int of) {
    long words = m(of) * n(of);
    return Check.cycles(words, (double) device.vector().flopsPerCycle() * device.cores())
        + 2 * Check.cycles(words * shape.wordBytes(), device.globalBufferBytesPerCycle());
  }

  /**
   * Cycles of the whole product.
   *
   * @param computed cycles of a tile by its shape
   */
  long cycles(long[] computed) {
    long total = fixed + computed[last];
    for (int i = 0; i < steps; i++) {
      total +=
          counts[i]
              * (doubleBuffered
                  ? Math.max(reads[i], computed[shapes[i]] + reductions[i])
                  : computed[shapes[i]]);
    }
    return total;
  }
}
