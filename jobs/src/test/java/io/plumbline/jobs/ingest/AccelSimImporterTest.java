package io.plumbline.jobs.ingest;

import static io.plumbline.jobs.ingest.Found.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.jobs.table.KernelTimingRow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccelSimImporterTest {
  private static final Importer IMPORTER = new AccelSimImporter();
  private static final Path GOLDEN = Path.of("../../shared/golden/accelsim/logs");
  private static final String START =
      """
      Accel-Sim [build abc]
              *** GPGPU-Sim Simulator Version 4.2.0  [build def] ***
      GPGPU-Sim uArch: clock freqs: 1000000000.000000:1.0:1.0:1.0
      """;
  private static final String END = "GPGPU-Sim: *** exit detected ***";

  @TempDir Path folder;

  @Test
  void countersAreThoseOfTheKernelAndSharesFollowFromThem() {
    file(
        folder,
        "QV100/vecadd.log",
        START + begin("a", 1) + results("a", 200, 200, 400, 40, 30, 100, 0.5, "-nan"),
        begin("b", 2) + results("b", 100, 300, 500, 50, 39, 150, 0.4, "-nan"),
        END);
    List<KernelTimingRow> rows = Found.at(folder, IMPORTER).kernels;
    assertThat(rows).extracting(KernelTimingRow::outcome).containsOnly("completed");
    KernelTimingRow second = rows.get(1);
    assertThat(second.tool()).isEqualTo("accel-sim");
    assertThat(second.configuration()).isEqualTo("QV100");
    assertThat(second.program()).isEqualTo("vecadd/NO_ARGS");
    assertThat(second.kernel()).isEqualTo("b");
    assertThat(second.position()).isEqualTo(2);
    assertThat(second.shape()).isEqualTo("grid dim (4,1,1), block dim (32,1,1)");
    assertThat(second.cycles()).isEqualTo(100);
    // 100 cycles at 1 GHz.
    assertThat(second.timeNs()).isEqualTo(100, within(1e-9));
    // 500 - 400 instructions of warps in 100 cycles.
    assertThat(second.warpInstructions()).isEqualTo(100);
    assertThat(second.ipc()).isEqualTo(1);
    // 39 - 30 hits of 50 - 40 reads.
    assertThat(second.l1ReadHitRate()).isEqualTo(0.9, within(1e-12));
    // The channel was busy in 0.4 * 150 commands, of which 0.5 * 100 were before: 10 of 50.
    assertThat(second.dramUtilization()).isEqualTo(0.2, within(1e-12));
    // The distribution grows by 1 Stall, 2 W0_Idle, 3 W0_Scoreboard, 4 W32 a kernel.
    assertThat(second.unitStallShare()).isEqualTo(0.1, within(1e-12));
    assertThat(second.idleShare()).isEqualTo(0.2, within(1e-12));
    assertThat(second.scoreboardStallShare()).isEqualTo(0.3, within(1e-12));
    assertThat(second.simulatedCyclesPerSecond()).isEqualTo(77);
    assertThat(second.countersJson()).contains("\"build\":\"Accel-Sim [build abc]");
  }

  @Test
  void whatBreaksOffSaysWhereAndKeepsWhatWasWhole() {
    String whole = START + begin("a", 1) + results("a", 200, 200, 400, 40, 30, 100, 0.5, "-nan");
    assertLost(whole + begin("b", 2), "truncated", "b");
    assertLost(whole + begin("b", 2) + "kernel_name = b \ngpu_sim_cycle = 5", "torn", "b");
    assertLost(
        whole + "Processing kernel traces/kernel-2.traceg\nunsupported binary version: 0",
        "refused",
        "unknown");
    assertLost(
        whole
            + begin("b", 2)
            + "GPGPU-Sim uArch: ERROR ** deadlock detected: last writeback core 3",
        "deadlocked",
        "b");
    assertLost(
        whole + "** break due to reaching the maximum cycles (or instructions) **\n" + END,
        "stopped",
        "unknown");
    assertLost(
        whole + begin("b", 2) + "accel-sim.out: hashing.cc:88: f: Assertion `0' failed.",
        "crashed",
        "b");
  }

  @Test
  void theStatusBesideALogCountsWhereItIsNotZero() {
    file(folder, "H100/empty.log", START + begin("a", 1));
    file(folder, "H100/empty.time", "Exit status: 0", "rc=134", "x.cc:1: Assertion `0' failed.");
    KernelTimingRow row = Found.at(folder, IMPORTER).kernels.get(0);
    assertThat(row.outcome()).isEqualTo("crashed");
    assertThat(row.message())
        .isEqualTo(
            "exit status 134: x.cc:1: Assertion `0' failed.; it ends after 0 kernels without saying"
                + " that it is done; its last line is: -block dim = (32,1,1)");
    // A status of 0 proves nothing.
    file(folder, "H100/empty.time", "rc=0", "no such file");
    assertThat(Found.at(folder, IMPORTER).kernels.get(0).outcome()).isEqualTo("truncated");
  }

  @Test
  void kernelsOfSeveralStreamsKeepTheirTraces() {
    file(
        folder,
        "QV100/two.log",
        START + begin("a", 1) + begin("b", 2),
        results("b", 200, 200, 400, 40, 30, 100, 0.5, "1.5"),
        results("a", 100, 300, 500, 50, 39, 150, 0.4, "inf"),
        END);
    assertThat(Found.at(folder, IMPORTER).kernels)
        .extracting(row -> row.kernel() + " " + row.countersJson().contains("kernel-2"))
        .containsExactly("b true", "a false");
  }

  @Test
  void everyRecordedLogParses() {
    assumeTrue(Files.isDirectory(GOLDEN), "skipped: no recorded runs of Accel-Sim");
    Found found = Found.at(GOLDEN, IMPORTER);
    assertThat(found.kernels).hasSizeGreaterThan(60);
    // FlashInfer's decode: the source repository's README has the same threads per cycle.
    KernelTimingRow decode = row(found, "A100_flashinfer", "fi_decode", 1);
    assertThat(decode.cycles()).isEqualTo(21006);
    assertThat(decode.timeNs()).isEqualTo(21006 / 1.41, within(1e-3));
    assertThat(decode.l1ReadHitRate()).isZero();
    assertThat(decode.dramUtilization()).isBetween(0.1, 0.12);
    assertThat(decode.outcome()).isEqualTo("completed");
    assertThat(row(found, "A100_flashinfer", "fi_gemm_setup", 8).outcome()).isEqualTo("completed");
    KernelTimingRow missing = row(found, "A100_flashinfer", "nn_onestep12", 11);
    assertThat(missing.outcome()).isEqualTo("refused");
    assertThat(missing.cycles()).isNull();
    KernelTimingRow aborted = row(found, "SM90_H100_test", "empty", 1);
    assertThat(aborted.outcome()).isEqualTo("crashed");
    assertThat(aborted.message()).startsWith("exit status 134").contains("Assertion");
    assertThat(found.kernels.stream().filter(row -> !row.outcome().equals("completed"))).hasSize(2);
  }

  private static KernelTimingRow row(Found found, String configuration, String program, int at) {
    return found.kernels.stream()
        .filter(
            row ->
                row.configuration().equals(configuration)
                    && row.program().equals(program)
                    && row.position() == at)
        .findFirst()
        .orElseThrow();
  }

  private void assertLost(String text, String outcome, String kernel) {
    file(folder, "QV100/lost.log", text);
    List<KernelTimingRow> rows = Found.at(folder, IMPORTER).kernels;
    assertThat(rows).extracting(KernelTimingRow::outcome).containsExactly("completed", outcome);
    assertThat(rows.get(1).kernel()).isEqualTo(kernel);
    assertThat(rows.get(1).cycles()).isNull();
    assertThat(rows.get(1).message()).startsWith("it ");
  }

  private static String begin(String kernel, int number) {
    return """
    Processing kernel /t/vecadd/NO_ARGS/traces/kernel-%d.traceg.xz
    -kernel name = %s
    -grid dim = (4,1,1)
    -block dim = (32,1,1)
    """
        .formatted(number, kernel);
  }

  private static String results(
      String kernel,
      int cycles,
      int total,
      int instructions,
      int reads,
      int hits,
      int commands,
      double busy,
      String occupancy) {
    int kernels = total == cycles ? 1 : 2;
    return """
    kernel_name = %s\s
    gpu_sim_cycle = %d
    gpu_tot_sim_cycle = %d
    gpu_occupancy = %s%%\s
    Warp Occupancy Distribution:
    Stall:%d\tW0_Idle:%d\tW0_Scoreboard:%d\tW32:%d
    \tTotal_core_cache_stats_breakdown[GLOBAL_ACC_R][TOTAL_ACCESS] = %d
    \tTotal_core_cache_stats_breakdown[GLOBAL_ACC_R][HIT] = %d
    gpgpu_n_tot_w_icount = %d
    n_cmd=%d n_nop=1 bw_util=%s
    gpgpu_simulation_rate = 9 (inst/sec)
    gpgpu_simulation_rate = 77 (cycle/sec)
    """
        .formatted(
            kernel,
            cycles,
            total,
            occupancy,
            kernels,
            2 * kernels,
            3 * kernels,
            4 * kernels,
            reads,
            hits,
            instructions,
            commands,
            busy);
  }
}
