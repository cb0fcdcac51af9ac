package io.plumbline.simulator.compass;

import java.util.Arrays;

/**
 * The walk over tiles of local buffers in any order of loops: as many at a time as there are cores,
 * each batch reading what the one before it did not hold. Step by step, as the original does it.
 */
final class BufferWalk {
  private final Accelerator device;
  private final int wordBytes;
  private final CoreTimes core;

  BufferWalk(Accelerator device, int wordBytes, CoreTimes core) {
    this.device = device;
    this.wordBytes = wordBytes;
    this.core = core;
  }

  long cycles(BufferGrid grid, LoopOrder order, int split) {
    return new Walk(grid, order, split).cycles();
  }

  private final class Walk {
    private static final int NEVER = -2;

    private final BufferGrid grid;
    private final LoopOrder order;
    private final int split;
    private final long[] tiles;
    private final int[] leftBatch;
    private final int[] rightBatch;
    private final int[] outputBatch;
    private final boolean[] keptOutput;
    private final boolean[] readsOutput;
    private final int[] touched;
    private int touchedCount;

    Walk(BufferGrid grid, LoopOrder order, int split) {
      this.grid = grid;
      this.order = order;
      this.split = split;
      this.tiles = new long[] {grid.tilesM, grid.tilesN, grid.tilesK};
      this.leftBatch = filled(grid.tilesM * grid.tilesK);
      this.rightBatch = filled(grid.tilesK * grid.tilesN);
      this.outputBatch = filled(grid.plane());
      this.keptOutput = new boolean[outputBatch.length];
      this.readsOutput = new boolean[outputBatch.length];
      this.touched = new int[outputBatch.length];
    }

    private static int[] filled(long size) {
      int[] batches = new int[Math.toIntExact(size)];
      Arrays.fill(batches, NEVER);
      return batches;
    }

    long cycles() {
      long total = 0;
      long computedBefore = 0;
      long outputBefore = 0;
      long[] at = new long[3];
      long count = grid.tiles();
      int batch = 0;
      for (long start = 0; start < count; start += device.cores(), batch++) {
        touchedCount = 0;
        long reads = 0;
        long computed = 0;
        long end = Math.min(count, start + device.cores());
        for (long tile = start; tile < end; tile++) {
          place(tile, at);
          reads += inputs(at, batch);
          output(at, batch);
          computed = Math.max(computed, tileCycles(at));
        }
        long output = 0;
        long overwritten = 0;
        for (int i = 0; i < touchedCount; i++) {
          int which = touched[i];
          long words = grid.rows(which % grid.tilesM) * grid.columns(which / grid.tilesM);
          output += words;
          if (readsOutput[which] && keptOutput[which]) {
            overwritten += words;
          } else if (readsOutput[which]) {
            reads += words;
          }
        }
        total +=
            Math.max(buffer(reads * device.array().inputBytes()), computedBefore)
                + buffer((outputBefore - overwritten) * device.array().outputBytes());
        computedBefore = computed;
        outputBefore = output;
      }
      return total + computedBefore + buffer(outputBefore * wordBytes);
    }

    private void place(long tile, long[] at) {
      long rest = tile;
      for (int depth = 2; depth >= 0; depth--) {
        int dimension = order.dimension(depth);
        at[dimension] = rest % tiles[dimension];
        rest /= tiles[dimension];
      }
    }

    /** Words of the inputs that neither this batch nor the one before it has. */
    private long inputs(long[] at, int batch) {
      long words = 0;
      int left = (int) (at[2] * grid.tilesM + at[0]);
      if (leftBatch[left] < batch - 1) {
        words += grid.rows(at[0]) * grid.depth(at[2]);
      }
      leftBatch[left] = batch;
      int right = (int) (at[2] * grid.tilesN + at[1]);
      if (rightBatch[right] < batch - 1) {
        words += grid.columns(at[1]) * grid.depth(at[2]);
      }
      rightBatch[right] = batch;
      return words;
    }

    private void output(long[] at, int batch) {
      int which = (int) (at[1] * grid.tilesM + at[0]);
      if (outputBatch[which] != batch) {
        keptOutput[which] = outputBatch[which] == batch - 1;
        outputBatch[which] = batch;
        touched[touchedCount++] = which;
      }
      readsOutput[which] = at[2] > 0;
    }

    private long tileCycles(long[] at) {
      long rows = grid.rows(at[0]);
      long columns = grid.columns(at[1]);
      return core.cycles(rows, columns, grid.depth(at[2]), split)
          + (at[2] > 0 ? core.reduction(rows, columns) : 0);
    }

    private long buffer(long bytes) {
      return Check.cycles(bytes, device.globalBufferBytesPerCycle());
    }
  }
}
