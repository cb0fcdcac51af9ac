package io.plumbline.simulator.sm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.trace.gpu.AddressMapping;
import io.plumbline.trace.gpu.CacheSpec;
import io.plumbline.trace.gpu.ClockSpec;
import io.plumbline.trace.gpu.CoreSpec;
import io.plumbline.trace.gpu.DramSpec;
import io.plumbline.trace.gpu.DramTiming;
import io.plumbline.trace.gpu.GpuSpec;
import io.plumbline.trace.gpu.L1Spec;
import io.plumbline.trace.gpu.L2Spec;
import io.plumbline.trace.gpu.SetIndex;
import io.plumbline.trace.gpu.UnitTiming;
import io.plumbline.trace.gpu.WarpOrder;
import io.plumbline.trace.kernel.CtaTrace;
import io.plumbline.trace.kernel.ExecutionUnit;
import io.plumbline.trace.kernel.InstructionKind;
import io.plumbline.trace.kernel.KernelHeader;
import io.plumbline.trace.kernel.KernelTrace;
import io.plumbline.trace.kernel.SectorList;
import io.plumbline.trace.kernel.WarpInstruction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * One mechanism at a time, on a small GPU. An instruction more in a chain costs what the formula of
 * docs/trace-sm.md says; so each test takes the difference of two lengths.
 */
class KernelSimulatorTest {
  private static final int L1_LATENCY = 20;
  private static final int SHARED_LATENCY = 25;
  private static final int L2_LATENCY = 160;
  private static final WarpInstruction EXIT =
      WarpInstruction.of(ExecutionUnit.INT, InstructionKind.EXIT).build();

  @Test
  void anEmptyKernelTakesItsLaunchAndEightCycles() {
    assertThat(new KernelSimulator(gpu()).run(kernel(List.of(EXIT))).cycles()).isEqualTo(1008);
  }

  @Test
  void aChainCostsLatencyAndFiveCyclesALink() {
    // FP32 has latency 4: collect 2, enter 1, 4 in the pipeline, 2 to the registers.
    assertThat(cyclesForEachOf(64, i -> fp32(1, 1))).isEqualTo(64 * (4 + 5));
    assertThat(cyclesForEachOf(64, i -> sfu(1, 1))).isEqualTo(64 * (20 + 5));
  }

  @Test
  void aUnitTakesAnInstructionEveryInitiationInterval() {
    // SFU takes one in 8 cycles; no two of these write the same register.
    assertThat(cyclesForEachOf(64, i -> sfu(10 + i, 2))).isEqualTo(64 * 8);
  }

  @Test
  void sharedMemoryTakesItsLatencyAndOneMoreForEveryConflict() {
    assertThat(cyclesForEachOf(32, i -> shared(1, 1))).isEqualTo(32 * (SHARED_LATENCY + 5));
    assertThat(cyclesForEachOf(32, i -> shared(1, 32))).isEqualTo(32 * (SHARED_LATENCY + 5 + 31));
  }

  @Test
  void aHitInL1TakesItsLatencyAndFourCycles() {
    // The first load misses in both; every further one of the same sector hits.
    assertThat(cyclesForEachOf(32, i -> load(1, 0, 1))).isEqualTo(32 * (L1_LATENCY + 4));
  }

  @Test
  void aHitInL2TakesItsLatencyTwelveCyclesAndOneForEveryFurtherSector() {
    assertThat(cyclesForEachOf(32, i -> loadAroundL1(1, 0, 1))).isEqualTo(32 * (L2_LATENCY + 12));
    assertThat(cyclesForEachOf(32, i -> loadAroundL1(1, 0, 4)))
        .isEqualTo(32 * (L2_LATENCY + 12 + 3));
  }

  @Test
  void sectorsThatAreSharedAreFetchedOnce() {
    SimulatedKernel strided = run(kernel(List.of(load(1, 0, 32), EXIT)));
    SimulatedKernel same = run(kernel(List.of(load(1, 0, 1), load(2, 0, 1), EXIT)));
    assertThat(strided.dramReads()).isEqualTo(32);
    assertThat(same.dramReads()).isEqualTo(1);
    assertThat(same.l1Accesses()).isEqualTo(2);
  }

