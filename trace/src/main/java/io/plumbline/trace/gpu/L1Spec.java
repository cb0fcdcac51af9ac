package io.plumbline.trace.gpu;

import java.io.Serializable;
import java.util.List;

/**
 * L1 and shared memory of an SM. L1 writes through.
 *
 * @param banks banks that take a sector each in a cycle, interleaved by sectors
 * @param unifiedBytes memory that both share
 * @param sharedOptionsBytes sizes that shared memory can have, ascending; empty if the split is
 *     fixed
 * @param globalBypasses whether global loads leave L1 out
 */
public record L1Spec(
    CacheSpec cache,
    int banks,
    int latencyCycles,
    int sharedLatencyCycles,
    int unifiedBytes,
    List<Integer> sharedOptionsBytes,
    boolean globalBypasses)
    implements Serializable {
  private static final int LINE_BYTES = 128;

  public L1Spec {
    sharedOptionsBytes = List.copyOf(sharedOptionsBytes);
    if (banks < 1 || Integer.bitCount(banks) != 1) {
      throw new IllegalArgumentException("banks (%d) must be a power of two".formatted(banks));
    }
    if (latencyCycles < 1 || sharedLatencyCycles < 1) {
      throw new IllegalArgumentException(
          "latencies (%d, %d) must be positive".formatted(latencyCycles, sharedLatencyCycles));
    }
  }

  /** The cache that is left beside the shared memory of the resident thread blocks. */
  public CacheSpec cacheBeside(long sharedBytes) {
    int mostWays = unifiedBytes / (cache.sets() * LINE_BYTES);
    for (int option : sharedOptionsBytes) {
      if (sharedBytes <= option) {
        float share = 1 - (float) option / unifiedBytes;
        return cache.withWays(Math.max(1, (int) (mostWays * share + 0.5f)));
      }
    }
    return cache;
  }
}
