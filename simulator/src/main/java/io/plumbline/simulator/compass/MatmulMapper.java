package io.plumbline.simulator.compass;

import io.plumbline.simulator.compass.MappingSpace.MemoryTile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the mapping with the fewest cycles, the first of equals in the order of the mode. The same
 * as trying all: tiles are taken by what they cost at least, mappings that cannot win are not
 * walked, those that differ in name only are walked once, and what cores and buffers take is kept
 * from product to product.
 */
public final class MatmulMapper {
  private static final int MOST_KEPT = 1 << 19;
  private static final int SPLITS_APART = 16;
  private static final int ORDERS_APART = 64;

  private final Accelerator device;
  private final MapperMode mode;
  private final int wordBytes;
  private final List<ArraySplit> splits;
  private final List<LoopOrder> orders;
  private final BufferWalk walk;
  private final SliceWalk sliceWalk;
  private final BufferBounds bounds;
  private final CoreTimes core;
  private LongsByKey kept;
  private LongsByKey bounded;

  /**
   * @param wordBytes bytes of an element of the products to come
   */
  public MatmulMapper(Accelerator device, MapperMode mode, int wordBytes) {
    this.device = device;
    this.mode = mode;
    this.wordBytes = wordBytes;
    this.splits = mode.splits(device.arraysPerCore());
    this.orders = mode.orders();
    this.core = new CoreTimes(device, splits);
    this.walk = new BufferWalk(device, wordBytes, core);
    this.sliceWalk = new SliceWalk(device, wordBytes, core);
    this.bounds = new BufferBounds(device, wordBytes, core);
    forget();
  }

  /**
   * The best mapping.
   *
   * @param cycles {@code Long.MAX_VALUE} if nothing could be tried
   * @param mapping null if nothing could be tried
   */
  public record Result(long cycles, MatmulMapping mapping) {}

  /** Searches for the best mapping of a product. */
  public Result search(MatmulShape shape) {
    MappingSpace space = new MappingSpace(device, wordBytes);
    mode.tiles(device, shape, space);
    if (core.dependsOnSearch()) {
      core.forget();
      forget();
      meetAll(shape, space.tiles());
    }
    return new Search(shape, space.tiles()).run();
  }

  private void forget() {
    kept = new LongsByKey(splits.size() * orders.size(), MOST_KEPT);
    bounded = new LongsByKey(splits.size(), MOST_KEPT);
  }

  /** Meets the tiles of all mappings in the order in which the original tries these. */
  private void meetAll(MatmulShape shape, List<MemoryTile> tiles) {
    LongsByKey met = new LongsByKey(1, MOST_KEPT);
    List<BufferGrid> grids = new ArrayList<>();
    for (MemoryTile tile : tiles) {
      MemoryWalk memory = new MemoryWalk(device, shape, tile, orders.get(0));
      for (int buffer = 0; buffer < tile.count(); buffer++) {
        grids.clear();
        for (int of = 0; of < MemoryWalk.shapes(); of++) {
          if (memory.has(of)) {
            addNew(grid(memory, of, tile, buffer), met, grids);
          }
        }
        for (int split = 0; split < splits.size(); split++) {
          for (BufferGrid grid : grids) {
            core.meet(grid, split);
          }
        }
      }
    }
  }

  private static void addNew(BufferGrid grid, LongsByKey met, List<BufferGrid> grids) {
    int row = met.row(grid.m << 32 | grid.n, grid.k << 32 | grid.m1, grid.n1 << 32 | grid.k1);
    if (met.get(row) == LongsByKey.UNKNOWN) {
      met.set(row, 1);
      grids.add(grid);
    }
  }

  private static BufferGrid grid(MemoryWalk memory, int of, MemoryTile tile, int buffer) {
    return new BufferGrid(
        memory.m(of),
        memory.n(of),
        memory.k(of),
        tile.m1(buffer),
        tile.n1(buffer),
        tile.k1(buffer));
  }

  /** How many mappings the mode has for a product. */
  public long candidates(MatmulShape shape) {
    MappingSpace space = new MappingSpace(device, wordBytes);
    mode.tiles(device, shape, space);
    long tiles = space.tiles().stream().mapToLong(MemoryTile::count).sum();
    return tiles * orders.size() * orders.size() * splits.size();
  }

