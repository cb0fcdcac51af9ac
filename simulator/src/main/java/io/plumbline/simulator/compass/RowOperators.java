package io.plumbline.simulator.compass;

/**
 * Softmax, layer norm and GELU of one device, without launch overheads. Words are those of the
 * vector units, whatever the tensors have; time is counted in whole or fractional cycles, as in the
 * original.
 */
public final class RowOperators {
  private static final double LOG_2 = Math.log(2);

  private final Accelerator device;
  private final VectorUnit vector;
  private final int word;
  private final double memoryPerCycle;
  private final double bufferPerCycle;

  public RowOperators(Accelerator device) {
    this.device = device;
    this.vector = device.vector();
    this.word = vector.wordBytes();
    this.memoryPerCycle = device.memoryBytesPerCycle();
    this.bufferPerCycle = device.globalBufferBytesPerCycle();
  }

  /**
   * An operator on rows, as it was cut.
   *
   * @param rowsOfBuffer rows in the global buffer at a time
   * @param tileRows rows of a tile of a local buffer
   * @param tileColumns columns of that
   * @param doubleBuffered whether two such tiles fit; null where that is not asked
   */
  public record Result(
      double cycles, long rowsOfBuffer, long tileRows, long tileColumns, Boolean doubleBuffered) {
    /** Seconds at a clock. */
    public double seconds(Accelerator device) {
      return cycles / device.clockHz();
    }
  }

  /**
   * Softmax of each row, in one pass over its parts; the best of all ways to cut the rows.
   *
   * @param rows rows, at least 1
   * @param columns elements of a row
   */
  public Result softmax(long rows, long columns) {
    long atOnce = Math.min(device.globalBufferBytes() / (columns * word), rows);
    requireRow(atOnce, columns);
    Result best = null;
    for (long parts = 1; parts <= 32; parts *= 2) {
      long n1 = Check.ceilDiv(columns, parts);
      for (long m1 = 1; m1 <= 256; m1 *= 2) {
        long bytes = m1 * n1 * word;
        for (boolean twice : new boolean[] {true, false}) {
          if (bytes <= (twice ? device.localBufferBytes() / 2 : device.localBufferBytes())) {
            double cycles = softmaxCycles(rows, columns, atOnce, m1, n1);
            if (best == null || cycles < best.cycles()) {
              best = new Result(cycles, atOnce, m1, n1, twice);
            }
          }
        }
      }
    }
    if (best == null) {
      throw new IllegalArgumentException(
          "no part of a row of %d elements fits into a local buffer of %d bytes"
              .formatted(columns, device.localBufferBytes()));
    }
    return best;
  }

  private double softmaxCycles(long rows, long columns, long atOnce, long m1, long n1) {
    long parts = Check.ceilDiv(columns, n1);
    long tile =
        2 * Check.cycles(m1 * n1 * word, bufferPerCycle)
            + Check.cycles(m1 * n1 * (vector.flopsPerExp() * 3L + 7), vector.flopsPerCycle());
    double reduction =
        (double) (m1 * n1 * (vector.flopsPerExp() + 2L)) / vector.flopsPerCycle() + spill(m1, n1);
    double each = tile + log2(parts) * reduction;
    return overBuffers(
        rows,
        columns,
        atOnce,
        part -> {
          long tiles = Check.ceilDiv(part, m1) * parts;
          return (Check.ceilDiv(tiles, device.cores()) + 1) * each;
        });
  }

  /** Writing a partial result and reading it again, with a core's share of the bandwidth. */
  private double spill(long m1, long n1) {
    return m1 * n1 * word * 2 / (bufferPerCycle / device.cores());
  }

  /** Exact for powers of two, which is all that matters: parts are rarely anything else. */
  private static double log2(long value) {
    return Long.bitCount(value) == 1 ? Long.numberOfTrailingZeros(value) : Math.log(value) / LOG_2;
  }

  private interface Computed {
    double cycles(long rows);
  }

