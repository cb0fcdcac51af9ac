package io.plumbline.trace.kernel;

/** Shared memory: 32 banks of 4-byte words; lanes that read the same word share one turn. */
public final class SharedBanks {
  private static final int LANES = 32;
  private static final int BANKS = 32;

  private SharedBanks() {}

  /** The most distinct words of one bank that the lanes' first words are, at least 1. */
  public static int conflicts(int activeLanes, long[] addresses) {
    int most = 1;
    int[] wordsOfBank = new int[BANKS];
    for (int lane = 0; lane < LANES; lane++) {
      if ((activeLanes >>> lane & 1) != 0 && isFirst(lane, activeLanes, addresses)) {
        int bank = (int) (addresses[lane] >>> 2) & BANKS - 1;
        most = Math.max(most, ++wordsOfBank[bank]);
      }
    }
    return most;
  }

  private static boolean isFirst(int lane, int activeLanes, long[] addresses) {
    for (int before = 0; before < lane; before++) {
      if ((activeLanes >>> before & 1) != 0 && addresses[before] >>> 2 == addresses[lane] >>> 2) {
        return false;
      }
    }
    return true;
  }
}
