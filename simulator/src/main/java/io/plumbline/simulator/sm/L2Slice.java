package io.plumbline.simulator.sm;

import io.plumbline.trace.gpu.AddressMapping;
import io.plumbline.trace.gpu.L2Spec;

/** A slice of L2 with its queues to the network and to its memory channel. */
final class L2Slice {
  private static final int LINE_BITS = 7;

  /** The network may bring one request, which the slice takes as up to four sectors. */
  private static final int SECTORS_OF_REQUEST = 4;

  private final L2Spec spec;
  private final AddressMapping addresses;
  private final SectorCache cache;
  private final RequestQueue delayed = new RequestQueue();
  private final RequestQueue requests = new RequestQueue();
  private final RequestQueue replies = new RequestQueue();
  private final RequestQueue toDram = new RequestQueue();
  private final RequestQueue fromDram = new RequestQueue();
  private int busyPortCycles;
  private long changesWhenRefused = -1;

  L2Slice(L2Spec spec, AddressMapping addresses) {
    this.spec = spec;
    this.addresses = addresses;
    cache = new SectorCache(spec.cache(), SectorCache.Writes.BACK);
  }

  SectorCache cache() {
    return cache;
  }

  RequestQueue replies() {
    return replies;
  }

  RequestQueue toDram() {
    return toDram;
  }

  boolean acceptsRequest() {
    return requests.size() + SECTORS_OF_REQUEST - 1 < spec.requestQueue();
  }

  void request(MemoryRequest request, long now) {
    request.readyCycle = now + spec.accessLatencyCycles();
    delayed.add(request);
  }

  boolean acceptsFill() {
    return fromDram.size() < spec.fromDramQueue();
  }

  void fill(MemoryRequest fetched) {
    fromDram.add(fetched);
  }

  /** Whether a cycle could change anything. */
  boolean isBusy(long now) {
    return !requests.isEmpty()
        || !fromDram.isEmpty()
        || cache.hasReady()
        || cache.hasMissed()
        || busyPortCycles > 0
        || (!delayed.isEmpty() && delayed.peek().readyCycle <= now);
  }

  /** One cycle of the L2 clock. */
  void cycle(long now) {
    if (cache.hasReady() && replies.size() < spec.replyQueue()) {
      replies.add(cache.pollReady());
    }
    if (!fromDram.isEmpty()) {
      cache.fill(fromDram.poll());
    }
    if (cache.hasMissed() && toDram.size() < spec.toDramQueue()) {
      toDram.add(cache.pollMissed());
    }
    if (busyPortCycles > 0) {
      busyPortCycles--;
    }
    if (!requests.isEmpty()
        && busyPortCycles == 0
        && cache.changes() != changesWhenRefused
        && toDram.size() < spec.toDramQueue()
        && replies.size() < spec.replyQueue()) {
      access();
    }
    MemoryRequest arrived = delayed.peek();
    if (arrived != null && arrived.readyCycle <= now && requests.size() < spec.requestQueue()) {
      requests.add(delayed.poll());
    }
  }

  private void access() {
    MemoryRequest request = requests.peek();
    long indexLine = addresses.withinSlice(request.address()) >>> LINE_BITS;
    switch (cache.access(requests, indexLine)) {
      case HIT -> {
        replies.add(request);
        busyPortCycles = 1;
      }
      case MISS -> {
        if (request.write) {
          replies.add(request);
        }
        busyPortCycles = cache.writtenBackSectors();
      }
      // It stays at the head and blocks those behind it.
      case REFUSED -> changesWhenRefused = cache.changes();
    }
  }
}