  /** The sum over what the global buffer takes at a time: read, compute, write. */
  private double overBuffers(long rows, long columns, long atOnce, Computed computed) {
    long whole = rows / atOnce;
    long rest = rows % atOnce;
    double total = 0;
    double each = computed.cycles(atOnce);
    long transfer = transferCycles(atOnce, columns);
    // One addition after the other, as the last bit depends on it.
    for (long i = 0; i < whole; i++) {
      total = total + transfer + each + transfer;
    }
    long last = transferCycles(rest, columns);
    return rest > 0 ? total + last + computed.cycles(rest) + last : total;
  }

  private long transferCycles(long rows, long columns) {
    return Check.cycles(rows * columns * word, memoryPerCycle);
  }

  /**
   * Layer norm of each row.
   *
   * @param mode decides how rows are cut
   * @throws IllegalArgumentException if the mode has no rule for it
   */
  public Result layerNorm(long rows, long columns, MapperMode mode) {
    long atOnce = Math.min(device.globalBufferBytes() / (columns * word) / 2, rows);
    requireRow(atOnce, columns);
    long n1 = columns;
    long m1;
    if (mode.usesVectorUnits()) {
      m1 = device.localBufferBytes() / (n1 * word) / 2;
      while (m1 < vector.count()) {
        n1 /= 2;
        m1 = device.localBufferBytes() / (n1 * word) / 2;
      }
      m1 = Math.min(m1, atOnce);
    } else if (mode == MapperMode.TPU) {
      m1 = Math.min(device.localBufferBytes() / (2 * columns * word), rows);
      requireRow(m1, columns);
    } else {
      throw new IllegalArgumentException(
          "LLMCompass has no layer norm in mode %s. Maybe heuristic-GPU".formatted(mode.word()));
    }
    return new Result(layerNormCycles(rows, columns, atOnce, m1, n1), atOnce, m1, n1, null);
  }

  private double layerNormCycles(long rows, long columns, long atOnce, long m1, long n1) {
    long lanes = Check.ceilDiv(n1, vector.width()) * Check.ceilDiv(m1, vector.count());
    long passes = Check.cycles(lanes, vector.flopsPerLane());
    double computed = passes * 7 + 2 * log2(vector.width());
    double tile = 4 * Check.cycles(m1 * n1 * word, bufferPerCycle) + computed;
    double reduction = (double) (m1 * n1) / vector.flopsPerCycle() + spill(m1, n1);
    long parts = Check.ceilDiv(columns, n1);
    double each = tile + (parts - 1) * reduction;
    return overBuffers(
        rows,
        columns,
        atOnce,
        part -> Check.ceilDiv(Check.ceilDiv(part, m1) * parts, device.cores()) * each);
  }

  private void requireRow(long rows, long columns) {
    if (rows <= 0) {
      throw new IllegalArgumentException(
          "a row of %d elements does not fit into the buffers of the device. Maybe it has fewer, or larger buffers"
              .formatted(columns));
    }
  }

  /** Seconds of GELU of so many elements. */
  public double geluSeconds(long elements) {
    return elementwiseSeconds(elements, 10, 2);
  }

  /** Seconds of SiLU of so many elements, times as many others: two are read, one is written. */
  public double gatedSiluSeconds(long elements) {
    return elementwiseSeconds(elements, 5, 3);
  }

  /**
   * Seconds of an operator on single elements: all lanes at once, or all transfers.
   *
   * @param plainFlops operations of an element besides one exponential
   * @param transfers matrices of that size that are read or written
   */
  double elementwiseSeconds(long elements, int plainFlops, int transfers) {
    long lanes = (long) device.cores() * vector.width() * vector.count();
    long padded = Check.ceilDiv(elements, lanes) * lanes;
    long bytes = padded * transfers * word;
    double moved =
        bytes / device.memoryBytesPerSecond() + bytes / bufferPerCycle / device.clockHz();
    double computed =
        (double) (padded * (plainFlops + vector.flopsPerExp()))
            / vector.flopsPerCycle()
            / device.cores()
            / device.clockHz();
    return Math.max(computed, moved);
  }
}
