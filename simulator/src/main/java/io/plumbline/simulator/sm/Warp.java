package io.plumbline.simulator.sm;

import io.plumbline.trace.kernel.CtaTrace;
import io.plumbline.trace.kernel.InstructionKind;
import io.plumbline.trace.kernel.WarpInstruction;
import java.util.Arrays;

/** A warp slot of an SM and the warp in it: where it is in its trace and what it waits for. */
final class Warp {
  private static final int WORD_BITS = 6;
  private static final int REGISTER_WORDS = 4;
  private static final int NOT_WAITING = -1;

  final int slot;
  final int scheduler;

  /** The thread block that it belongs to; null if the slot is free. */
  ResidentCta cta;

  /** Order of launch. */
  long age;

  /** Decoded instructions that wait for issue. */
  int buffered;

  /** Issued instructions that have not reached the end of their pipeline. */
  int inPipeline;

  /** Stores that are not acknowledged. */
  int unacknowledgedStores;

  int unansweredAtomics;
  boolean atBarrier;
  boolean exited;

  /** Whether it has left its slot, which stays taken until all of its thread block have. */
  boolean retired;

  private final long[] busyRegisters = new long[REGISTER_WORDS];
  private int busyCount;
  private CtaTrace trace;
  private int indexInCta;
  private int length;
  private int nextIndex;
  private WarpInstruction next;
  private boolean atMemoryBarrier;
  private int[] copiesOfGroup = new int[8];
  private int openGroup;
  private int completeGroups;
  private int awaitedGroups = NOT_WAITING;

  Warp(int slot, int scheduler) {
    this.slot = slot;
    this.scheduler = scheduler;
  }

  void start(ResidentCta of, CtaTrace cta, int index, long launchOrder) {
    this.cta = of;
    trace = cta;
    indexInCta = index;
    length = cta.instructionCount(index);
    age = launchOrder;
    nextIndex = 0;
    next = length > 0 ? cta.instruction(index, 0) : null;
    buffered = 0;
    inPipeline = 0;
    unacknowledgedStores = 0;
    unansweredAtomics = 0;
    atBarrier = false;
    exited = length == 0;
    retired = false;
    Arrays.fill(busyRegisters, 0);
    busyCount = 0;
    atMemoryBarrier = false;
    Arrays.fill(copiesOfGroup, 0);
    openGroup = 0;
    completeGroups = 0;
    awaitedGroups = NOT_WAITING;
  }

  int left() {
    return length - nextIndex;
  }

  WarpInstruction nextInstruction() {
    return next;
  }

  void advance() {
    nextIndex++;
    next = nextIndex < length ? trace.instruction(indexInCta, nextIndex) : null;
    buffered--;
    inPipeline++;
  }

  boolean needsFetch() {
    return cta != null && !exited && buffered == 0 && nextIndex < length;
  }

  /** Whether it can leave its slot. */
  boolean isRetirable() {
    return exited
        && !retired
        && cta != null
        && inPipeline == 0
        && unacknowledgedStores == 0
        && busyCount == 0;
  }

  boolean hasBusyRegisters() {
    return busyCount > 0;
  }

  boolean isBusy(int register) {
    return (busyRegisters[register >> WORD_BITS] >>> register & 1) != 0;
  }

  void reserve(int register) {
    if (!isBusy(register)) {
      busyRegisters[register >> WORD_BITS] |= 1L << register;
      busyCount++;
    }
  }

  void release(int register) {
    if (isBusy(register)) {
      busyRegisters[register >> WORD_BITS] &= ~(1L << register);
      busyCount--;
    }
  }

  /** Whether the next instruction reads or writes a register that is still to be written. */
  boolean hasHazard(WarpInstruction next) {
    if (busyCount == 0 || (next.registerFilter() & busyFilter()) == 0) {
      return false;
    }
    int destination = next.destination();
    if (destination != WarpInstruction.NO_REGISTER && isBusy(destination)) {
      return true;
    }
    for (int i = 0; i < next.sourceCount(); i++) {
      if (isBusy(next.source(i))) {
        return true;
      }
    }
    return false;
  }

  /** Busy registers modulo 64: most instructions have none of them. */
  private long busyFilter() {
    return busyRegisters[0] | busyRegisters[1] | busyRegisters[2] | busyRegisters[3];
  }

  /** Whether something other than registers keeps it from issuing. */
  boolean isWaiting() {
    if (exited || atBarrier || unansweredAtomics > 0) {
      return true;
    }
    if (atMemoryBarrier) {
      atMemoryBarrier = busyCount > 0;
      return atMemoryBarrier;
    }
    return awaitsCopies();
  }

  private boolean awaitsCopies() {
    while (completeGroups < openGroup && copiesOfGroup[completeGroups] == 0) {
      completeGroups++;
    }
    if (completeGroups < awaitedGroups) {
      return true;
    }
    awaitedGroups = NOT_WAITING;
    return false;
  }

  /** Notes what an issued instruction makes the warp wait for. */
  void noteIssued(InFlight issued) {
    WarpInstruction instruction = issued.instruction;
    InstructionKind kind = instruction.kind();
    switch (kind) {
      case MEMORY_BARRIER -> atMemoryBarrier = true;
      case ATOMIC -> unansweredAtomics += instruction.sectorCount();
      case ASYNC_COPY -> {
        issued.copyGroup = openGroup;
        copiesOfGroup[openGroup] += instruction.sectorCount() > 0 ? 1 : 0;
      }
      case COPY_GROUP_END -> {
        openGroup++;
        if (openGroup == copiesOfGroup.length) {
          copiesOfGroup = Arrays.copyOf(copiesOfGroup, 2 * openGroup);
        }
      }
      case COPY_GROUP_WAIT -> awaitedGroups = Math.max(0, openGroup - instruction.newestGroups());
      case ARITHMETIC,
          PACKED_HALF,
          BARRIER,
          EXIT,
          GLOBAL_LOAD,
          GLOBAL_STORE,
          SHARED_LOAD,
          SHARED_STORE -> {
        // Nothing besides registers; barriers are the thread block's.
      }
    }
  }

  void copyDone(int group) {
    copiesOfGroup[group]--;
  }
}
