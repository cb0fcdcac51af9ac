package io.plumbline.simulator.compass;

/**
 * Which way round a product was counted on an array that is not square. The original looks a count
 * up, then that of the product with both sides exchanged, and only then counts and remembers; so
 * the first of both stands for the other. Here it is the first of one search, as in a process that
 * has counted nothing before.
 */
final class CountedOrientations {
  private static final int MOST_KEPT = 1 << 20;

  private final SystolicArray array;
  private LongsByKey counted = new LongsByKey(1, MOST_KEPT);

  CountedOrientations(SystolicArray array) {
    this.array = array;
  }

  void forget() {
    counted = new LongsByKey(1, MOST_KEPT);
  }

  /** Cycles of a product, counted the way in which it or its exchange was met first. */
  long cycles(long m, long n, long k) {
    long direct = array.directCycles(m, n, k);
    if (direct >= 0) {
      return direct;
    }
    int own = counted.row(m, n, k);
    if (counted.get(own) == LongsByKey.UNKNOWN) {
      long other = m == n ? LongsByKey.UNKNOWN : counted.get(counted.row(n, m, k));
      long cycles = other == LongsByKey.UNKNOWN ? array.simulatedCycles(m, n, k) : other;
      // The row of the exchange may have moved this one.
      counted.set(counted.row(m, n, k), cycles);
      return cycles;
    }
    return counted.get(own);
  }
}