  @Test
  void loadsOfOneRowAreFasterThanOfManyRows() {
    // 8 banks of 4 KB rows: 32 KB further is the next row of the same bank.
    SimulatedKernel oneRow = run(kernel(chain(16, i -> load(1, i * 1024L, 1))));
    SimulatedKernel manyRows = run(kernel(chain(16, i -> load(1, i * (1L << 19), 1))));
    assertThat(manyRows.dramActivations()).isEqualTo(16);
    assertThat(oneRow.dramActivations()).isLessThan(manyRows.dramActivations());
    assertThat(oneRow.cycles()).isLessThan(manyRows.cycles());
  }

  @Test
  void aBarrierHoldsAllWarpsForTheSlowest() {
    WarpInstruction barrier =
        WarpInstruction.of(ExecutionUnit.INT, InstructionKind.BARRIER).build();
    List<WarpInstruction> slow = new ArrayList<>(chain(50, i -> fp32(1, 1)));
    slow.set(slow.size() - 1, barrier);
    slow.addAll(chain(50, i -> fp32(1, 1)));
    List<WarpInstruction> fast = new ArrayList<>(List.of(barrier));
    fast.addAll(chain(100, i -> fp32(1, 1)));
    long together = run(kernel(slow, fast)).netCycles();
    // Without the barrier the fast warp would be through after 100 links. With it, it begins when
    // the slow one has issued its 50th, which is 49 links after the first.
    assertThat(together).isBetween(149L * 9, 149L * 9 + 40);
  }

  @Test
  void l2KeepsWhatAnEarlierKernelReadAndL1DoesNot() {
    KernelSimulator simulator = new KernelSimulator(gpu());
    simulator.run(kernel(List.of(load(1, 0, 4), EXIT)));
    SimulatedKernel second = simulator.run(kernel(List.of(load(1, 0, 4), EXIT)));
    assertThat(second.l1Hits()).isZero();
    assertThat(second.l2Hits()).isEqualTo(4);
    assertThat(second.dramReads()).isZero();
  }

  @Test
  void aSecondWaveWaitsForTheFirst() {
    // 16 thread blocks of 32 warps fill 8 SMs of 64 warps; the 17th comes after.
    List<WarpInstruction> work = chain(64, i -> sfu(1, 1));
    long one = run(new Repeated(work, 16, 1024)).netCycles();
    long two = run(new Repeated(work, 17, 1024)).netCycles();
    assertThat(two).isGreaterThan(one + 64 * 25 - 1);
  }

  @Test
  void everyInstructionIsIssuedOnce() {
    assertThat(run(new Repeated(chain(10, i -> fp32(1, 1)), 5, 128)).warpInstructions())
        .isEqualTo(5 * 4 * 11);
  }

  @Test
  void theSameKernelTakesTheSameCycles() {
    List<WarpInstruction> work = chain(32, i -> load(i % 8, i * 4096L, 8));
    assertThat(run(new Repeated(work, 20, 256))).isEqualTo(run(new Repeated(work, 20, 256)));
  }

  @Test
  void aThreadBlockThatFitsNowhereIsRefused() {
    KernelTrace tooBig = new Repeated(List.of(EXIT), 1, 4096);
    assertThatThrownBy(() -> run(tooBig))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a thread block of 4096 threads")
        .hasMessageContaining("does not fit on an SM");
  }

  private interface At {
    WarpInstruction instruction(int index);
  }

  /** What so many more instructions of a warp take. */
  private static long cyclesForEachOf(int count, At at) {
    long few = run(kernel(chain(32, at))).cycles();
    long many = run(kernel(chain(32 + count, at))).cycles();
    return many - few;
  }

