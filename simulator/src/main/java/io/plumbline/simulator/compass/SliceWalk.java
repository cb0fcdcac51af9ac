package io.plumbline.simulator.compass;

/**
 * The walk of {@link BufferWalk} for the order k, n, m, in which it is a walk through planes of
 * outputs, slice by slice. A batch is then an interval of tiles, and what it shares with the one
 * before follows from where it begins and ends: a few operations per batch instead of some per
 * tile. The same numbers.
 */
final class SliceWalk {
  private final Accelerator device;
  private final int wordBytes;
  private final CoreTimes core;
  private final long cores;

  /** Cycles of a tile by slice (first, inner, last) and by whether it is a rest in m and n. */
  private final long[] tileCycles = new long[3 * 4];

  private final long[] planeCycles = new long[3];

  private BufferGrid grid;
  private long plane;
  private boolean even;

  SliceWalk(Accelerator device, int wordBytes, CoreTimes core) {
    this.device = device;
    this.wordBytes = wordBytes;
    this.core = core;
    this.cores = device.cores();
  }

  long cycles(BufferGrid of, int split) {
    grid = of;
    plane = of.plane();
    even = of.planeIsEven();
    prepare(split);
    long tiles = of.tiles();
    long total = 0;
    long computedBefore = 0;
    for (long start = 0; start < tiles; start += cores) {
      long end = Math.min(tiles, start + cores);
      long reads = inputs(start, end) + outputsRead(start, end);
      total += Math.max(buffer(reads * device.array().inputBytes()), computedBefore);
      if (start > 0) {
        total += buffer(outputsWritten(start, end) * device.array().outputBytes());
      }
      computedBefore = computed(start, end);
    }
    long lastStart = (tiles - 1) / cores * cores;
    long lastOutput = words(Math.max(lastStart, tiles - plane), tiles);
    return total + computedBefore + buffer(lastOutput * wordBytes);
  }

  private long buffer(long bytes) {
    return Check.cycles(bytes, device.globalBufferBytesPerCycle());
  }

  private void prepare(int split) {
    for (int slice = 0; slice < 3; slice++) {
      long depth =
          grid.depth(slice == 0 ? 0 : slice == 1 ? Math.min(1, grid.tilesK - 1) : grid.tilesK - 1);
      planeCycles[slice] = 0;
      for (int rest = 0; rest < 4; rest++) {
        boolean lastM = (rest & 1) != 0;
        boolean lastN = (rest & 2) != 0;
        long rows = grid.rows(lastM ? grid.tilesM - 1 : 0);
        long columns = grid.columns(lastN ? grid.tilesN - 1 : 0);
        long cycles =
            core.cycles(rows, columns, depth, split)
                + (slice > 0 ? core.reduction(rows, columns) : 0);
        tileCycles[4 * slice + rest] = cycles;
        planeCycles[slice] = Math.max(planeCycles[slice], cycles);
        if (even) {
          break;
        }
      }
    }
  }

  /** Words of the left and right matrix that the batch before did not hold. */
  private long inputs(long start, long end) {
    long slice = start / plane;
    long from = start - slice * plane;
    long lastSlice = (end - 1) / plane;
    long to = slice == lastSlice ? end - slice * plane : plane;
    long depth = grid.depth(slice);
    long before = Math.min(from, cores);
    long words = 0;
    if (before < grid.tilesM) {
      long length = Math.min(to - from, grid.tilesM - before);
      words += rows(from % grid.tilesM, length) * depth;
    }
    long firstColumn = Check.ceilDiv(from, grid.tilesM);
    words += columns(firstColumn, (to - 1) / grid.tilesM) * depth;
    if (lastSlice > slice) {
      words += laterInputs(slice, lastSlice, end - lastSlice * plane);
    }
    return words;
  }

  /** Those of whole slices after the first, and of the last one as far as the batch goes. */
  private long laterInputs(long slice, long lastSlice, long to) {
    long between = lastSlice * grid.k1 - (slice + 1) * grid.k1;
    long inLast = rows(0, Math.min(to, grid.tilesM)) + columns(0, (to - 1) / grid.tilesM);
    return (grid.m + grid.n) * between + inLast * grid.depth(lastSlice);
  }

  /** Rows of so many tiles from a place on, going round. */
  private long rows(long from, long tiles) {
    boolean withLast = tiles > 0 && from + tiles >= grid.tilesM;
    return tiles * grid.m1 - (withLast ? grid.tilesM * grid.m1 - grid.m : 0);
  }

  private long columns(long first, long last) {
    return first > last ? 0 : Math.min(grid.n, (last + 1) * grid.n1) - first * grid.n1;
  }

  /** Words of partial sums that come back and were not in the batch before. */
  private long outputsRead(long start, long end) {
    long from = Math.max(Math.max(start, end - plane), plane);
    long to = start == 0 ? end : Math.min(end, start + plane - cores);
    return to > from ? words(from, to) : 0;
  }

  /** Words of the batch before that the present one does not go on with. */
  private long outputsWritten(long start, long end) {
    long before = words(Math.max(start - cores, start - plane), start);
    long from = Math.max(Math.max(start, end - plane), start + plane - cores);
    return before - (end > from ? words(from, end) : 0);
  }

  /** Words of the outputs of an interval of no more tiles than a plane has. */
  private long words(long from, long to) {
    long base = from - from % plane;
    long first = from - base;
    long last = to - base;
    return last <= plane
        ? wordsBefore(last) - wordsBefore(first)
        : grid.m * grid.n - wordsBefore(first) + wordsBefore(last - plane);
  }

  private long wordsBefore(long tile) {
    long column = tile / grid.tilesM;
    long row = tile - column * grid.tilesM;
    long whole = grid.m * Math.min(column * grid.n1, grid.n);
    return row == 0 ? whole : whole + row * grid.m1 * grid.columns(column);
  }

  /** The slowest tile of a batch. */
  private long computed(long start, long end) {
    long slice = start / plane;
    long lastSlice = (end - 1) / plane;
    long from = start - slice * plane;
    if (slice == lastSlice) {
      return slowest(kind(slice), from, end - lastSlice * plane);
    }
    long slowest =
        Math.max(
            slowest(kind(slice), from, plane),
            slowest(kind(lastSlice), 0, end - lastSlice * plane));
    // Whole slices between are inner ones: neither the first nor the last of all.
    return lastSlice > slice + 1 ? Math.max(slowest, planeCycles[1]) : slowest;
  }

  private int kind(long slice) {
    return slice == 0 ? 0 : slice == grid.tilesK - 1 ? 2 : 1;
  }

  private long slowest(int kind, long from, long to) {
    if (even) {
      return planeCycles[kind];
    }
    long lastColumn = (grid.tilesN - 1) * grid.tilesM;
    long slowest = 0;
    if (from < lastColumn) {
      slowest = slowest(4 * kind, from, Math.min(to, lastColumn), 0);
    }
    return to > lastColumn
        ? Math.max(slowest, slowest(4 * kind + 2, Math.max(from, lastColumn), to, 0))
        : slowest;
  }

  private long slowest(int index, long from, long to, long least) {
    long firstRow = from % grid.tilesM;
    boolean rest = firstRow + (to - from) >= grid.tilesM;
    boolean full = firstRow < grid.tilesM - 1 || (to - from > 1 && grid.tilesM > 1);
    long slowest = full ? Math.max(least, tileCycles[index]) : least;
    return rest ? Math.max(slowest, tileCycles[index + 1]) : slowest;
  }
}
