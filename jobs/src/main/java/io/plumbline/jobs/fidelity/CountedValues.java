package io.plumbline.jobs.fidelity;

import java.io.Serializable;
import java.util.Arrays;

/** Values, each with its unit and how often it is there, as arrays that grow. */
final class CountedValues implements Serializable {
  private static final int RADIX_BITS = 8;
  private static final int RADIX = 1 << RADIX_BITS;

  private double[] values;
  private int[] units;
  private int[] counts;
  private int size;

  /** An empty one with room for so many values. */
  CountedValues(int capacity) {
    values = new double[Math.max(1, capacity)];
    units = new int[values.length];
    counts = new int[values.length];
  }

  void add(double value, int unit, int count) {
    if (size == values.length) {
      resize(2 * size);
    }
    values[size] = value;
    units[size] = unit;
    counts[size] = count;
    size++;
  }

  /** Adds all values of another, whose units begin at a given one here. */
  void addAll(CountedValues other, int firstUnit) {
    for (int i = 0; i < other.size; i++) {
      add(other.values[i], firstUnit + other.units[i], other.counts[i]);
    }
  }

  /** Adds them to bins, each under its unit as the group. */
  void addTo(GroupedBins bins) {
    for (int i = 0; i < size; i++) {
      bins.add(values[i], units[i], counts[i]);
    }
  }

  int size() {
    return size;
  }

  /** Gives back what the arrays have too much. */
  CountedValues trimmed() {
    resize(size);
    return this;
  }

  private void resize(int length) {
    values = Arrays.copyOf(values, length);
    units = Arrays.copyOf(units, length);
    counts = Arrays.copyOf(counts, length);
  }

  /** The same in ascending order, in whichever order they came. */
  Sample sample() {
    long[] keys = new long[size];
    for (int i = 0; i < size; i++) {
      keys[i] = orderedBits(values[i]);
    }
    int[] order = new int[size];
    Arrays.setAll(order, i -> i);
    int units32 = Integer.SIZE - Integer.numberOfLeadingZeros(largestUnit());
    order = sorted(order, toLongs(units), units32);
    order = sorted(order, keys, Long.SIZE);
    return merged(order);
  }

  private int largestUnit() {
    int largest = 0;
    for (int i = 0; i < size; i++) {
      largest = Math.max(largest, units[i]);
    }
    return largest;
  }

  private long[] toLongs(int[] ints) {
    long[] longs = new long[size];
    for (int i = 0; i < size; i++) {
      longs[i] = ints[i];
    }
    return longs;
  }

  /** Bits that order as the doubles do. */
  private static long orderedBits(double value) {
    long bits = Double.doubleToRawLongBits(value);
    return bits ^ (bits >> 63 | Long.MIN_VALUE);
  }

  /** A stable radix sort of an order by its keys; bytes in which all keys agree cost one look. */
  private static int[] sorted(int[] order, long[] keys, int bits) {
    int[] from = order;
    int[] to = new int[order.length];
    for (int shift = 0; shift < bits; shift += RADIX_BITS) {
      int[] starts = new int[RADIX + 1];
      for (long key : keys) {
        starts[((int) (key >>> shift) & (RADIX - 1)) + 1]++;
      }
      if (Arrays.stream(starts).anyMatch(count -> count == keys.length)) {
        continue;
      }
      for (int digit = 0; digit < RADIX; digit++) {
        starts[digit + 1] += starts[digit];
      }
      for (int i : from) {
        to[starts[(int) (keys[i] >>> shift) & (RADIX - 1)]++] = i;
      }
      int[] swapped = from;
      from = to;
      to = swapped;
    }
    return from;
  }

  /** The sample in a given order, in which what is the same and of the same unit is one. */
  private Sample merged(int[] order) {
    CountedValues merged = new CountedValues(size);
    for (int i : order) {
      int last = merged.size - 1;
      if (last >= 0 && merged.values[last] == values[i] && merged.units[last] == units[i]) {
        merged.counts[last] += counts[i];
      } else {
        merged.add(values[i], units[i], counts[i]);
      }
    }
    merged.trimmed();
    return new Sample(merged.values, merged.units, merged.counts);
  }
}