  private static List<WarpInstruction> chain(int count, At at) {
    List<WarpInstruction> chain = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      chain.add(at.instruction(i));
    }
    chain.add(EXIT);
    return chain;
  }

  private static SimulatedKernel run(KernelTrace kernel) {
    return new KernelSimulator(gpu()).run(kernel);
  }

  @SafeVarargs
  private static KernelTrace kernel(List<WarpInstruction>... warps) {
    WarpInstruction[][] each =
        Arrays.stream(warps)
            .map(warp -> warp.toArray(WarpInstruction[]::new))
            .toArray(WarpInstruction[][]::new);
    KernelHeader header = new KernelHeader("k", 1, 32 * warps.length, 0, 16, 70);
    return new Given(header, List.<WarpInstruction[][]>of(each));
  }

  private static WarpInstruction fp32(int to, int from) {
    return WarpInstruction.of(ExecutionUnit.FP32, InstructionKind.ARITHMETIC)
        .writes(to)
        .reads(from)
        .build();
  }

  private static WarpInstruction sfu(int to, int from) {
    return WarpInstruction.of(ExecutionUnit.SFU, InstructionKind.ARITHMETIC)
        .writes(to)
        .reads(from)
        .build();
  }

  private static WarpInstruction shared(int register, int conflicts) {
    return WarpInstruction.of(ExecutionUnit.MEMORY, InstructionKind.SHARED_LOAD)
        .writes(register)
        .reads(register)
        .bankConflicts(conflicts)
        .build();
  }

  private static WarpInstruction load(int register, long address, int sectors) {
    return global(register, address, sectors).build();
  }

  private static WarpInstruction loadAroundL1(int register, long address, int sectors) {
    return global(register, address, sectors).bypassingL1().build();
  }

  private static WarpInstruction.Builder global(int register, long address, int sectors) {
    long[] addresses = new long[32];
    Arrays.setAll(addresses, lane -> address + 32L * (lane % sectors));
    return WarpInstruction.of(ExecutionUnit.MEMORY, InstructionKind.GLOBAL_LOAD)
        .writes(register)
        .reads(register)
        .accesses(SectorList.coalesced(-1, addresses, 4));
  }

  static GpuSpec gpu() {
    Map<ExecutionUnit, UnitTiming> units = new EnumMap<>(ExecutionUnit.class);
    for (ExecutionUnit unit : ExecutionUnit.values()) {
      units.put(unit, new UnitTiming(4, 2));
    }
    units.put(ExecutionUnit.SFU, new UnitTiming(20, 8));
    return new GpuSpec(
        8,
        1000,
        0,
        new ClockSpec(1000, 1000, 1000, 1000),
        new CoreSpec(64, 32, 65536, 98304, 4, WarpOrder.LOOSE_ROUND_ROBIN, 8, 16, 8, 2, 4, units),
        new L1Spec(
            new CacheSpec(4, 64, SetIndex.LINEAR, 512, 8, 16, 25),
            4,
            L1_LATENCY,
            SHARED_LATENCY,
            131072,
            List.of(),
            false),
        new L2Spec(
            new CacheSpec(32, 16, SetIndex.LINEAR, 192, 4, 32, 0), L2_LATENCY, 64, 64, 64, 64),
        new DramSpec(
            100,
            64,
            192,
            32,
            1,
            true,
            new DramTiming(16, 4, 1, 3, 12, 28, 12, 40, 12, 2, 3, 10, 2, 3)),
        new AddressMapping(8, 2, 8, 0x7080, 0xfff8000, false));
  }

  /** Thread blocks as they are. */
  private static final class Given implements KernelTrace {
    private final KernelHeader header;
    private final List<WarpInstruction[][]> ctas;
    private int next;

    private Given(KernelHeader header, List<WarpInstruction[][]> ctas) {
      this.header = header;
      this.ctas = ctas;
    }

    @Override
    public KernelHeader header() {
      return header;
    }

    @Override
    public CtaTrace nextCta() {
      return next == ctas.size() ? null : new CtaTrace(ctas.get(next++));
    }
  }

  /** Thread blocks whose warps all do the same. */
  private static final class Repeated implements KernelTrace {
    private final KernelHeader header;
    private final WarpInstruction[] warp;
    private int next;

    private Repeated(List<WarpInstruction> warp, int ctas, int threads) {
      this.warp = warp.toArray(WarpInstruction[]::new);
      header = new KernelHeader("k", ctas, threads, 0, 16, 70);
    }

    @Override
    public KernelHeader header() {
      return header;
    }

    @Override
    public CtaTrace nextCta() {
      if (next++ == header.ctas()) {
        return null;
      }
      WarpInstruction[][] warps = new WarpInstruction[header.warpsPerCta()][];
      Arrays.fill(warps, warp);
      return new CtaTrace(warps);
    }
  }
}
