package io.plumbline.simulator.sm;

import io.plumbline.trace.kernel.CtaTrace;
import io.plumbline.trace.kernel.ExecutionUnit;
import io.plumbline.trace.kernel.InstructionKind;
import io.plumbline.trace.kernel.WarpInstruction;

/**
 * The warps of an SM, and as sets of bits: which can issue now, by scheduler and unit; which need
 * instructions; which can leave. Whoever changes what a warp waits for says so here.
 */
final class WarpTable {
  static final int UNITS = ExecutionUnit.values().length;
  private static final int NOT_READY = -1;

  private final Warp[] warps;
  private final int schedulers;
  private final long[] ready;
  private final int[] readyUnits;
  private final int[] readyUnitOf;
  private long fetchable;
  private long retirable;
  private int residentCtas;
  private int retiredCtas;
  private long launches;

  WarpTable(int slots, int schedulers) {
    this.schedulers = schedulers;
    warps = new Warp[slots];
    readyUnitOf = new int[slots];
    for (int slot = 0; slot < slots; slot++) {
      warps[slot] = new Warp(slot, slot % schedulers);
      readyUnitOf[slot] = NOT_READY;
    }
    ready = new long[schedulers * UNITS];
    readyUnits = new int[schedulers];
  }

  Warp warp(int slot) {
    return warps[slot];
  }

  int slots() {
    return warps.length;
  }

  int residentCtas() {
    return residentCtas;
  }

  /** Thread blocks that ended since the kernel began. */
  int retiredCtas() {
    return retiredCtas;
  }

  void startKernel() {
    retiredCtas = 0;
  }

  /** Places a thread block in the first free aligned slots; false if there are none. */
  boolean launch(CtaTrace trace, int warpsPerCta) {
    int first = freeSlots(warpsPerCta);
    if (first < 0) {
      return false;
    }
    ResidentCta cta = new ResidentCta(first, warpsPerCta);
    for (int index = 0; index < warpsPerCta; index++) {
      Warp warp = warps[first + index];
      warp.start(cta, trace, index, launches++);
      cta.resident++;
      cta.running += warp.exited ? 0 : 1;
      update(warp);
    }
    residentCtas++;
    return true;
  }

  private int freeSlots(int count) {
    for (int first = 0; first + count <= warps.length; first += count) {
      boolean free = true;
      for (int slot = first; slot < first + count && free; slot++) {
        free = warps[slot].cta == null;
      }
      if (free) {
        return first;
      }
    }
    return -1;
  }

  /** Whether a warp could issue if its unit were free. */
  boolean anyReady() {
    int any = 0;
    for (int units : readyUnits) {
      any |= units;
    }
    return any != 0;
  }

  /** Units, one bit each, that warps of a scheduler have an instruction for. */
  int readyUnits(int scheduler) {
    return readyUnits[scheduler];
  }

  /** Warps of a scheduler with an instruction for a unit: bits are slots divided by schedulers. */
  long ready(int scheduler, int unit) {
    return ready[scheduler * UNITS + unit];
  }

  long fetchable() {
    return fetchable;
  }

  long retirable() {
    return retirable;
  }

  /** A warp gets instructions; a lone one has no second. */
  void decode(Warp warp, int most) {
    warp.buffered = Math.min(most, warp.left());
    update(warp);
  }

  void noteIssued(Warp warp, InFlight issued) {
    warp.advance();
    WarpInstruction instruction = issued.instruction;
    if (instruction.destination() != WarpInstruction.NO_REGISTER) {
      warp.reserve(instruction.destination());
    }
    warp.noteIssued(issued);
    if (warp.left() == 0) {
      warp.exited = true;
      warp.cta.running--;
      releaseBarrier(warp.cta);
    } else if (instruction.kind() == InstructionKind.BARRIER) {
      warp.atBarrier = true;
      warp.cta.atBarrier++;
      releaseBarrier(warp.cta);
    }
    update(warp);
  }

  private void releaseBarrier(ResidentCta cta) {
    if (cta.atBarrier == 0 || cta.atBarrier < cta.running) {
      return;
    }
    cta.atBarrier = 0;
    for (int slot = cta.firstSlot; slot < cta.firstSlot + cta.warps; slot++) {
      if (warps[slot].atBarrier) {
        warps[slot].atBarrier = false;
        update(warps[slot]);
      }
    }
  }

  /** An instruction is through: its result is written. */
  void complete(InFlight done) {
    done.warp.inPipeline--;
    release(done);
  }

  /** The result of an instruction is written. */
  void release(InFlight done) {
    int register = done.instruction.destination();
    if (register != WarpInstruction.NO_REGISTER) {
      done.warp.release(register);
    }
    update(done.warp);
  }

  void leavePipeline(Warp warp) {
    warp.inPipeline--;
    update(warp);
  }

  void acknowledgeStore(Warp warp) {
    warp.unacknowledgedStores--;
    update(warp);
  }

  /** A sector of a load, copy or atomic is here. */
  void sectorArrived(InFlight load) {
    Warp warp = load.warp;
    InstructionKind kind = load.instruction.kind();
    if (kind == InstructionKind.ATOMIC) {
      warp.unansweredAtomics--;
    }
    if (--load.missingSectors == 0) {
      if (kind == InstructionKind.ASYNC_COPY) {
        warp.copyDone(load.copyGroup);
      }
      release(load);
    } else if (kind == InstructionKind.ATOMIC) {
      update(warp);
    }
  }

  /** Frees the slot of a warp. */
  void retire(Warp warp) {
    ResidentCta cta = warp.cta;
    retirable &= ~(1L << warp.slot);
    warp.retired = true;
    if (--cta.resident == 0) {
      for (int slot = cta.firstSlot; slot < cta.firstSlot + cta.warps; slot++) {
        warps[slot].cta = null;
      }
      residentCtas--;
      retiredCtas++;
    }
  }

  private void update(Warp warp) {
    long bit = 1L << warp.slot;
    fetchable = warp.needsFetch() ? fetchable | bit : fetchable & ~bit;
    retirable = warp.isRetirable() ? retirable | bit : retirable & ~bit;
    int unit = NOT_READY;
    if (warp.buffered > 0 && !warp.isWaiting()) {
      WarpInstruction next = warp.nextInstruction();
      if (!warp.hasHazard(next)) {
        unit = next.unit().ordinal();
      }
    }
    if (unit != readyUnitOf[warp.slot]) {
      setReady(warp, unit);
    }
  }

  private void setReady(Warp warp, int unit) {
    int scheduler = warp.scheduler;
    long bit = 1L << (warp.slot / schedulers);
    int before = readyUnitOf[warp.slot];
    if (before != NOT_READY) {
      ready[scheduler * UNITS + before] &= ~bit;
      if (ready[scheduler * UNITS + before] == 0) {
        readyUnits[scheduler] &= ~(1 << before);
      }
    }
    if (unit != NOT_READY) {
      ready[scheduler * UNITS + unit] |= bit;
      readyUnits[scheduler] |= 1 << unit;
    }
    readyUnitOf[warp.slot] = unit;
  }
}
