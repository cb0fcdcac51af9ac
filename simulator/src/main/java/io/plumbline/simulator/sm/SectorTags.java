package io.plumbline.simulator.sm;

import io.plumbline.trace.gpu.CacheSpec;
import java.util.Arrays;

/**
 * Tags of a sectored LRU cache: four sectors a line, each invalid, on its way, valid or modified.
 * Lines with a sector on its way are never replaced; modified lines only if they are a certain
 * share of the cache. Ways of a set are a list from the least to the most recently used.
 */
final class SectorTags {
  /** Answer of {@link #find} and {@link #allocate}: there is none. */
  static final int NONE = -1;

  private static final int ALL_BYTES = -1;
  private static final int SECTORS = 4;

  private final int sets;
  private final int ways;
  private final int dirtyPercent;
  private final long[] lines;
  private final byte[] valid;
  private final byte[] arriving;
  private final byte[] modified;
  private final byte[] unreadable;
  private final byte[] modifiedOnArrival;
  private final int[] writtenBytes;

  private final int[] used;
  private final int[] older;
  private final int[] newer;
  private final int[] oldest;
  private final int[] newest;

  private final int[] bucketHead;
  private final int[] bucketNext;

  private int modifiedLines;
  private long evictedLine;
  private int evictedSectors;

  SectorTags(CacheSpec spec) {
    sets = spec.sets();
    ways = spec.ways();
    dirtyPercent = spec.dirtyPercent();
    int count = sets * ways;
    lines = new long[count];
    valid = new byte[count];
    arriving = new byte[count];
    modified = new byte[count];
    unreadable = new byte[count];
    modifiedOnArrival = new byte[count];
    writtenBytes = new int[count * SECTORS];
    used = new int[sets];
    older = new int[count];
    newer = new int[count];
    oldest = new int[sets];
    newest = new int[sets];
    bucketHead = new int[Integer.highestOneBit(count) * 2];
    bucketNext = new int[count];
    clear();
  }

  /** Forgets everything. */
  void clear() {
    Arrays.fill(used, 0);
    Arrays.fill(oldest, NONE);
    Arrays.fill(newest, NONE);
    Arrays.fill(bucketHead, NONE);
    Arrays.fill(modified, (byte) 0);
    modifiedLines = 0;
  }

  /** The place of a line that has a tag, or {@link #NONE}. */
  int find(long line) {
    int at = bucketHead[bucket(line)];
    while (at != NONE && lines[at] != line) {
      at = bucketNext[at];
    }
    return at;
  }

  boolean canRead(int at, int sector) {
    return (valid[at] & ~unreadable[at] & ~arriving[at] & 1 << sector) != 0;
  }

  boolean isValid(int at, int sector) {
    return (valid[at] & ~arriving[at] & 1 << sector) != 0;
  }

  /** Makes a line the most recently used of its set. */
  void touch(int at) {
    int set = at / ways;
    if (newest[set] != at) {
      unlink(set, at);
      append(set, at);
    }
  }

  /** The place that a line of a set would get: a free one, else the oldest that may go. */
  int victim(int set) {
    if (used[set] < ways) {
      return set * ways + used[set];
    }
    boolean cleanOnly = 100L * modifiedLines < (long) dirtyPercent * sets * ways;
    for (int at = oldest[set]; at != NONE; at = newer[at]) {
      if (arriving[at] == 0 && !(cleanOnly && modified[at] != 0)) {
        return at;
      }
    }
    return NONE;
  }

  /** Gives a line the place that {@link #victim} named; its sectors are invalid at first. */
  void replace(int set, int at, long line) {
    evictedSectors = 0;
    if (used[set] < ways && at == set * ways + used[set]) {
      used[set]++;
    } else {
      if (modified[at] != 0) {
        evictedLine = lines[at];
        evictedSectors = Integer.bitCount(modified[at]);
        modifiedLines--;
      }
      unlink(set, at);
      removeFromBucket(at);
    }
    lines[at] = line;
    valid[at] = 0;
    arriving[at] = 0;
    modified[at] = 0;
    unreadable[at] = 0;
    modifiedOnArrival[at] = 0;
    Arrays.fill(writtenBytes, at * SECTORS, at * SECTORS + SECTORS, 0);
    append(set, at);
    int bucket = bucket(line);
    bucketNext[at] = bucketHead[bucket];
    bucketHead[bucket] = at;
  }

  /** Modified sectors of the line that the last {@link #replace} threw out; 0 if it was clean. */
  int evictedSectors() {
    return evictedSectors;
  }

  long evictedLine() {
    return evictedLine;
  }

  /** A sector is fetched from now on. */
  void expect(int at, int sector) {
    int bit = 1 << sector;
    if ((modified[at] & bit) != 0 && (arriving[at] & bit) == 0) {
      modifiedOnArrival[at] |= (byte) bit;
      setModified(at, modified[at] & ~bit);
    }
    arriving[at] |= (byte) bit;
    touch(at);
  }

  /** A sector came. A line that was replaced meanwhile is left alone. */
  void arrive(long line, int sector) {
    int at = find(line);
    if (at == NONE) {
      return;
    }
    int bit = 1 << sector;
    arriving[at] &= (byte) ~bit;
    unreadable[at] &= (byte) ~bit;
    valid[at] |= (byte) bit;
    if ((modifiedOnArrival[at] & bit) != 0) {
      modifiedOnArrival[at] &= (byte) ~bit;
      setModified(at, modified[at] | bit);
    }
  }

  /** Writes bytes of a sector; it can be read when all of its bytes are known. */
  void write(int at, int sector, int bytes) {
    int bit = 1 << sector;
    boolean readBefore = canRead(at, sector);
    if ((arriving[at] & bit) != 0) {
      arriving[at] &= (byte) ~bit;
      modifiedOnArrival[at] |= (byte) bit;
    }
    valid[at] |= (byte) bit;
    setModified(at, modified[at] | bit);
    int all = writtenBytes[at * SECTORS + sector] |= bytes;
    if (readBefore || all == ALL_BYTES) {
      unreadable[at] &= (byte) ~bit;
    } else {
      unreadable[at] |= (byte) bit;
    }
    touch(at);
  }

  private void setModified(int at, int mask) {
    if (modified[at] == 0 && mask != 0) {
      modifiedLines++;
    } else if (modified[at] != 0 && mask == 0) {
      modifiedLines--;
    }
    modified[at] = (byte) mask;
  }

  private void unlink(int set, int at) {
    int before = older[at];
    int after = newer[at];
    if (before == NONE) {
      oldest[set] = after;
    } else {
      newer[before] = after;
    }
    if (after == NONE) {
      newest[set] = before;
    } else {
      older[after] = before;
    }
  }

  private void append(int set, int at) {
    older[at] = newest[set];
    newer[at] = NONE;
    if (newest[set] == NONE) {
      oldest[set] = at;
    } else {
      newer[newest[set]] = at;
    }
    newest[set] = at;
  }

  private void removeFromBucket(int at) {
    int bucket = bucket(lines[at]);
    if (bucketHead[bucket] == at) {
      bucketHead[bucket] = bucketNext[at];
      return;
    }
    int before = bucketHead[bucket];
    while (bucketNext[before] != at) {
      before = bucketNext[before];
    }
    bucketNext[before] = bucketNext[at];
  }

  private int bucket(long line) {
    long mixed = line * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> (Long.SIZE / 2)) & bucketHead.length - 1;
  }
}
