package io.plumbline.simulator.sm;

import io.plumbline.trace.gpu.CoreSpec;
import io.plumbline.trace.gpu.UnitTiming;
import io.plumbline.trace.kernel.ExecutionUnit;
import io.plumbline.trace.kernel.InstructionKind;
import java.util.Arrays;

/**
 * The arithmetic units of an SM, one of each kind for each scheduler. A unit takes an instruction
 * when its initiation interval is over and none in it would end in the same cycle.
 */
final class Pipelines {
  /** From the end of the pipeline to the registers. */
  private static final int WRITE_BACK_CYCLES = 2;

  private static final UnitTiming CONTROL = new UnitTiming(1, 1);

  private final UnitTiming[] timings = new UnitTiming[WarpTable.UNITS];
  private final int schedulers;
  private final OperandCollectors collectors;
  private final WarpTable warps;
  private final long arithmetic;

  private final long[] freeFrom;
  private final long[] ends;
  private final long[] endsSince;

  private final InFlight[] results;
  private int pending;

  Pipelines(CoreSpec core, OperandCollectors collectors, WarpTable warps) {
    this.collectors = collectors;
    this.warps = warps;
    schedulers = core.schedulers();
    core.units().forEach((unit, timing) -> timings[unit.ordinal()] = timing);
    long memory = ((1L << schedulers) - 1) << (ExecutionUnit.MEMORY.ordinal() * schedulers);
    arithmetic = ~memory;
    int entries = WarpTable.UNITS * schedulers;
    freeFrom = new long[entries];
    ends = new long[entries];
    endsSince = new long[entries];
    int longest =
        Arrays.stream(timings)
            .filter(t -> t != null)
            .mapToInt(UnitTiming::latencyCycles)
            .max()
            .orElse(1);
    results = new InFlight[Integer.highestOneBit(longest + WRITE_BACK_CYCLES) * 2];
  }

  /** Writes the results that are due; whether there were any. */
  boolean writeBack(long now) {
    if (pending == 0) {
      return false;
    }
    int slot = (int) now & results.length - 1;
    InFlight done = results[slot];
    results[slot] = null;
    boolean any = done != null;
    for (; done != null; done = done.next) {
      pending--;
      collectors.write(done, now);
      warps.complete(done);
    }
    return any;
  }

  /** Units take what waits at their entry; whether any did. */
  boolean execute(long now) {
    boolean any = false;
    for (long left = collectors.entering() & arithmetic; left != 0; left &= left - 1) {
      int entry = Long.numberOfTrailingZeros(left);
      if (now >= freeFrom[entry]) {
        any |= start(entry, now);
      }
    }
    return any;
  }

  private boolean start(int entry, long now) {
    InFlight instruction = collectors.entering(entry);
    InstructionKind kind = instruction.instruction.kind();
    boolean control = kind == InstructionKind.BARRIER || kind == InstructionKind.EXIT;
    UnitTiming timing = control ? CONTROL : timings[entry / schedulers];
    int latency = timing.latencyCycles();
    if (latency < Long.SIZE && !reserveEnd(entry, latency, now)) {
      return false;
    }
    collectors.takeEntering(entry);
    int initiation = timing.initiationCycles();
    if (kind == InstructionKind.PACKED_HALF) {
      initiation /= 2;
    }
    freeFrom[entry] = now + Math.max(1, initiation);
    int slot = (int) (now + latency + WRITE_BACK_CYCLES) & results.length - 1;
    instruction.next = results[slot];
    results[slot] = instruction;
    pending++;
    return true;
  }

  private boolean reserveEnd(int entry, int latency, long now) {
    long elapsed = now - endsSince[entry];
    long taken = elapsed >= Long.SIZE ? 0 : ends[entry] >>> elapsed;
    boolean free = (taken >>> latency & 1) == 0;
    ends[entry] = free ? taken | 1L << latency : taken;
    endsSince[entry] = now;
    return free;
  }

  /**
   * After a cycle without a change: the first in which a result is due or a unit is free, or {@link
   * Long#MAX_VALUE}.
   */
  long nextEvent(long now) {
    long next = Long.MAX_VALUE;
    for (long left = collectors.entering() & arithmetic; left != 0; left &= left - 1) {
      next = Math.min(next, Math.max(now + 1, freeFrom[Long.numberOfTrailingZeros(left)]));
    }
    if (pending > 0) {
      long cycle = now + 1;
      while (cycle < next && results[(int) cycle & results.length - 1] == null) {
        cycle++;
      }
      next = cycle;
    }
    return next;
  }
}
