package io.plumbline.trace.kernel;

import java.util.Arrays;

/**
 * The distinct 32-byte sectors that the lanes of a warp touch, highest address first, which is the
 * order in which Accel-Sim sends them, and the bytes of each that are touched.
 *
 * @param sectors addresses divided by 32
 * @param bytes one bit a byte of the sector
 */
public record SectorList(long[] sectors, int[] bytes) {
  private static final int LANES = 32;
  private static final int SECTOR_BITS = 5;
  private static final int SECTOR_BYTES = 1 << SECTOR_BITS;

  /**
   * Coalesces a load or store.
   *
   * @param addresses one a lane; those of inactive lanes are not read
   * @param widthBytes bytes that each lane accesses
   */
  public static SectorList coalesced(int activeLanes, long[] addresses, int widthBytes) {
    Collector found = new Collector(LANES);
    for (int lane = 0; lane < LANES; lane++) {
      if ((activeLanes >>> lane & 1) != 0) {
        found.addRange(addresses[lane], widthBytes);
      }
    }
    return found.list();
  }

  /**
   * Coalesces an atomic: lanes that update the same word take turns, so that a sector comes again
   * for every further lane of its busiest word.
   */
  public static SectorList atomic(int activeLanes, long[] addresses, int widthBytes) {
    SectorList once = coalesced(activeLanes, addresses, widthBytes);
    Collector turns = new Collector(LANES);
    for (int i = 0; i < once.sectors.length; i++) {
      turns.append(once.sectors[i], once.bytes[i]);
    }
    for (long sector : once.sectors) {
      for (int turn = busiestWord(sector, activeLanes, addresses); turn > 1; turn--) {
        turns.append(sector, -1);
      }
    }
    return turns.list();
  }

  private static int busiestWord(long sector, int activeLanes, long[] addresses) {
    int most = 0;
    for (int lane = 0; lane < LANES; lane++) {
      if ((activeLanes >>> lane & 1) == 0 || addresses[lane] >>> SECTOR_BITS != sector) {
        continue;
      }
      int same = 0;
      for (int other = 0; other < LANES; other++) {
        if ((activeLanes >>> other & 1) != 0 && addresses[other] == addresses[lane]) {
          same++;
        }
      }
      most = Math.max(most, same);
    }
    return most;
  }

  /** Sectors sorted downwards while they come; neighbouring lanes mostly hit the last one again. */
  private static final class Collector {
    private long[] sectors;
    private int[] bytes;
    private int count;

    private Collector(int expected) {
      sectors = new long[expected];
      bytes = new int[expected];
    }

    private void addRange(long address, int widthBytes) {
      long last = (address + widthBytes - 1) >>> SECTOR_BITS;
      for (long sector = address >>> SECTOR_BITS; sector <= last; sector++) {
        long from = Math.max(address, sector << SECTOR_BITS);
        long to = Math.min(address + widthBytes, (sector + 1) << SECTOR_BITS);
        int length = (int) (to - from);
        int mask = length == SECTOR_BYTES ? -1 : (1 << length) - 1;
        add(sector, mask << (int) (from & SECTOR_BYTES - 1));
      }
    }

    private void add(long sector, int mask) {
      int at = 0;
      while (at < count && sectors[at] > sector) {
        at++;
      }
      if (at < count && sectors[at] == sector) {
        bytes[at] |= mask;
        return;
      }
      append(0, 0);
      System.arraycopy(sectors, at, sectors, at + 1, count - 1 - at);
      System.arraycopy(bytes, at, bytes, at + 1, count - 1 - at);
      sectors[at] = sector;
      bytes[at] = mask;
    }

    private void append(long sector, int mask) {
      if (count == sectors.length) {
        sectors = Arrays.copyOf(sectors, 2 * count);
        bytes = Arrays.copyOf(bytes, 2 * count);
      }
      sectors[count] = sector;
      bytes[count++] = mask;
    }

    private SectorList list() {
      return new SectorList(Arrays.copyOf(sectors, count), Arrays.copyOf(bytes, count));
    }
  }
}