  /** Cycles of one mapping. */
  long cycles(MatmulShape shape, MatmulMapping mapping) {
    MemoryTile tile =
        new MemoryTile(mapping.m2(), mapping.n2(), mapping.k2(), mapping.doubleBuffered());
    MemoryWalk memory = new MemoryWalk(device, shape, tile, mapping.memoryOrder());
    long[] computed = new long[MemoryWalk.shapes()];
    for (int of = 0; of < computed.length; of++) {
      if (memory.has(of)) {
        BufferGrid grid =
            new BufferGrid(
                memory.m(of), memory.n(of), memory.k(of), mapping.m1(), mapping.n1(), mapping.k1());
        computed[of] =
            walked(grid, orders.indexOf(mapping.bufferOrder()), splits.indexOf(mapping.split()));
      }
    }
    return memory.cycles(computed);
  }

  private long walked(BufferGrid grid, int order, int split) {
    int row = kept.row(grid.m << 32 | grid.n, grid.k << 32 | grid.m1, grid.n1 << 32 | grid.k1);
    int place = row + order * splits.size() + split;
    long known = kept.get(place);
    if (known == LongsByKey.UNKNOWN) {
      known =
          orders.get(order) == LoopOrder.KNM
              ? sliceWalk.cycles(grid, split)
              : walk.cycles(grid, orders.get(order), split);
      kept.set(place, known);
    }
    return known;
  }

  /** A tile of the global buffer in one order of loops, with what it costs at least. */
  private record Ranked(MemoryTile tile, int index, int order, MemoryWalk memory, long bound) {}

  private final class Search {
    private final MatmulShape shape;
    private final List<MemoryTile> tiles;
    private final LongsByKey seen = new LongsByKey(2 * orders.size(), MOST_KEPT);
    private final long[] bound = new long[MemoryWalk.shapes()];
    private final long[] exact = new long[MemoryWalk.shapes()];
    private final long[] bySplit = new long[splits.size()];

    private long best = Long.MAX_VALUE;
    private long bestIndex = Long.MAX_VALUE;
    private MatmulMapping bestMapping;

    /** Bounds of a tile's mappings, and which they are. */
    private long[] ranked = new long[64];

    private long[] rankedBounds = new long[64];
    private int rankedCount;

    Search(MatmulShape shape, List<MemoryTile> tiles) {
      this.shape = shape;
      this.tiles = tiles;
    }

    Result run() {
      List<Ranked> all = new ArrayList<>();
      for (int i = 0; i < tiles.size(); i++) {
        for (int order = 0; order < orders.size(); order++) {
          if (tiles.get(i).count() > 0) {
            MemoryWalk memory = new MemoryWalk(device, shape, tiles.get(i), orders.get(order));
            all.add(new Ranked(tiles.get(i), i, order, memory, boundOfAny(memory)));
          }
        }
      }
      // The sort is stable, so of two equal tiles the first comes first and the second is folded.
      all.sort(Comparator.comparingLong(Ranked::bound));
      for (Ranked one : all) {
        if (one.bound() > best) {
          break;
        }
        if (one.bound() < best || index(one, 0, 0, 0) < bestIndex) {
          tile(one);
        }
      }
      return new Result(best, bestMapping);
    }

    private long boundOfAny(MemoryWalk memory) {
      for (int of = 0; of < bound.length; of++) {
        bound[of] = memory.has(of) ? bounds.ofAny(memory.m(of), memory.n(of), memory.k(of)) : 0;
      }
      return memory.cycles(bound);
    }

    /** The place of a mapping among all, in the order in which the original tries them. */
    private long index(Ranked one, int buffer, int order, int split) {
      long tile = (long) one.index() << 32 | buffer;
      return (tile * ORDERS_APART + (long) one.order() * orders.size() + order) * SPLITS_APART
          + split;
    }

