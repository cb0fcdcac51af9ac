package io.plumbline.simulator.sm;

import io.plumbline.trace.gpu.CacheSpec;
import io.plumbline.trace.gpu.L1Spec;
import io.plumbline.trace.kernel.InstructionKind;
import io.plumbline.trace.kernel.WarpInstruction;
import java.util.Arrays;

/**
 * The one load/store unit of an SM with its L1. It works on one instruction at a time: a shared
 * access as long as its banks conflict, a global one sector by sector. Everything within a cycle
 * has its order; results go through one port.
 */
final class LoadStoreUnit {
  private static final int MOST_RESPONSES = 2;
  private static final int RESULT_SOURCES = 3;

  private final int sm;
  private final L1Spec spec;
  private final OperandCollectors collectors;
  private final WarpTable warps;
  private final MemoryPort port;

  private SectorCache l1;
  private final RequestQueue[] banks;
  private final long[] bankTaken;
  private final RequestQueue responses = new RequestQueue();
  private final SharedPipeline shared;

  private InFlight current;
  private InFlight result;
  private boolean resultIsShared;
  private MemoryRequest bypassing;
  private int resultTurn;
  private int inBanks;
  private final long[] changesWhenRefused;
  private boolean progress;

  LoadStoreUnit(
      int sm, L1Spec spec, OperandCollectors collectors, WarpTable warps, MemoryPort port) {
    this.sm = sm;
    this.spec = spec;
    this.collectors = collectors;
    this.warps = warps;
    this.port = port;
    banks = new RequestQueue[spec.banks()];
    Arrays.setAll(banks, bank -> new RequestQueue());
    bankTaken = new long[spec.banks()];
    Arrays.fill(bankTaken, -1);
    changesWhenRefused = new long[spec.banks()];
    shared = new SharedPipeline(spec.sharedLatencyCycles());
  }

  /** A kernel begins: L1 has a size of its own and is empty. */
  void startKernel(CacheSpec cache) {
    l1 = new SectorCache(cache, SectorCache.Writes.THROUGH);
    Arrays.fill(changesWhenRefused, -1);
  }

  long l1Accesses() {
    return l1.accesses();
  }

  long l1Hits() {
    return l1.hits();
  }

  boolean acceptsResponse() {
    return responses.size() < MOST_RESPONSES;
  }

  void respond(MemoryRequest response) {
    responses.add(response);
  }

  /** One cycle; whether anything changed. */
  boolean cycle(long now) {
    progress = !responses.isEmpty() || result != null;
    writeResult(now);
    takeResult(now);
    takeResponse();
    if (l1.hasMissed() && port.accepts(sm)) {
      port.send(l1.pollMissed());
      progress = true;
    }
    if (inBanks > 0) {
      lookUp(now);
    }
    if (current != null) {
      work(now);
    }
    if (current == null) {
      current = collectors.takeOldestForMemory();
      if (current != null) {
        current.readyCycle = now + Math.max(1, current.instruction.bankConflicts());
        progress = true;
      }
    }
    return progress;
  }

  /**
   * After a cycle without a change: the first in which one can come by itself, or {@link
   * Long#MAX_VALUE}.
   */
  long nextEvent(long now) {
    long next = shared.nextReady();
    if (current != null && current.readyCycle > now) {
      next = Math.min(next, current.readyCycle);
    }
    if (inBanks > 0) {
      for (RequestQueue bank : banks) {
        if (!bank.isEmpty() && bank.peek().readyCycle > now) {
          next = Math.min(next, bank.peek().readyCycle);
        }
      }
    }
    return next;
  }

  private void writeResult(long now) {
    if (result == null || !collectors.writeIfFree(result, now)) {
      return;
    }
    if (resultIsShared) {
      warps.release(result);
    } else {
      warps.sectorArrived(result);
    }
    result = null;
  }

