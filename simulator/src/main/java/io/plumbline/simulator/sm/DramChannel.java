package io.plumbline.simulator.sm;

import io.plumbline.trace.gpu.AddressMapping;
import io.plumbline.trace.gpu.DramSpec;
import java.util.Arrays;

/**
 * A memory channel: a fixed delay, then banks among whose requests those of the open row go first
 * (FR-FCFS), then the data bus. It serves the slices of L2 at this channel in turn.
 */
final class DramChannel {
  private final DramSpec spec;
  private final AddressMapping addresses;
  private final L2Slice[] slices;
  private final RequestQueue delayed = new RequestQueue();
  private final RequestQueue[] banks;
  private final RequestQueue transfers = new RequestQueue();
  private final RequestQueue returned = new RequestQueue();
  private final DramBanks commands;

  private long cycle;
  private int queued;
  private int atBanks;
  private final boolean[] ownPlaceTaken;
  private final int sharedPlaces;
  private int sharedPlacesTaken;
  private int lastSlice;
  private long reads;
  private long writes;

  /**
   * @param slices the slices of L2 of this channel
   */
  DramChannel(DramSpec spec, AddressMapping addresses, L2Slice[] slices) {
    this.spec = spec;
    this.addresses = addresses;
    this.slices = slices;
    banks = new RequestQueue[spec.timing().banks()];
    Arrays.setAll(banks, bank -> new RequestQueue());
    commands = new DramBanks(spec);
    ownPlaceTaken = new boolean[slices.length];
    sharedPlaces = spec.queue() + spec.returnQueue() - (slices.length - 1);
  }

  /** Column commands that read. */
  long reads() {
    return reads;
  }

  /** Column commands that write. */
  long writes() {
    return writes;
  }

  /** Rows that were opened. */
  long activations() {
    return commands.activations();
  }

  /** Whether a cycle could change anything. */
  boolean isBusy(long now) {
    if (queued + atBanks > 0 || !transfers.isEmpty() || !returned.isEmpty()) {
      return true;
    }
    if (!delayed.isEmpty() && delayed.peek().readyCycle <= now) {
      return true;
    }
    for (L2Slice slice : slices) {
      if (!slice.toDram().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** One cycle in which nothing changes. */
  void idle() {
    cycle++;
  }

  /** One cycle of the DRAM clock. */
  void cycle(long now) {
    cycle++;
    if (!returned.isEmpty()) {
      giveToSlice();
    }
    if (queued + atBanks > 0 || !transfers.isEmpty()) {
      schedule();
    }
    takeFromSlices(now);
    if (!delayed.isEmpty() && delayed.peek().readyCycle <= now && queued < spec.queue()) {
      MemoryRequest request = delayed.poll();
      banks[request.bank].add(request);
      queued++;
    }
  }

  private void giveToSlice() {
    int local = local(returned.peek());
    if (slices[local].acceptsFill()) {
      leave(local);
      slices[local].fill(returned.poll());
    }
  }

  private void schedule() {
    MemoryRequest done = transfers.peek();
    if (done != null && done.readyCycle <= cycle && returned.size() < spec.returnQueue()) {
      finish(transfers.poll());
    }
    if (queued > 0 && commands.chooseRequest(banks)) {
      queued--;
      atBanks++;
    }
    if (atBanks == 0) {
      return;
    }
    MemoryRequest moved = commands.issue(cycle);
    if (moved != null) {
      if (moved.write) {
        writes++;
      } else {
        reads++;
      }
      if (moved.movedBytes >= moved.dramBytes) {
        atBanks--;
        int latency = moved.write ? spec.timing().wl() : spec.timing().cl();
        moved.readyCycle = cycle + latency;
        transfers.add(moved);
      }
    }
  }

  private void finish(MemoryRequest request) {
    if (request.write) {
      leave(local(request));
    } else {
      returned.add(request);
    }
  }

  private void takeFromSlices(long now) {
    for (int turn = 1; turn <= slices.length; turn++) {
      int local = (lastSlice + turn) % slices.length;
      RequestQueue waiting = slices[local].toDram();
      if (!waiting.isEmpty()
          && slices[local].acceptsFill()
          && (!ownPlaceTaken[local] || sharedPlacesTaken < sharedPlaces)) {
        if (queued < spec.queue()) {
          take(waiting.poll(), now);
          enter(local);
          lastSlice = local;
        }
        return;
      }
    }
  }

  private void take(MemoryRequest request, long now) {
    request.readyCycle = now + spec.latencyCycles();
    request.bank = addresses.bank(request.address());
    request.row = addresses.row(request.address());
    if (request.dramBytes == 0) {
      request.dramBytes = 32;
    }
    delayed.add(request);
  }

  private int local(MemoryRequest request) {
    return request.slice % slices.length;
  }

  /** Each slice has one place in the channel for itself; the rest they share. */
  private void enter(int local) {
    if (ownPlaceTaken[local]) {
      sharedPlacesTaken++;
    } else {
      ownPlaceTaken[local] = true;
    }
  }

  private void leave(int local) {
    if (ownPlaceTaken[local]) {
      ownPlaceTaken[local] = false;
    } else {
      sharedPlacesTaken--;
    }
  }
}
