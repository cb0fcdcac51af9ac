package io.plumbline.simulator.compass;

import java.io.Serializable;

/**
 * A product of a matrix of m rows and k columns with one of k rows and n columns.
 *
 * @param wordBytes bytes of an element of all three
 */
public record MatmulShape(long m, long n, long k, int wordBytes) implements Serializable {
  /** Tiles are counted in {@code long}s, and their products must fit. */
  private static final long LARGEST = 1L << 31;

  public MatmulShape {
    dimension("m", m);
    dimension("n", n);
    dimension("k", k);
    Check.positive("wordBytes", wordBytes);
    if ((double) m * n * k >= 1L << 53) {
      throw new IllegalArgumentException(
          "m (%d), n (%d) and k (%d) multiply to more than 2^53".formatted(m, n, k));
    }
  }

  /** Elements of 16 bits. */
  public static MatmulShape fp16(long m, long n, long k) {
    return new MatmulShape(m, n, k, 2);
  }

  /** Whether it is a product with a vector. */
  boolean hasVector() {
    return m == 1 || n == 1;
  }

  /** Bytes of all three matrices. */
  long bytes() {
    return elements() * wordBytes;
  }

  long elements() {
    return m * k + k * n + m * n;
  }

  /** Operations, two per multiply-add. */
  public double flops() {
    return 2.0 * m * n * k;
  }

  private static void dimension(String what, long value) {
    if (value <= 0 || value >= LARGEST) {
      throw new IllegalArgumentException(
          "%s (%d) must be positive and below 2^31".formatted(what, value));
    }
  }
}
