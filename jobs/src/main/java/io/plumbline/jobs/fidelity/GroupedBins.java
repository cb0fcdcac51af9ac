package io.plumbline.jobs.fidelity;

/**
 * How many values fall into each bin of {@link Precision} and each of {@link SampleTable#GROUPS}
 * groups. Counts lie in one array per power of two that occurs, so that a value costs one addition.
 */
final class GroupedBins {
  private static final int GROUPS = SampleTable.GROUPS;
  private static final int SIGN_AND_EXPONENT_BITS = 12;
  private static final int EXPONENT_SHIFT = 64 - SIGN_AND_EXPONENT_BITS;

  private final int[][] octaves = new int[1 << SIGN_AND_EXPONENT_BITS][];

  /** Counts a value of a group, or a bin's middle as often as it was counted elsewhere. */
  void add(double value, int group, int count) {
    long bits = Double.doubleToRawLongBits(value);
    int octave = (int) (bits >>> EXPONENT_SHIFT);
    if (octaves[octave] == null) {
      octaves[octave] = new int[Precision.BINS_PER_OCTAVE * GROUPS];
    }
    int bin = (int) (bits >>> Precision.BITS_DROPPED) & (Precision.BINS_PER_OCTAVE - 1);
    octaves[octave][bin * GROUPS + group] += count;
  }

  /** Hands on every bin and group that has values, standing at the middle of the bin. */
  void drainTo(CountedValues to) {
    for (int octave = 0; octave < octaves.length; octave++) {
      int[] counts = octaves[octave];
      for (int cell = 0; counts != null && cell < counts.length; cell++) {
        if (counts[cell] > 0) {
          long lowerEnd =
              (long) octave << EXPONENT_SHIFT | (long) (cell / GROUPS) << Precision.BITS_DROPPED;
          to.add(Precision.bin(Double.longBitsToDouble(lowerEnd)), cell % GROUPS, counts[cell]);
        }
      }
    }
  }
}