  /** The port takes one of shared memory, loads around L1 and loads through L1, in turn. */
  private void takeResult(long now) {
    for (int turn = 0; turn < RESULT_SOURCES && result == null; turn++) {
      int source = (resultTurn + turn) % RESULT_SOURCES;
      switch (source) {
        case 0 -> takeShared(now);
        case 1 -> takeBypassing();
        default -> takeFilled();
      }
      if (result != null) {
        resultTurn = (source + 1) % RESULT_SOURCES;
        progress = true;
        return;
      }
    }
  }

  private void takeShared(long now) {
    if (shared.nextReady() <= now) {
      result = shared.poll();
      resultIsShared = true;
      warps.leavePipeline(result.warp);
    }
  }

  private void takeBypassing() {
    if (bypassing != null) {
      result = bypassing.instruction;
      resultIsShared = false;
      bypassing = null;
    }
  }

  private void takeFilled() {
    if (l1.hasReady()) {
      result = l1.pollReady().instruction;
      resultIsShared = false;
    }
  }

  private void takeResponse() {
    MemoryRequest response = responses.peek();
    if (response == null) {
      return;
    }
    if (response.write) {
      warps.acknowledgeStore(responses.poll().instruction.warp);
    } else if (!response.bypassesL1) {
      l1.fill(responses.poll());
    } else if (bypassing == null) {
      bypassing = responses.poll();
    }
  }

  private void lookUp(long now) {
    for (int i = 0; i < banks.length; i++) {
      RequestQueue bank = banks[i];
      MemoryRequest request = bank.peek();
      if (request == null || request.readyCycle > now || l1.changes() == changesWhenRefused[i]) {
        continue;
      }
      SectorCache.Outcome outcome = l1.access(bank, request.line());
      if (outcome == SectorCache.Outcome.REFUSED) {
        changesWhenRefused[i] = l1.changes();
      } else {
        inBanks--;
        progress = true;
        if (outcome == SectorCache.Outcome.HIT && !request.write) {
          warps.sectorArrived(request.instruction);
        }
      }
    }
  }

  private void work(long now) {
    WarpInstruction instruction = current.instruction;
    if (instruction.kind().isSharedAccess() && instruction.bankConflicts() > 0) {
      if (now >= current.readyCycle) {
        workShared(now);
      }
    } else if (instruction.sectorCount() == 0) {
      warps.complete(current);
      current = null;
      progress = true;
    } else if (instruction.bypassesL1() || spec.globalBypasses()) {
      sendAroundL1();
    } else {
      sendToL1(now);
    }
  }

  private void workShared(long now) {
    if (current.instruction.kind() == InstructionKind.SHARED_STORE) {
      warps.leavePipeline(current.warp);
      current = null;
    } else if (!shared.isFull()) {
      shared.add(current, now);
      current = null;
    }
    progress |= current == null;
  }

  private void sendAroundL1() {
    if (port.accepts(sm)) {
      MemoryRequest request = nextRequest();
      request.bypassesL1 = true;
      port.send(request);
      finishIfSent();
    }
  }

  private void sendToL1(long now) {
    for (int i = 0; i < banks.length && current.hasSectorsLeft(); i++) {
      long sector = current.instruction.sector(current.nextSector);
      int bank = (int) sector & banks.length - 1;
      if (bankTaken[bank] == now || banks[bank].size() >= spec.latencyCycles()) {
        break;
      }
      MemoryRequest request = nextRequest();
      request.readyCycle = now + spec.latencyCycles();
      banks[bank].add(request);
      bankTaken[bank] = now;
      inBanks++;
    }
    finishIfSent();
  }

  private MemoryRequest nextRequest() {
    progress = true;
    WarpInstruction instruction = current.instruction;
    int index = current.nextSector++;
    boolean write = instruction.kind() == InstructionKind.GLOBAL_STORE;
    MemoryRequest request = new MemoryRequest(instruction.sector(index), sm, write);
    request.instruction = current;
    request.atomic = instruction.kind() == InstructionKind.ATOMIC;
    if (write) {
      request.writtenBytes = instruction.writtenBytes(index);
      current.warp.unacknowledgedStores++;
    }
    return request;
  }

  private void finishIfSent() {
    if (!current.hasSectorsLeft()) {
      warps.leavePipeline(current.warp);
      current = null;
    }
  }
}
