package io.plumbline.simulator.sm;

import io.plumbline.trace.gpu.CacheSpec;
import io.plumbline.trace.gpu.GpuSpec;
import io.plumbline.trace.kernel.CtaTrace;
import io.plumbline.trace.kernel.KernelHeader;
import io.plumbline.trace.kernel.KernelTrace;
import java.util.Arrays;
import java.util.function.ToLongFunction;

/**
 * Runs kernels on a GPU, one after the other: what is in L2 and in DRAM's rows stays, L1 is empty
 * for each. Deterministic.
 */
public final class KernelSimulator {
  private final GpuSpec gpu;
  private final GpuClocks clocks;
  private final MemorySystem memory;
  private final StreamingMultiprocessor[] sms;
  private final IndexSet arrived;

  /** When each SM can change again by itself. */
  private final long[] wakeCycles;

  private long now;
  private int lastLaunched;

  public KernelSimulator(GpuSpec gpu) {
    this.gpu = gpu;
    clocks = new GpuClocks(gpu.clocks());
    memory = new MemorySystem(gpu);
    sms = new StreamingMultiprocessor[gpu.sms()];
    Arrays.setAll(sms, i -> new StreamingMultiprocessor(i, gpu, memory));
    arrived = new IndexSet(sms.length);
    wakeCycles = new long[sms.length];
    Arrays.fill(wakeCycles, Long.MAX_VALUE);
    lastLaunched = sms.length - 1;
  }

  /**
   * Simulates the next kernel.
   *
   * @throws IllegalArgumentException if a thread block does not fit on an SM
   */
  public SimulatedKernel run(KernelTrace kernel) {
    KernelHeader header = kernel.header();
    int ctasPerSm = Occupancy.ctasPerSm(gpu, header);
    CacheSpec l1 = gpu.l1().cacheBeside((long) header.sharedBytes() * ctasPerSm);
    for (StreamingMultiprocessor sm : sms) {
      sm.startKernel(l1);
    }
    Counters before = counters();
    long start = now;
    long launch = gpu.launchCycles() + (long) gpu.launchCyclesPerCta() * header.ctas();
    Launch launching = new Launch(kernel, ctasPerSm, start + launch);
    while (!launching.isDone()) {
      clocks.tick();
      tick(launching);
    }
    return counters().since(before, now - start, launch);
  }

  private void tick(Launch launching) {
    if (clocks.core()) {
      receive();
    }
    if (clocks.network()) {
      memory.reply();
    }
    if (clocks.dram()) {
      memory.dramCycle(now);
    }
    if (clocks.l2()) {
      memory.l2Cycle(now);
    }
    if (clocks.network()) {
      memory.networkCycle();
    }
    if (clocks.core()) {
      for (int i = 0; i < sms.length; i++) {
        if (wakeCycles[i] <= now) {
          wakeCycles[i] = sms[i].cycle(now);
        }
      }
      launching.cycle();
      now++;
    }
  }

  private void receive() {
    Crossbar replies = memory.replies();
    for (int i = nextReceiver(replies, 0); i >= 0; i = nextReceiver(replies, i + 1)) {
      if (sms[i].receive(replies, i)) {
        wakeCycles[i] = now;
      }
      if (sms[i].hasArrived()) {
        arrived.add(i);
      } else {
        arrived.remove(i);
      }
    }
  }

  /** The next SM from one on at which a packet waits, in the network or behind it; or -1. */
  private int nextReceiver(Crossbar replies, int from) {
    int behind = arrived.next(from);
    int before = replies.nextDelivered(from);
    return behind < 0 || (before >= 0 && before < behind) ? before : behind;
  }

  /** Gives thread blocks to SMs: in a cycle at most one to each, beginning after the last. */
  private final class Launch {
    private final KernelTrace kernel;
    private final int ctasPerSm;
    private final int warpsPerCta;
    private final long firstCycle;
    private CtaTrace next;
    private int launched;

    private Launch(KernelTrace kernel, int ctasPerSm, long firstCycle) {
      this.kernel = kernel;
      this.ctasPerSm = ctasPerSm;
      this.firstCycle = firstCycle;
      warpsPerCta = kernel.header().warpsPerCta();
      next = kernel.nextCta();
    }

    private boolean isDone() {
      if (next != null) {
        return false;
      }
      int retired = 0;
      for (StreamingMultiprocessor sm : sms) {
        retired += sm.retiredCtas();
      }
      return retired == launched;
    }

    private void cycle() {
      if (next == null || now < firstCycle) {
        return;
      }
      int last = lastLaunched;
      for (int turn = 1; turn <= sms.length && next != null; turn++) {
        int index = (last + turn) % sms.length;
        StreamingMultiprocessor sm = sms[index];
        if (sm.residentCtas() < ctasPerSm && sm.launch(next, warpsPerCta, now)) {
          wakeCycles[index] = Math.min(wakeCycles[index], now + 1);
          launched++;
          lastLaunched = index;
          next = kernel.nextCta();
        }
      }
    }
  }

  private Counters counters() {
    return new Counters(
        sum(StreamingMultiprocessor::issued),
        sum(sm -> sm.memory().l1Accesses()),
        sum(sm -> sm.memory().l1Hits()),
        Arrays.stream(memory.slices()).mapToLong(slice -> slice.cache().accesses()).sum(),
        Arrays.stream(memory.slices()).mapToLong(slice -> slice.cache().hits()).sum(),
        Arrays.stream(memory.channels()).mapToLong(DramChannel::reads).sum(),
        Arrays.stream(memory.channels()).mapToLong(DramChannel::writes).sum(),
        Arrays.stream(memory.channels()).mapToLong(DramChannel::activations).sum());
  }

  private long sum(ToLongFunction<StreamingMultiprocessor> counter) {
    return Arrays.stream(sms).mapToLong(counter).sum();
  }

  /** Sums over the whole GPU since the first kernel; those of L1 since the last one began. */
  private record Counters(
      long issued,
      long l1Accesses,
      long l1Hits,
      long l2Accesses,
      long l2Hits,
      long dramReads,
      long dramWrites,
      long dramActivations) {
    private SimulatedKernel since(Counters before, long cycles, long launchCycles) {
      return new SimulatedKernel(
          cycles,
          launchCycles,
          issued - before.issued,
          l1Accesses,
          l1Hits,
          l2Accesses - before.l2Accesses,
          l2Hits - before.l2Hits,
          dramReads - before.dramReads,
          dramWrites - before.dramWrites,
          dramActivations - before.dramActivations);
    }
  }
}
