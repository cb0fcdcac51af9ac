package io.plumbline.simulator.sm;

import io.plumbline.trace.gpu.CacheSpec;

/**
 * Tags, miss status and miss queue of a sectored cache that allocates on misses and writes without
 * fetching first. What L1 and L2 have in common; the queue's end belongs to them.
 */
final class SectorCache {
  /** What became of an access. */
  enum Outcome {
    HIT,
    /** The request waits for a sector that is fetched, now or already. */
    MISS,
    /** There is no room; it has to be tried again. */
    REFUSED
  }

  /** Whether writes go on to the next level at once, or when their line is replaced. */
  enum Writes {
    THROUGH,
    BACK
  }

  private static final int SECTORS_OF_LINE = 4;
  private static final int SECTOR_BYTES = 32;

  private final CacheSpec spec;
  private final Writes writes;
  private final SectorTags tags;
  private final MissTable misses;
  private final RequestQueue missQueue = new RequestQueue();
  private final LongQueue arrived = new LongQueue();

  private boolean replaced;
  private int writtenBackSectors;
  private long changes;
  private long accesses;
  private long hits;

  SectorCache(CacheSpec spec, Writes writes) {
    this.spec = spec;
    this.writes = writes;
    tags = new SectorTags(spec);
    misses = new MissTable(spec.mshrEntries(), spec.mshrMerges());
  }

  /** Whether a request waits for the way to the next level. */
  boolean hasMissed() {
    return !missQueue.isEmpty();
  }

  /** Takes the next request to the next level. */
  MemoryRequest pollMissed() {
    changes++;
    return missQueue.poll();
  }

  /** What was refused is refused again as long as this number stays the same. */
  long changes() {
    return changes;
  }

  /**
   * Looks up the sector of the oldest request of a queue, and takes it from there unless it is
   * refused. A read that missed then waits in here, a write through goes on; any other is the
   * caller's.
   *
   * @param indexLine the line number that the set is chosen by
   */
  Outcome access(RequestQueue queue, long indexLine) {
    writtenBackSectors = 0;
    MemoryRequest request = queue.peek();
    Outcome outcome =
        request.write ? write(request, queue, indexLine) : read(request, queue, indexLine);
    if (outcome != Outcome.REFUSED) {
      changes++;
      accesses++;
      if (outcome == Outcome.HIT) {
        hits++;
      }
    }
    return outcome;
  }

  private Outcome read(MemoryRequest request, RequestQueue queue, long indexLine) {
    long line = request.line();
    int sector = request.sectorOfLine();
    int at = tags.find(line);
    if (at != SectorTags.NONE && tags.canRead(at, sector)) {
      tags.touch(at);
      if (request.atomic) {
        tags.write(at, sector, -1);
      }
      queue.poll();
      return Outcome.HIT;
    }
    if (missQueue.size() + 1 >= spec.missQueue()) {
      return Outcome.REFUSED;
    }
    int slot = misses.find(request.sector);
    if (slot == MissTable.ABSENT ? misses.isFull() : !misses.canMerge(slot)) {
      return Outcome.REFUSED;
    }
    at = placeOf(line, at, indexLine);
    if (at == SectorTags.NONE) {
      return Outcome.REFUSED;
    }
    tags.expect(at, sector);
    if (slot == MissTable.ABSENT) {
      slot = misses.add(request.sector);
      MemoryRequest fetch = new MemoryRequest(request.sector, request.sm, false);
      fetch.instruction = request.instruction;
      fetch.slice = request.slice;
      missQueue.add(fetch);
    }
    misses.merge(slot, queue.poll());
    writeBack(request);
    return Outcome.MISS;
  }

  private Outcome write(MemoryRequest request, RequestQueue queue, long indexLine) {
    long line = request.line();
    int sector = request.sectorOfLine();
    int at = tags.find(line);
    boolean hit = at != SectorTags.NONE && tags.isValid(at, sector);
    boolean queues = writes == Writes.THROUGH || !hit;
    if (queues && missQueue.size() >= spec.missQueue()) {
      return Outcome.REFUSED;
    }
    at = placeOf(line, at, indexLine);
    if (at == SectorTags.NONE) {
      return Outcome.REFUSED;
    }
    tags.write(at, sector, request.writtenBytes);
    queue.poll();
    if (writes == Writes.THROUGH) {
      missQueue.add(request);
    } else {
      writeBack(request);
    }
    return hit ? Outcome.HIT : Outcome.MISS;
  }

  /** The place of a line, which is made if it has none. */
  private int placeOf(long line, int found, long indexLine) {
    replaced = false;
    if (found != SectorTags.NONE) {
      return found;
    }
    int set = spec.index().of(indexLine, spec.sets());
    int at = tags.victim(set);
    if (at != SectorTags.NONE) {
      tags.replace(set, at, line);
      replaced = true;
    }
    return at;
  }

  /** Sectors that the last access had to write back. */
  int writtenBackSectors() {
    return writtenBackSectors;
  }

  private void writeBack(MemoryRequest cause) {
    if (!replaced || writes == Writes.THROUGH || tags.evictedSectors() == 0) {
      return;
    }
    MemoryRequest back = new MemoryRequest(tags.evictedLine() * SECTORS_OF_LINE, cause.sm, true);
    back.slice = cause.slice;
    back.dramBytes = SECTOR_BYTES * tags.evictedSectors();
    missQueue.add(back);
    writtenBackSectors = tags.evictedSectors();
  }

  /** A sector came from the next level; those that wait for it are ready one after the other. */
  void fill(MemoryRequest fetched) {
    changes++;
    tags.arrive(fetched.line(), fetched.sectorOfLine());
    arrived.add(fetched.sector);
  }

  boolean hasReady() {
    return !arrived.isEmpty();
  }

  /** Takes the next request whose sector came. */
  MemoryRequest pollReady() {
    changes++;
    long sector = arrived.peek();
    MemoryRequest request = misses.pollWaiting(sector);
    if (misses.wasLast()) {
      arrived.poll();
    }
    if (request.atomic) {
      int at = tags.find(request.line());
      if (at != SectorTags.NONE) {
        tags.write(at, request.sectorOfLine(), -1);
      }
    }
    return request;
  }

  /** Forgets all lines, not what is on its way. */
  void invalidate() {
    tags.clear();
  }

  long accesses() {
    return accesses;
  }

  long hits() {
    return hits;
  }
}
