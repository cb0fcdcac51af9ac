package io.plumbline.simulator.sm;

import io.plumbline.trace.gpu.CoreSpec;
import io.plumbline.trace.kernel.ExecutionUnit;
import io.plumbline.trace.kernel.WarpInstruction;
import java.util.Arrays;

/**
 * Between issue and execution: an instruction waits in its unit's issue register, gathers its
 * operands from the register banks in a collector, and goes to its unit's entry register. Issue and
 * entry registers are one for each unit and scheduler; a bank reads one operand in a step.
 */
final class OperandCollectors {
  private static final int UNITS = WarpTable.UNITS;
  private static final int ALL_UNITS = (1 << UNITS) - 1;
  private static final int MEMORY = ExecutionUnit.MEMORY.ordinal();
  private static final int MOST_OPERANDS = 8;

  private final int schedulers;
  private final int ports;
  private final int collectorsOfScheduler;
  private final int banksOfScheduler;

  private final InFlight[] issued;
  private final long[] issuedSequence;
  private final int[] issuedSchedulers;
  private final int[] issuedUnits;
  private int waitingUnits;

  private final InFlight[] entering;
  private long enteringMask;

  private final InFlight[] gathering;
  private final int[] missing;
  private final int[] entryOf;
  private final int[] lastDispatched;
  private int occupied;
  private int complete;

  private final int[] bankQueue;
  private final int[] bankHead;
  private final int[] bankSize;
  private final int bankCapacity;
  private final long[] bankWritten;
  private long askedBanks;

  OperandCollectors(CoreSpec core) {
    schedulers = core.schedulers();
    ports = core.collectorPorts();
    collectorsOfScheduler = core.collectors() / schedulers;
    banksOfScheduler = core.registerBanks() / schedulers;
    issued = new InFlight[UNITS * schedulers];
    issuedSequence = new long[UNITS * schedulers];
    issuedSchedulers = new int[UNITS];
    issuedUnits = new int[schedulers];
    entering = new InFlight[UNITS * schedulers];
    gathering = new InFlight[core.collectors()];
    missing = new int[core.collectors()];
    entryOf = new int[core.collectors()];
    lastDispatched = new int[core.collectorPorts()];
    bankCapacity = Integer.highestOneBit(collectorsOfScheduler * MOST_OPERANDS) * 2;
    bankQueue = new int[core.registerBanks() * bankCapacity];
    bankHead = new int[core.registerBanks()];
    bankSize = new int[core.registerBanks()];
    bankWritten = new long[core.registerBanks()];
    Arrays.fill(bankWritten, -1);
  }

  /** Units, one bit each, whose issue register of a scheduler is free. */
  int freeUnits(int scheduler) {
    return ALL_UNITS & ~issuedUnits[scheduler];
  }

  void issue(InFlight instruction) {
    int unit = instruction.instruction.unit().ordinal();
    int scheduler = instruction.warp.scheduler;
    issued[unit * schedulers + scheduler] = instruction;
    issuedSequence[unit * schedulers + scheduler] = instruction.sequence;
    issuedSchedulers[unit] |= 1 << scheduler;
    issuedUnits[scheduler] |= 1 << unit;
    waitingUnits |= 1 << unit;
  }

  /** Entry registers that are full: bits are unit times schedulers plus scheduler. */
  long entering() {
    return enteringMask;
  }

  InFlight entering(int register) {
    return entering[register];
  }

  InFlight takeEntering(int register) {
    InFlight instruction = entering[register];
    entering[register] = null;
    enteringMask &= ~(1L << register);
    return instruction;
  }

  /** Takes the oldest instruction that waits to enter the load/store unit, or null. */
  InFlight takeOldestForMemory() {
    int oldest = -1;
    for (int register = MEMORY * schedulers; register < (MEMORY + 1) * schedulers; register++) {
      InFlight candidate = entering[register];
      if (candidate != null && (oldest < 0 || candidate.sequence < entering[oldest].sequence)) {
        oldest = register;
      }
    }
    return oldest < 0 ? null : takeEntering(oldest);
  }

  private int bank(int register, Warp warp) {
    return (register + 1 + warp.slot) % banksOfScheduler + warp.scheduler * banksOfScheduler;
  }

  /** Whether a load's result can be written in this cycle; if so, its bank is taken. */
  boolean writeIfFree(InFlight load, long now) {
    int register = load.instruction.destination();
    if (register == WarpInstruction.NO_REGISTER) {
      return true;
    }
    int bank = bank(register, load.warp);
    if (bankWritten[bank] == now) {
      return false;
    }
    bankWritten[bank] = now;
    return true;
  }

  /** A result of a pipeline is written, whatever else goes on. */
  void write(InFlight done, long now) {
    int register = done.instruction.destination();
    if (register != WarpInstruction.NO_REGISTER) {
      bankWritten[bank(register, done.warp)] = now;
    }
  }

