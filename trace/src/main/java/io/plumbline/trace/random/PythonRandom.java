package io.plumbline.trace.random;

import java.io.Serializable;

/**
 * The stream of CPython's module {@code random}: the same seed and calls give the same numbers.
 *
 * @see <a href="https://docs.python.org/3/library/random.html">random, in the Python library</a>
 */
public final class PythonRandom implements Serializable {
  private static final long serialVersionUID = 1;

  private Mt19937 bits;

  /** As after {@code random.seed(seed)}. */
  public PythonRandom(long seed) {
    seed(seed);
  }

  private PythonRandom(Mt19937 bits) {
    this.bits = bits;
  }

  /** {@code random.seed(seed)}: CPython takes the words of the absolute value as the key. */
  public void seed(long seed) {
    // The absolute value of the least long overflows to itself, which read as unsigned is right.
    long magnitude = Math.abs(seed);
    int low = (int) magnitude;
    int high = (int) (magnitude >>> 32);
    bits = high == 0 ? Mt19937.ofKey(low) : Mt19937.ofKey(low, high);
  }

  /** {@code random.random()}, in [0, 1). */
  public double nextDouble() {
    return bits.nextDouble();
  }

  /** {@code random.uniform(a, b)}. */
  public double uniform(double a, double b) {
    return a + (b - a) * nextDouble();
  }

  /**
   * {@code random.randint(a, b)}, both bounds included. CPython draws as many bits as the number of
   * values has and draws again where they are too many; so one value consumes draws as well.
   *
   * @throws IllegalArgumentException if a is above b
   */
  public int randint(int a, int b) {
    if (a > b) {
      throw new IllegalArgumentException("randint needs a (%d) not above b (%d)".formatted(a, b));
    }
    long values = (long) b - a + 1;
    int width = Long.SIZE - Long.numberOfLeadingZeros(values);
    long drawn = nextBits(width);
    while (drawn >= values) {
      drawn = nextBits(width);
    }
    return (int) (a + drawn);
  }

  /** {@code random.getrandbits(width)} for at most 63 bits: the low word first. */
  private long nextBits(int width) {
    if (width <= Integer.SIZE) {
      return bits.nextInt32() >>> (Integer.SIZE - width) & 0xffffffffL;
    }
    long low = Integer.toUnsignedLong(bits.nextInt32());
    long high = Integer.toUnsignedLong(bits.nextInt32()) >>> (2 * Integer.SIZE - width);
    return high << Integer.SIZE | low;
  }

  /** A generator that goes on from here independently of this one. */
  public PythonRandom copy() {
    return new PythonRandom(bits.copy());
  }
}
