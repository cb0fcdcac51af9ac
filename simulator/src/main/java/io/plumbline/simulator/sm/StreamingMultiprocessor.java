package io.plumbline.simulator.sm;

import io.plumbline.trace.gpu.CacheSpec;
import io.plumbline.trace.gpu.CoreSpec;
import io.plumbline.trace.gpu.GpuSpec;
import io.plumbline.trace.kernel.CtaTrace;
import io.plumbline.trace.kernel.WarpInstruction;

/** One SM. While nothing in it can change it sleeps, and the cycles until it wakes cost nothing. */
final class StreamingMultiprocessor {
  private static final int MOST_ARRIVED = 32;

  private final int operandSteps;
  private final WarpTable warps;
  private final OperandCollectors collectors;
  private final Pipelines pipelines;
  private final LoadStoreUnit memory;
  private final WarpScheduler[] schedulers;
  private final FetchUnit fetch;
  private final RequestQueue arrived = new RequestQueue();

  private long issued;

  /** The turn among schedulers goes on only while thread blocks are here. */
  private long turnOrigin;

  private long turns;

  StreamingMultiprocessor(int index, GpuSpec gpu, MemoryPort port) {
    CoreSpec core = gpu.core();
    operandSteps = core.operandSteps();
    warps = new WarpTable(core.warps(), core.schedulers());
    collectors = new OperandCollectors(core);
    pipelines = new Pipelines(core, collectors, warps);
    memory = new LoadStoreUnit(index, gpu.l1(), collectors, warps, port);
    fetch = new FetchUnit(warps, core.fetchedWarps());
    schedulers = new WarpScheduler[core.schedulers()];
    for (int i = 0; i < schedulers.length; i++) {
      schedulers[i] = new WarpScheduler(i, schedulers.length, core.order(), warps);
    }
  }

  void startKernel(CacheSpec l1) {
    memory.startKernel(l1);
    warps.startKernel();
  }

  LoadStoreUnit memory() {
    return memory;
  }

  int residentCtas() {
    return warps.residentCtas();
  }

  int retiredCtas() {
    return warps.retiredCtas();
  }

  /** Instructions that were issued, of all kernels. */
  long issued() {
    return issued;
  }

  /** Takes a thread block, which begins in the next cycle; false if there is no room. */
  boolean launch(CtaTrace cta, int warpsPerCta, long now) {
    boolean idle = warps.residentCtas() == 0;
    boolean fits = warps.launch(cta, warpsPerCta);
    if (fits && idle) {
      turnOrigin = now + 1 - turns;
    }
    return fits;
  }

  boolean hasArrived() {
    return !arrived.isEmpty();
  }

  /** Takes what the network brought, one packet a cycle; whether it has to look at one. */
  boolean receive(Crossbar replies, int index) {
    boolean responds = !arrived.isEmpty() && memory.acceptsResponse();
    if (responds) {
      memory.respond(arrived.poll());
    }
    if (arrived.size() < MOST_ARRIVED && replies.hasDelivered(index)) {
      arrived.add(replies.receive(index));
    }
    return responds;
  }

  /** One cycle of the core clock; returns the first cycle in which it can change by itself. */
  long cycle(long now) {
    boolean changed = pipelines.writeBack(now);
    changed |= pipelines.execute(now);
    changed |= memory.cycle(now);
    changed |= collectors.step(now);
    for (int step = 1; step < operandSteps; step++) {
      changed |= collectors.step(-1);
    }
    if (warps.anyReady()) {
      changed |= issue(now);
    }
    changed |= fetch.cycle();
    if (warps.residentCtas() == 0) {
      turns = now + 1 - turnOrigin;
    }
    return changed ? now + 1 : Math.min(pipelines.nextEvent(now), memory.nextEvent(now));
  }

  private boolean issue(long now) {
    boolean any = false;
    int first = (int) ((now - turnOrigin) % schedulers.length);
    for (int turn = 0; turn < schedulers.length; turn++) {
      int scheduler = (first + turn) % schedulers.length;
      Warp warp = schedulers[scheduler].choose(collectors.freeUnits(scheduler));
      if (warp != null) {
        WarpInstruction next = warp.nextInstruction();
        InFlight instruction = new InFlight(next, warp, issued++);
        collectors.issue(instruction);
        warps.noteIssued(warp, instruction);
        any = true;
      }
    }
    return any;
  }
}