  /**
   * One step.
   *
   * @param writingCycle in the first step of a cycle that cycle, in which banks that are written
   *     can't read; else -1
   * @return whether anything changed
   */
  boolean step(long writingCycle) {
    boolean any = complete != 0 && dispatch();
    if (askedBanks != 0) {
      read(writingCycle);
      any = true;
    }
    if (waitingUnits != 0) {
      any |= allocate();
    }
    return any;
  }

  /**
   * Each dispatcher in turn sends one complete instruction, looking first at the scheduler after
   * the one that it served last.
   */
  private boolean dispatch() {
    int able = able(complete);
    boolean any = able != 0;
    for (int dispatcher = 0; dispatcher < ports && able != 0; dispatcher++) {
      int last = lastDispatched[dispatcher];
      int start = last + collectorsOfScheduler - last % collectorsOfScheduler;
      int after = start >= gathering.length ? 0 : able & -1 << start;
      int chosen = Integer.numberOfTrailingZeros(after != 0 ? after : able);
      enter(chosen);
      lastDispatched[dispatcher] = chosen;
      able = able(able & ~(1 << chosen));
    }
    return any;
  }

  /** Of these collectors those whose entry register is free. */
  private int able(int candidates) {
    int able = 0;
    for (int left = candidates; left != 0; left &= left - 1) {
      int collector = Integer.numberOfTrailingZeros(left);
      if ((enteringMask >>> entryOf[collector] & 1) == 0) {
        able |= 1 << collector;
      }
    }
    return able;
  }

  private void enter(int collector) {
    int register = entryOf[collector];
    entering[register] = gathering[collector];
    enteringMask |= 1L << register;
    gathering[collector] = null;
    occupied &= ~(1 << collector);
    complete &= ~(1 << collector);
  }

  private void read(long writingCycle) {
    for (long banks = askedBanks; banks != 0; banks &= banks - 1) {
      int bank = Long.numberOfTrailingZeros(banks);
      if (writingCycle >= 0 && bankWritten[bank] == writingCycle) {
        continue;
      }
      int collector = bankQueue[bank * bankCapacity + bankHead[bank]];
      bankHead[bank] = bankHead[bank] + 1 & bankCapacity - 1;
      if (--bankSize[bank] == 0) {
        askedBanks &= ~(1L << bank);
      }
      if (--missing[collector] == 0) {
        complete |= 1 << collector;
      }
    }
  }

  /**
   * Round by round, each unit hands over the oldest instruction of its issue registers. If the
   * scheduler of that one has no collector, none of the unit goes.
   */
  private boolean allocate() {
    boolean ever = false;
    boolean any = true;
    for (int port = 0; port < ports && any && waitingUnits != 0; port++) {
      any = false;
      for (int units = waitingUnits; units != 0; units &= units - 1) {
        int unit = Integer.numberOfTrailingZeros(units);
        int scheduler = schedulerOfOldest(unit);
        int collector = freeCollector(scheduler);
        if (collector >= 0) {
          gather(unit, scheduler, collector);
          any = true;
          ever = true;
        }
      }
    }
    return ever;
  }

  private int schedulerOfOldest(int unit) {
    int mask = issuedSchedulers[unit];
    int oldest = Integer.numberOfTrailingZeros(mask);
    for (int left = mask & mask - 1; left != 0; left &= left - 1) {
      int other = Integer.numberOfTrailingZeros(left);
      if (issuedSequence[unit * schedulers + other] < issuedSequence[unit * schedulers + oldest]) {
        oldest = other;
      }
    }
    return oldest;
  }

  private int freeCollector(int scheduler) {
    int own = ((1 << collectorsOfScheduler) - 1) << (scheduler * collectorsOfScheduler);
    int free = own & ~occupied;
    return free == 0 ? -1 : Integer.numberOfTrailingZeros(free);
  }

  private void gather(int unit, int scheduler, int collector) {
    InFlight instruction = issued[unit * schedulers + scheduler];
    issued[unit * schedulers + scheduler] = null;
    issuedUnits[scheduler] &= ~(1 << unit);
    issuedSchedulers[unit] &= ~(1 << scheduler);
    if (issuedSchedulers[unit] == 0) {
      waitingUnits &= ~(1 << unit);
    }
    gathering[collector] = instruction;
    entryOf[collector] = unit * schedulers + scheduler;
    occupied |= 1 << collector;
    int operands = instruction.instruction.sourceCount();
    missing[collector] = operands;
    if (operands == 0) {
      complete |= 1 << collector;
    }
    for (int i = 0; i < operands; i++) {
      int bank = bank(instruction.instruction.source(i), instruction.warp);
      int at = bankHead[bank] + bankSize[bank]++ & bankCapacity - 1;
      bankQueue[bank * bankCapacity + at] = collector;
      askedBanks |= 1L << bank;
    }
  }
}
