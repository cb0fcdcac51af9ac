package io.plumbline.jobs.fidelity;

/**
 * How exactly values are kept. Up to {@link #EXACT_VALUES} of a run they are kept as they are; more
 * are put into bins whose width is 2^-10 of their lower end, as HDR histograms do, and stand at the
 * middle of their bin: no percentile is off by more than {@link #BOUND_PERCENT}.
 *
 * @see <a href="https://github.com/HdrHistogram/HdrHistogram">HdrHistogram</a>
 */
final class Precision {
  /** Values of one run and metric above which they are binned. */
  static final long EXACT_VALUES = 1_000_000;

  /** Half the width of a bin over its lower end, in percent: 100 * 2^-11. */
  static final double BOUND_PERCENT = 100.0 / 2048;

  /** Bins between a power of two and the next. */
  static final int BINS_PER_OCTAVE = 1 << 10;

  /** Bits of a double's fraction that do not tell its bin. */
  static final int BITS_DROPPED = 52 - 10;

  private static final long HALF_BIN = 1L << (BITS_DROPPED - 1);

  private Precision() {}

  /** The middle of the bin of a value. */
  static double bin(double value) {
    if (value == 0) {
      return 0;
    }
    long bits = Double.doubleToRawLongBits(value) >> BITS_DROPPED << BITS_DROPPED;
    return Double.longBitsToDouble(bits | HALF_BIN);
  }
}
