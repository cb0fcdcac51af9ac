package io.plumbline.simulator.compass;

import java.util.List;

/** Which mappings are tried for a product, in LLMCompass's order; the first of equals wins. */
public enum MapperMode {
  /** Square tiles of cores, and tiles of the global buffer around them. */
  GPU("heuristic-GPU") {
    @Override
    void tiles(Accelerator device, MatmulShape shape, MappingSpace space) {
      for (long m2 = 64; m2 <= 2048; m2 *= 2) {
        for (long n2 = m2 / 2; n2 <= 2 * m2; n2 *= 2) {
          for (long f = 1; f <= 8; f *= 2) {
            long parts = shape.k() <= LONGEST_WHOLE_K ? f : shape.k() / (1024 * f);
            long k2 = Check.powerOfTwoBelow(Check.ceilDiv(shape.k(), parts));
            if (space.memoryTile(m2, n2, k2)) {
              squares(Math.min(m2, n2), k2, space);
            }
          }
        }
      }
    }

    private void squares(long largest, long k2, MappingSpace space) {
      for (long m1 = 32; m1 <= Math.min(256, largest); m1 *= 2) {
        for (long parts = 1; parts <= 32; parts *= 2) {
          space.bufferTile(m1, m1, Check.ceilDiv(k2, parts));
        }
      }
    }

    @Override
    boolean usesVectorUnits() {
      return true;
    }
  },

  /** Wide tiles for large global buffers, always doubly buffered. */
  THROUGHPUT("heuristic-our-throughput") {
    @Override
    void tiles(Accelerator device, MatmulShape shape, MappingSpace space) {
      for (long m2 = 32; m2 <= 4096; m2 *= 2) {
        for (long n2 = m2 / 4; n2 <= 32 * m2; n2 *= 2) {
          long longest = Math.floorDiv(space.globalWords() / 2 - m2 * n2, m2 + n2);
          if (longest >= 1) {
            long k2 = Check.powerOfTwoBelow(Math.min(longest, shape.k()));
            space.doublyBufferedTile(m2, n2, k2);
            for (long m = 32; m <= 256; m *= 2) {
              long m1 = Math.min(m, Math.min(m2, n2));
              longestTile(m1, m1, k2, space);
            }
          }
        }
      }
    }

    @Override
    List<ArraySplit> splits(int arrays) {
      return List.of(new ArraySplit(2, 2, 1));
    }

    @Override
    boolean usesVectorUnits() {
      return true;
    }
  },

  /** The whole product lies in the global buffer, which stands for the memory of a TPU. */
  TPU("heuristic-TPU") {
    @Override
    void tiles(Accelerator device, MatmulShape shape, MappingSpace space) {
      wholeProduct(shape, ROWS, space);
    }

    @Override
    List<ArraySplit> splits(int arrays) {
      return List.of(new ArraySplit(1, 2, 1));
    }
  },

  /** The same for cores with one array. */
  TPU_NEW("heuristic-TPU-new") {
    @Override
    void tiles(Accelerator device, MatmulShape shape, MappingSpace space) {
      wholeProduct(shape, ROWS_FROM_32, space);
    }

    @Override
    List<ArraySplit> splits(int arrays) {
      return List.of(new ArraySplit(1, 1, 1));
    }
  },

  /** All powers of two from 32, in all orders of loops; none for a dimension of 16 or less. */
  EXHAUSTIVE("exhaustive") {
    @Override
    void tiles(Accelerator device, MatmulShape shape, MappingSpace space) {
      long m = coveringPower(shape.m());
      long n = coveringPower(shape.n());
      long k = coveringPower(shape.k());
      for (long m2 = 32; m2 <= m; m2 *= 2) {
        for (long n2 = 32; n2 <= n; n2 *= 2) {
          for (long k2 = 32; k2 <= k; k2 *= 2) {
            if (space.memoryTile(m2, n2, k2)) {
              powers(m2, n2, k2, space);
            }
          }
        }
      }
    }

    private void powers(long m2, long n2, long k2, MappingSpace space) {
      for (long m1 = 32; m1 <= m2; m1 *= 2) {
        for (long n1 = 32; n1 <= n2; n1 *= 2) {
          for (long k1 = 32; k1 <= k2; k1 *= 2) {
            space.bufferTile(m1, n1, k1);
          }
        }
      }
    }

    @Override
    List<LoopOrder> orders() {
      return List.of(LoopOrder.values());
    }
  };

  private static final long LONGEST_WHOLE_K = 12288;
  private static final long[] ROWS = {64, 128, 256, 512, 1024, 2048, 4096, 8192};
  private static final long[] ROWS_FROM_32 = {32, 64, 128, 256, 512, 1024, 2048, 4096, 8192};
  private static final double[] COLUMNS_PER_ROW = {0.5, 1, 2, 8, 16, 64, 128, 256};

  private final String word;

  MapperMode(String word) {
    this.word = word;
  }

  /** As LLMCompass calls it. */
  public String word() {
    return word;
  }

  /** The mode of a word of LLMCompass; null if it has none such. */
  public static MapperMode of(String word) {
    for (MapperMode mode : values()) {
      if (mode.word.equals(word)) {
        return mode;
      }
    }
    return null;
  }

  /** The mode for a device: of TPUs, whose memory takes no time, or of GPUs. */
  public static MapperMode fitting(Accelerator device) {
    if (!Double.isInfinite(device.memoryBytesPerSecond())) {
      return GPU;
    }
    return device.arraysPerCore() == 2 ? TPU : TPU_NEW;
  }

  /** Tells all tiles that are tried, those of the local buffer after the one around them. */
  abstract void tiles(Accelerator device, MatmulShape shape, MappingSpace space);

  /** How the arrays of a core may share a tile. */
  List<ArraySplit> splits(int arrays) {
    return ArraySplit.ofArrays(arrays);
  }

  /** Orders of the loops on both levels. */
  List<LoopOrder> orders() {
    return List.of(LoopOrder.KNM);
  }

  /** Whether products with a vector bypass the systolic arrays. */
  boolean usesVectorUnits() {
    return false;
  }

  private static void wholeProduct(MatmulShape shape, long[] rows, MappingSpace space) {
    space.wholeProduct(shape);
    columns(shape.m(), shape, space);
    for (long m1 : rows) {
      if (m1 <= 2 * shape.m()) {
        columns(m1, shape, space);
      }
    }
  }

  private static void columns(long m1, MatmulShape shape, MappingSpace space) {
    for (double perRow : COLUMNS_PER_ROW) {
      long n1 = (long) (m1 * perRow);
      if (n1 > 0 && n1 <= shape.n()) {
        longestTile(m1, n1, shape.k(), space);
      }
    }
  }

  /** The longest tile of a power of two that the local buffer holds. */
  private static void longestTile(long m1, long n1, long k2, MappingSpace space) {
    long longest = Math.floorDiv(space.localWords() - m1 * n1, m1 + n1);
    if (longest >= 1) {
      space.bufferTile(m1, n1, Check.powerOfTwoBelow(Math.min(longest, k2)));
    }
  }

  /** The power of two that is not below a size. */
  private static long coveringPower(long size) {
    return size <= 1 ? 1 : Long.highestOneBit(size - 1) << 1;
  }
}
