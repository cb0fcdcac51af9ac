package io.plumbline.simulator.compass;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The tiles that are tried for a product on a device. It refuses what does not fit, so a mode says
 * only which sizes it wants.
 */
final class MappingSpace {
  private final long globalWords;
  private final long localWords;
  private final List<MemoryTile> tiles = new ArrayList<>();
  private MemoryTile open;

  MappingSpace(Accelerator device, int wordBytes) {
    this.globalWords = device.globalBufferBytes() / wordBytes;
    this.localWords = device.localBufferBytes() / wordBytes / 2;
  }

  /** A tile of the global buffer, with the tiles of the local buffer that it is cut into. */
  static final class MemoryTile {
    final long m;
    final long n;
    final long k;
    final boolean doubleBuffered;
    private long[] buffers = new long[3 * 24];
    private int count;

    MemoryTile(long m, long n, long k, boolean doubleBuffered) {
      this.m = m;
      this.n = n;
      this.k = k;
      this.doubleBuffered = doubleBuffered;
    }

    private void add(long m1, long n1, long k1) {
      if (3 * count == buffers.length) {
        buffers = Arrays.copyOf(buffers, 2 * buffers.length);
      }
      buffers[3 * count] = m1;
      buffers[3 * count + 1] = n1;
      buffers[3 * count + 2] = k1;
      count++;
    }

    int count() {
      return count;
    }

    long m1(int index) {
      return buffers[3 * index];
    }

    long n1(int index) {
      return buffers[3 * index + 1];
    }

    long k1(int index) {
      return buffers[3 * index + 2];
    }
  }

  List<MemoryTile> tiles() {
    return tiles;
  }

  /** Words that the global buffer holds. */
  long globalWords() {
    return globalWords;
  }

  /** Words that half of a local buffer holds; the other half takes the next tile. */
  long localWords() {
    return localWords;
  }

  /** Opens a tile, doubly buffered if it fits twice; false if it does not fit at all. */
  boolean memoryTile(long m, long n, long k) {
    long words = words(m, n, k);
    if (words > globalWords) {
      return false;
    }
    open(new MemoryTile(m, n, k, words <= globalWords / 2));
    return true;
  }

  void doublyBufferedTile(long m, long n, long k) {
    open(new MemoryTile(m, n, k, true));
  }

  void wholeProduct(MatmulShape shape) {
    if (words(shape.m(), shape.n(), shape.k()) > globalWords / 2) {
      throw new IllegalArgumentException(
          "a product of %d x %d x %d does not fit twice into a global buffer of %d words. Maybe another mode"
              .formatted(shape.m(), shape.n(), shape.k(), globalWords));
    }
    doublyBufferedTile(shape.m(), shape.n(), shape.k());
  }

  /** Adds a tile of the local buffer to the open tile, if it fits. */
  void bufferTile(long m, long n, long k) {
    if (words(m, n, k) <= localWords) {
      open.add(m, n, k);
    }
  }

  private void open(MemoryTile tile) {
    open = tile;
    tiles.add(tile);
  }

  private static long words(long m, long n, long k) {
    return n * k + m * k + m * n;
  }
}
