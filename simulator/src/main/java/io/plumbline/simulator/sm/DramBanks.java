package io.plumbline.simulator.sm;

import io.plumbline.trace.gpu.DramSpec;
import io.plumbline.trace.gpu.DramTiming;
import java.util.Arrays;

/**
 * The banks of a DRAM channel: what each works on, which row it has open, and from which cycle on
 * each command is allowed. No refresh.
 */
final class DramBanks {
  private static final int CLOSED = -1;

  private final DramTiming timing;
  private final int atomBytes;
  private final boolean separateRowBus;
  private final int readToWrite;
  private final int writeToRead;
  private final int writeToPrecharge;
  private final int readToPrecharge;
  private final int activateToWrite;

  private final MemoryRequest[] current;
  private final int[] openRow;
  private final int[] lastRow;
  private final long[] readFrom;
  private final long[] writeFrom;
  private final long[] prechargeFrom;
  private final long[] activateFrom;
  private final long[] groupColumnFrom;
  private final long[] groupPrechargeFrom;
  private long columnFrom;
  private long anyReadFrom;
  private long anyWriteFrom;
  private long anyActivateFrom;
  private int first;
  private long activations;

  DramBanks(DramSpec spec) {
    timing = spec.timing();
    atomBytes = spec.atomBytes();
    separateRowBus = spec.separateRowBus();
    int burst = spec.burstCycles();
    readToWrite = timing.cl() + burst + 2 - timing.wl();
    writeToRead = timing.wl() + burst + timing.cdlr();
    writeToPrecharge = timing.wl() + burst + timing.wr();
    readToPrecharge = burst;
    activateToWrite = Math.max(1, timing.rcd() - (timing.wl() + 1));
    int banks = timing.banks();
    current = new MemoryRequest[banks];
    openRow = new int[banks];
    Arrays.fill(openRow, CLOSED);
    lastRow = new int[banks];
    readFrom = new long[banks];
    writeFrom = new long[banks];
    prechargeFrom = new long[banks];
    activateFrom = new long[banks];
    groupColumnFrom = new long[timing.bankGroups()];
    groupPrechargeFrom = new long[timing.bankGroups()];
  }

  /** Gives the first bank that has none a request: of its last row, else the oldest. */
  boolean chooseRequest(RequestQueue[] waiting) {
    for (int turn = 0; turn < current.length; turn++) {
      int bank = wrapped(first + turn);
      if (current[bank] == null && !waiting[bank].isEmpty()) {
        current[bank] = waiting[bank].pollOfRow(lastRow[bank]);
        first = wrapped(first + 1);
        return true;
      }
    }
    return false;
  }

  /** Sends the commands of a cycle; returns the request of its column command, or null. */
  MemoryRequest issue(long cycle) {
    return separateRowBus ? issueBoth(cycle) : issueOne(cycle);
  }

  private MemoryRequest issueBoth(long cycle) {
    MemoryRequest moved = null;
    for (int turn = 0; turn < current.length && moved == null; turn++) {
      moved = column(wrapped(first + turn), cycle);
    }
    int start = first;
    for (int turn = 0; turn < current.length; turn++) {
      if (rowCommand(wrapped(start + turn), cycle)) {
        break;
      }
    }
    return moved;
  }

  private MemoryRequest issueOne(long cycle) {
    MemoryRequest moved = null;
    boolean rowIssued = false;
    for (int turn = 0; turn < current.length && moved == null; turn++) {
      int bank = wrapped(first + turn);
      moved = column(bank, cycle);
      if (moved == null && !rowIssued) {
        rowIssued = rowCommand(bank, cycle);
      }
    }
    return moved;
  }

  private MemoryRequest column(int bank, long cycle) {
    MemoryRequest request = current[bank];
    if (request == null || openRow[bank] != request.row || cycle < columnFrom) {
      return null;
    }
    int group = group(bank);
    long from =
        request.write
            ? Math.max(writeFrom[bank], anyWriteFrom)
            : Math.max(readFrom[bank], anyReadFrom);
    if (cycle < Math.max(from, groupColumnFrom[group])) {
      return null;
    }
    columnFrom = cycle + timing.ccd();
    groupColumnFrom[group] = cycle + timing.ccdl();
    if (request.write) {
      anyReadFrom = cycle + writeToRead;
      prechargeFrom[bank] = Math.max(prechargeFrom[bank], cycle + writeToPrecharge);
    } else {
      anyWriteFrom = cycle + readToWrite;
      prechargeFrom[bank] = Math.max(prechargeFrom[bank], cycle + readToPrecharge);
      groupPrechargeFrom[group] = cycle + timing.rtpl();
    }
    request.movedBytes += atomBytes;
    if (request.movedBytes >= request.dramBytes) {
      current[bank] = null;
    }
    return request;
  }

  private boolean rowCommand(int bank, long cycle) {
    MemoryRequest request = current[bank];
    if (request == null) {
      return false;
    }
    if (openRow[bank] == CLOSED) {
      return activate(bank, request.row, cycle);
    }
    boolean precharge =
        openRow[bank] != request.row
            && cycle >= prechargeFrom[bank]
            && cycle >= groupPrechargeFrom[group(bank)];
    if (precharge) {
      openRow[bank] = CLOSED;
      activateFrom[bank] = Math.max(activateFrom[bank], cycle + timing.rp());
      first = wrapped(bank + 1);
    }
    return precharge;
  }

  private boolean activate(int bank, int row, long cycle) {
    if (cycle < anyActivateFrom || cycle < activateFrom[bank]) {
      return false;
    }
    activations++;
    openRow[bank] = row;
    lastRow[bank] = row;
    anyActivateFrom = cycle + timing.rrd();
    readFrom[bank] = cycle + timing.rcd();
    writeFrom[bank] = cycle + activateToWrite;
    prechargeFrom[bank] = cycle + timing.ras();
    activateFrom[bank] = cycle + timing.rc();
    first = wrapped(bank + 1);
    return true;
  }

  /** Rows that were opened. */
  long activations() {
    return activations;
  }

  private int wrapped(int bank) {
    return bank % current.length;
  }

  private int group(int bank) {
    return bank % timing.bankGroups();
  }
}
