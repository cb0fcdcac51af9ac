package io.plumbline.trace.gpu;

/**
 * Pseudo-random interleaving: an address as a polynomial over GF(2), modulo an irreducible one.
 *
 * @see <a href="https://doi.org/10.1145/115953.115961">Rau, Pseudo-randomly interleaved memory,
 *     ISCA 1991</a>
 */
public final class PolynomialHash {
  private PolynomialHash() {}

  /** Whether there is a polynomial for so many slots. */
  public static boolean isDefinedFor(int slots) {
    return slots == 16 || slots == 32 || slots == 64;
  }

  /**
   * @param high the address bits above the slot's
   * @param slot the slot that the address would have without the hash
   */
  public static int of(long high, int slot, int slots) {
    int polynomial;
    int usedBits;
    switch (slots) {
      case 16 -> {
        polynomial = 0x13; // x^4 + x + 1
        usedBits = 13;
      }
      case 32 -> {
        polynomial = 0x25; // x^5 + x^2 + 1
        usedBits = 15;
      }
      case 64 -> {
        polynomial = 0x43; // x^6 + x + 1
        usedBits = 19;
      }
      default ->
          throw new IllegalArgumentException(
              "no polynomial for %d slots, only for 16, 32 and 64".formatted(slots));
    }
    int degree = Integer.numberOfTrailingZeros(slots);
    long value = (high & (1L << usedBits) - 1) << degree | slot;
    for (int bit = Long.SIZE - 1 - Long.numberOfLeadingZeros(value | 1); bit >= degree; bit--) {
      if ((value >>> bit & 1) != 0) {
        value ^= (long) polynomial << (bit - degree);
      }
    }
    return (int) value;
  }
}