    private void tile(Ranked one) {
      MemoryWalk memory = one.memory();
      MemoryTile tile = one.tile();
      rankedCount = 0;
      for (int buffer = 0; buffer < tile.count(); buffer++) {
        if (isNew(one, buffer)) {
          rank(memory, tile, buffer);
        }
      }
      while (true) {
        int next = -1;
        for (int i = 0; i < rankedCount; i++) {
          if (rankedBounds[i] <= best && (next < 0 || rankedBounds[i] < rankedBounds[next])) {
            next = i;
          }
        }
        if (next < 0) {
          return;
        }
        attempt(
            one,
            (int) (ranked[next] / SPLITS_APART),
            (int) (ranked[next] % SPLITS_APART),
            rankedBounds[next]);
        rankedBounds[next] = Long.MAX_VALUE;
      }
    }

    /** Whether no earlier mapping has the same tiles, once they are cut to the product. */
    private boolean isNew(Ranked one, int buffer) {
      MemoryTile tile = one.tile();
      MemoryWalk memory = one.memory();
      long m2 = memory.m(0);
      long n2 = memory.n(0);
      long k2 = memory.k(0);
      int row =
          seen.row(
              m2 << 32 | n2,
              k2 << 32 | Math.min(m2, tile.m1(buffer)),
              Math.min(n2, tile.n1(buffer)) << 32 | Math.min(k2, tile.k1(buffer)));
      int place = row + 2 * one.order() + (tile.doubleBuffered ? 1 : 0);
      boolean isNew = seen.get(place) == LongsByKey.UNKNOWN;
      seen.set(place, 1);
      return isNew;
    }

    private void rank(MemoryWalk memory, MemoryTile tile, int buffer) {
      long[][] boundsOfShapes = new long[MemoryWalk.shapes()][];
      for (int of = 0; of < boundsOfShapes.length; of++) {
        if (memory.has(of)) {
          boundsOfShapes[of] = boundsBySplit(memory, of, tile, buffer);
        }
      }
      for (int split = 0; split < splits.size(); split++) {
        for (int of = 0; of < bound.length; of++) {
          bound[of] = memory.has(of) ? boundsOfShapes[of][split] : 0;
        }
        long least = memory.cycles(bound);
        if (least <= best) {
          if (rankedCount == ranked.length) {
            ranked = Arrays.copyOf(ranked, 2 * rankedCount);
            rankedBounds = Arrays.copyOf(rankedBounds, 2 * rankedCount);
          }
          rankedBounds[rankedCount] = least;
          ranked[rankedCount++] = (long) buffer * SPLITS_APART + split;
        }
      }
    }

    private long[] boundsBySplit(MemoryWalk memory, int of, MemoryTile tile, int buffer) {
      BufferGrid grid = grid(memory, of, tile, buffer);
      int row = bounded.row(grid.m << 32 | grid.n, grid.k << 32 | grid.m1, grid.n1 << 32 | grid.k1);
      if (bounded.get(row) == LongsByKey.UNKNOWN) {
        bounds.of(grid, bySplit);
        for (int split = 0; split < bySplit.length; split++) {
          bounded.set(row + split, bySplit[split]);
        }
      }
      long[] known = new long[bySplit.length];
      for (int split = 0; split < known.length; split++) {
        known[split] = bounded.get(row + split);
      }
      return known;
    }

    private void attempt(Ranked one, int buffer, int split, long least) {
      for (int order = 0; order < orders.size(); order++) {
        if (least < best || (least == best && index(one, buffer, order, split) < bestIndex)) {
          walkAll(one, buffer, order, split);
        }
      }
    }

    private void walkAll(Ranked one, int buffer, int order, int split) {
      MemoryWalk memory = one.memory();
      MemoryTile tile = one.tile();
      long index = index(one, buffer, order, split);
      for (int of = 0; of < exact.length; of++) {
        exact[of] = memory.has(of) ? walked(grid(memory, of, tile, buffer), order, split) : 0;
      }
      long cycles = memory.cycles(exact);
      if (cycles < best || (cycles == best && index < bestIndex)) {
        best = cycles;
        bestIndex = index;
        bestMapping =
            new MatmulMapping(
                tile.m,
                tile.n,
                tile.k,
                tile.doubleBuffered,
                orders.get(one.order()),
                tile.m1(buffer),
                tile.n1(buffer),
                tile.k1(buffer),
                orders.get(order),
                splits.get(split));
      }
    }
  }
}
