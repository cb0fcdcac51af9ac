package io.plumbline.trace.program;

import io.plumbline.trace.kernel.KernelHeader;

/**
 * Attention in one kernel: a thread block has up to 64 rows of queries of one head and goes over
 * blocks of 64 keys, with products on tensor cores and a running softmax. Heads that share keys are
 * rows of one block. Scores of padding are computed as others are; a causal mask is a smaller
 * {@code keys}.
 *
 * @param sequences sequences times key/value heads
 * @param rows query rows of each, those of heads that share the keys counted one by one
 * @param keys that a row sees
 * @param headDim elements of a head, a multiple of 16, at most 128
 * @param splits thread blocks that share the keys of a sequence, as in decodes of few sequences
 * @param iterations blocks of keys that a thread block goes over
 * @see <a href="https://arxiv.org/abs/2307.08691">Dao, FlashAttention-2</a>
 */
public record FlashAttention(
    int sequences, int rows, int keys, int headDim, int splits, Dialect dialect, int iterations)
    implements KernelProgram {
  /** Rows of queries that a thread block has at most. */
  public static final int BLOCK_ROWS = 64;

  /** Keys of a turn. */
  public static final int BLOCK_KEYS = 64;

  private static final int FRAGMENT = 16;
  private static final int PRODUCT_COLUMNS = 8;
  private static final int MOST_HEAD_DIM = 128;
  private static final int ELEMENT_BYTES = 2;
  private static final int ADDRESSES = 6;

  private static final int QUERY = 32;
  private static final int SCORES = 96;
  private static final int OPERAND = 64;
  private static final int OUTPUT = 128;
  private static final int GREATEST = 20;
  private static final int SUM = 22;
  private static final int OTHER = 24;

  public FlashAttention {
    if (Math.min(sequences, Math.min(rows, keys)) < 1 || splits < 1 || iterations < 1) {
      throw new IllegalArgumentException(
          "sequences (%d), rows (%d), keys (%d), splits (%d) and iterations (%d) must be positive"
              .formatted(sequences, rows, keys, splits, iterations));
    }
    if (headDim % FRAGMENT != 0 || headDim < FRAGMENT || headDim > MOST_HEAD_DIM) {
      throw new IllegalArgumentException(
          "headDim (%d) must be a multiple of %d up to %d"
              .formatted(headDim, FRAGMENT, MOST_HEAD_DIM));
    }
  }

  /** All keys. */
  public FlashAttention(
      int sequences, int rows, int keys, int headDim, int splits, Dialect dialect) {
    this(
        sequences,
        rows,
        keys,
        headDim,
        splits,
        dialect,
        GemmTile.tiles(GemmTile.tiles(keys, BLOCK_KEYS), splits));
  }

  private int warps() {
    return Math.min(BLOCK_ROWS, GemmTile.tiles(rows, FRAGMENT) * FRAGMENT) / FRAGMENT;
  }

  private int rowBlocks() {
    return GemmTile.tiles(rows, BLOCK_ROWS);
  }

  private int blockBytes() {
    return BLOCK_KEYS * headDim * ELEMENT_BYTES;
  }

  private int queryBytes() {
    return warps() * FRAGMENT * headDim * ELEMENT_BYTES;
  }

  @Override
  public KernelHeader header() {
    int stages = dialect == Dialect.AMPERE ? 2 : 1;
    return new KernelHeader(
        "attention",
        Math.multiplyExact(Math.multiplyExact(sequences, rowBlocks()), splits),
        warps() * WarpCode.LANES,
        queryBytes() + stages * 2 * blockBytes(),
        Math.min(255, 128 + headDim / 2 + 16),
        dialect.architecture());
  }

  @Override
  public FlashAttention withIterations(int turns) {
    return new FlashAttention(sequences, rows, keys, headDim, splits, dialect, turns);
  }

  @Override
  public double flops() {
    return 4.0 * sequences * rows * keys * headDim;
  }

  @Override
  public double trafficBytes() {
    return 2.0 * ELEMENT_BYTES * sequences * headDim * ((double) rows + keys);
  }

  @Override
  public void warp(int cta, int warp, WarpCode code) {
    new Writer(cta, warp, code).write();
  }

  private final class Writer {
    private final int warp;
    private final WarpCode code;
    private final TileCopy copy;
    private final int sequence;
    private final int firstRow;
    private final int firstBlock;

    /** The blocks of rows of a sequence follow each other: they read the same keys. */
    private Writer(int cta, int warp, WarpCode code) {
      this.warp = warp;
      this.code = code;
      copy = new TileCopy(dialect, warps() * WarpCode.LANES, warp, code);
      firstRow = cta % rowBlocks() * BLOCK_ROWS;
      firstBlock = cta / rowBlocks() % splits * GemmTile.tiles(keys, BLOCK_KEYS * splits);
      sequence = cta / rowBlocks() / splits;
    }

    private void write() {
      dialect.prologue(code, ADDRESSES);
      for (int i = 0; i < headDim / 2; i += 2) {
        code.add("CS2R", OUTPUT + i);
      }
      TileCopy.Tile query =
          tile(0, (long) sequence * rows + firstRow, warps() * FRAGMENT, rows - firstRow, 0);
      copy.copy(query);
      boolean ahead = dialect == Dialect.AMPERE;
      if (ahead) {
        copy.copy(keys(0), values(0));
        code.awaitCopies(1);
      }
      dialect.barrier(code);
      for (int at = 0; at < headDim; at += FRAGMENT) {
        Fragments.load(code, dialect, QUERY + at / 4, query, warp * FRAGMENT, chunk(at));
      }
      for (int turn = 0; turn < iterations; turn++) {
        fetch(turn, ahead);
        dialect.barrier(code);
        scores(keys(turn));
        softmax();
        output(values(turn));
        dialect.turn(code);
        dialect.barrier(code);
      }
      finish();
      code.add("EXIT", WarpCode.NONE);
    }

    private void fetch(int turn, boolean ahead) {
      if (!ahead) {
        copy.copy(keys(turn), values(turn));
        return;
      }
      if (turn + 1 < iterations) {
        copy.copy(keys(turn + 1), values(turn + 1));
      } else {
        code.add("LDGDEPBAR", WarpCode.NONE);
      }
      code.awaitCopies(1);
    }

    private TileCopy.Tile keys(int turn) {
      return ofKeys(1, turn, 0);
    }

    private TileCopy.Tile values(int turn) {
      return ofKeys(2, turn, blockBytes());
    }

    private TileCopy.Tile ofKeys(int operand, int turn, long offset) {
      int stages = dialect == Dialect.AMPERE ? 2 : 1;
      long shared = queryBytes() + (long) (turn % stages) * 2 * blockBytes() + offset;
      int first = (firstBlock + turn) * BLOCK_KEYS;
      int valid = Math.max(1, Math.min(BLOCK_KEYS, keys - first));
      return tile(operand, (long) sequence * keys + first, BLOCK_KEYS, valid, shared);
    }

    private TileCopy.Tile tile(int operand, long row, int tileRows, int valid, long shared) {
      long rowBytes = (long) headDim * ELEMENT_BYTES;
      long base = Heap.buffer(operand) + row * rowBytes;
      return new TileCopy.Tile(base, rowBytes, tileRows, valid, chunk(headDim), shared);
    }

    private int chunk(int element) {
      return element * ELEMENT_BYTES / TileCopy.CHUNK_BYTES;
    }

    private void scores(TileCopy.Tile tile) {
      for (int key = 0; key < BLOCK_KEYS / PRODUCT_COLUMNS; key++) {
        code.add("CS2R", SCORES + 4 * key);
      }
      for (int at = 0; at < headDim; at += FRAGMENT) {
        multiply(QUERY + at / 4, tile, BLOCK_KEYS, chunk(at), SCORES);
      }
    }

    /** Greatest and sum of each row are among four lanes; what was summed before is scaled. */
    private void softmax() {
      int count = BLOCK_KEYS / PRODUCT_COLUMNS * 4;
      for (int i = 0; i < count; i++) {
        code.add("FMNMX", GREATEST + i / 2 % 2, GREATEST + i / 2 % 2, SCORES + i);
      }
      exchange("FMNMX", GREATEST);
      for (int i = 0; i < count; i++) {
        code.add("FFMA", SCORES + i, SCORES + i, GREATEST + i / 2 % 2);
        code.add("MUFU.EX2", SCORES + i, SCORES + i);
        code.add("FADD", SUM + i / 2 % 2, SUM + i / 2 % 2, SCORES + i);
      }
      code.add("MUFU.EX2", OTHER, GREATEST);
      for (int i = 0; i < headDim / 2; i++) {
        code.add("FMUL", OUTPUT + i, OUTPUT + i, OTHER);
      }
      for (int i = 0; i < count; i += 2) {
        code.add("F2FP.PACK_AB", SCORES + i / 2, SCORES + i, SCORES + i + 1);
      }
    }

    private void exchange(String opcode, int register) {
      for (int row = 0; row < 2; row++) {
        for (int step = 0; step < 2; step++) {
          code.add("SHFL.BFLY", OTHER, register + row);
          code.add(opcode, register + row, register + row, OTHER);
        }
      }
    }

    private void output(TileCopy.Tile tile) {
      for (int key = 0; key < BLOCK_KEYS; key += FRAGMENT) {
        for (int at = 0; at < headDim; at += FRAGMENT) {
          int operand = OPERAND + at / 4 % 32;
          Fragments.load(code, dialect, operand, tile, key, chunk(at));
          for (int half = 0; half < 2; half++) {
            int sums = OUTPUT + 4 * (at / PRODUCT_COLUMNS + half);
            dialect.multiply(code, SCORES + key / 4, operand + 2 * half, sums);
          }
        }
      }
    }

    private void multiply(int left, TileCopy.Tile tile, int columns, int chunk, int sums) {
      for (int column = 0; column < columns; column += FRAGMENT) {
        int operand = OPERAND + column / 4 % 32;
        Fragments.load(code, dialect, operand, tile, column, chunk);
        for (int half = 0; half < 2; half++) {
          int sum = sums + 4 * (column / PRODUCT_COLUMNS + half);
          dialect.multiply(code, left, operand + 2 * half, sum);
        }
      }
    }

    private void finish() {
      exchange("FADD", SUM);
      code.add("MUFU.RCP", OTHER, SUM);
      long base = Heap.buffer(3) + (long) sequence * rows * headDim * ELEMENT_BYTES;
      Fragments.Matrix matrix = new Fragments.Matrix(base, rows, headDim);
      for (int half = 0; half < 2; half++) {
        for (int column = 0; column < headDim; column += PRODUCT_COLUMNS) {
          int sums = OUTPUT + column / 2 + 2 * half;
          code.add("FMUL", sums, sums, OTHER);
          int row = firstRow + warp * FRAGMENT + half * PRODUCT_COLUMNS;
          Fragments.store(code, dialect, sums, matrix, row, column);
        }
      }
    }
  }
}
