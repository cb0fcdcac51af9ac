package io.plumbline.trace.gpu;

import java.io.Serializable;

/**
 * A sectored LRU cache with lines of four 32-byte sectors, allocated on a miss. Writes allocate
 * without a read.
 *
 * @param mshrEntries sectors that are fetched at the same time
 * @param mshrMerges requests that wait for one sector at most
 * @param missQueue requests that wait for the way out
 * @param dirtyPercent modified lines are replaced only when they are this share of the cache
 */
public record CacheSpec(
    int sets,
    int ways,
    SetIndex index,
    int mshrEntries,
    int mshrMerges,
    int missQueue,
    int dirtyPercent)
    implements Serializable {
  public CacheSpec {
    if (sets < 1 || Integer.bitCount(sets) != 1 || ways < 1) {
      throw new IllegalArgumentException(
          "sets (%d) must be a power of two, ways (%d) positive".formatted(sets, ways));
    }
    if (index == SetIndex.POLYNOMIAL && !PolynomialHash.isDefinedFor(sets)) {
      throw new IllegalArgumentException(
          "sets (%d) must be 16, 32 or 64 with a polynomial index".formatted(sets));
    }
    if (mshrEntries < 1 || mshrMerges < 1 || missQueue < 2) {
      throw new IllegalArgumentException(
          "mshrEntries (%d) and mshrMerges (%d) must be positive, missQueue (%d) at least 2"
              .formatted(mshrEntries, mshrMerges, missQueue));
    }
  }

  public CacheSpec withWays(int otherWays) {
    return new CacheSpec(sets, otherWays, index, mshrEntries, mshrMerges, missQueue, dirtyPercent);
  }
}
