package io.plumbline.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.files.accelsim.AccelSimLog;
import io.plumbline.jobs.table.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The protocol with Accel-Sim, held with a stand-in that prints its form of log. */
@Timeout(300)
class AccelSimJobTest {
  private static final Path GOLDEN = Path.of("../../shared/golden/accelsim").toAbsolutePath();

  /** Prints a log of one kernel; the option -standin of trace.config says how it goes wrong. */
  private static final String STAND_IN =
      """
      #!/bin/sh
      list=$2
      mode=$(sed -n 's/^-standin //p' "$6" | tail -1)
      echo run >> "${0%%/*}/starts"
      trace=$(dirname "$list")/$(cat "$list")
      [ -r "$trace" ] || exit 9
      echo "Accel-Sim [build stand-in]"
      echo "GPGPU-Sim uArch: clock freqs: 2000000000.0:1.0:1.0:1.0"
      echo "Processing kernel $trace"
      echo "-kernel name = k"
      echo "thread block = 0,0,0"
      [ "$mode" = refuse ] && echo "unsupported binary version: 0" && exit 0
      [ "$mode" = crash ] && echo "x.cc:1: f: Assertion \\`0' failed." >&2 && exit 134
      [ "$mode" = hang ] && sleep 60
      echo "kernel_name = k "
      echo "gpu_sim_cycle = 1000"
      [ "$mode" = tear ] && exit 0
      echo "gpu_tot_sim_cycle = 1000"
      echo "gpu_occupancy = -nan%% "
      echo "gpgpu_n_tot_w_icount = 500"
      echo "gpgpu_simulation_rate = 10 (cycle/sec)"
      [ "$mode" = truncate ] && exit 0
      echo "GPGPU-Sim: *** exit detected ***"
      """;

  @TempDir Path folder;

  @BeforeEach
  void layOut() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "skipped: no /bin/sh");
    Path program = Files.writeString(folder.resolve("stand-in"), STAND_IN.replace("%%", "%"));
    assertThat(program.toFile().setExecutable(true)).isTrue();
    Path traces = Files.createDirectories(folder.resolve("vecadd/NO_ARGS/traces"));
    Files.writeString(
        traces.resolve("kernelslist.g"),
        "MemcpyHtoD,0x7f00,16\nkernel-1.traceg\nkernel-2.traceg\n");
    for (int kernel = 1; kernel <= 2; kernel++) {
      Files.writeString(
          traces.resolve("kernel-%d.traceg".formatted(kernel)),
          """
          -kernel name = k
          -grid dim = (1,1,1)
          -block dim = (32,1,1)
          -shmem = 0
          -nregs = 8
          -binary version = 80
          -shmem base_addr = 0x0
          -local mem base_addr = 0x0
          #traces format = x
          """
              + "# %d\n".formatted(kernel));
    }
    Path configuration = Files.createDirectories(folder.resolve("A100"));
    Files.writeString(configuration.resolve("gpgpusim.config"), "-gpgpu_n_clusters 1\n");
    Files.writeString(configuration.resolve("trace.config"), "# none\n");
  }

  @Test
  void everyKernelOnEveryVariantIsSimulatedOnceAndItsLogKept() throws IOException {
    Path file = file("{}, {gpgpu_l1_latency: 30}", "seconds: 30");
    JobRun first = run(file);
    assertThat(first.err()).isEmpty();
    assertThat(first.exitCode()).isZero();
    assertThat(first.out()).contains("4 kernels, 0 done already, 4 to simulate.");
    assertThat(rows("configuration", "position", "program", "cycles", "time_ns", "outcome"))
        .containsExactly(
            "A100 1 vecadd/NO_ARGS 1000.0 500.0 completed",
            "A100 2 vecadd/NO_ARGS 1000.0 500.0 completed",
            "A100 gpgpu_l1_latency=30 1 vecadd/NO_ARGS 1000.0 500.0 completed",
            "A100 gpgpu_l1_latency=30 2 vecadd/NO_ARGS 1000.0 500.0 completed");
    List<Path> logs = logs();
    assertThat(logs).hasSize(4);
    assertThat(AccelSimLog.read(logs.get(0)).problem()).isNull();
    JobRun second = run(file);
    assertThat(second.out()).contains("4 kernels, 4 done already, 0 to simulate.");
    assertThat(Files.readAllLines(folder.resolve("starts"))).hasSize(4);
  }

  @Test
  void whatGoesWrongIsSaidForEachKernelAndTriedAgain() throws IOException {
    Path file =
        file(
            "{standin: refuse}, {standin: crash}, {standin: hang}, {standin: tear},"
                + " {standin: truncate}, {}",
            "seconds: 3");
    JobRun run = run(file);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains(
            "accel-sim, vecadd/NO_ARGS, kernel 1 on A100 standin=crash: it ends after 0 kernels",
            "exit status 134: x.cc:1: f: Assertion `0' failed.",
            "kernel 2 on A100 standin=hang: killed: it took longer than 3.0 s");
    assertThat(run.out()).contains("2 of 12 kernels are in ");
    assertThat(
            rows("configuration", "cycles", "outcome").stream()
                .filter(row -> !row.startsWith("A100  ") && !row.equals("A100 1000.0 completed")))
        .containsExactly(
            "A100 standin=crash null crashed",
            "A100 standin=crash null crashed",
            "A100 standin=hang null killed",
            "A100 standin=hang null killed",
            "A100 standin=refuse null refused",
            "A100 standin=refuse null refused",
            "A100 standin=tear null torn",
            "A100 standin=tear null torn",
            // The results of this one are whole, though the run did not say that it was done.
            "A100 standin=truncate 1000.0 completed",
            "A100 standin=truncate 1000.0 completed",
            "A100 standin=truncate null truncated",
            "A100 standin=truncate null truncated");
    assertThat(run(file).out()).contains("12 kernels, 2 done already, 10 to simulate.");
  }

  @Test
  void whatIsMissingIsSaidBeforeAnythingRuns() throws IOException {
    Path file = file("{}", "seconds: 3");
    Files.delete(folder.resolve("vecadd/NO_ARGS/traces/kernel-2.traceg"));
    assertThat(run(file).err())
        .contains("no such trace: ")
        .contains("Accel-Sim itself would end with status 0 there.");
    Files.delete(folder.resolve("stand-in"));
    JobRun none = run(file);
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).contains("Accel-Sim is not built. Maybe run extern/accel-sim/bootstrap");
    assertThat(folder.resolve("starts")).doesNotExist();
  }

  @Test
  void bothEnginesFillTheSameColumns() throws IOException {
    assumeTrue(Files.isDirectory(GOLDEN), "skipped: no recorded runs of Accel-Sim");
    Path file =
        Files.writeString(
            folder.resolve("own.yaml"),
            """
            name: own
            engine: [trace_sm]
            traces: [%s/traces/volta/empty]
            configurations: [%s/configs/SM7_QV100]
            overrides: [{}, {gpgpu_kernel_launch_latency: 6000}]
            """
                .formatted(GOLDEN, GOLDEN));
    assertThat(run(file).err()).isEmpty();
    // Accel-Sim's own: 5008 cycles, of which 5000 are the launch.
    assertThat(rows("configuration", "tool", "program", "cycles"))
        .containsExactly(
            "SM7_QV100 trace-sm empty 5008.0",
            "SM7_QV100 gpgpu_kernel_launch_latency=6000 trace-sm empty 6008.0");
  }

  private Path file(String overrides, String limits) throws IOException {
    return Files.writeString(
        folder.resolve("kernels.yaml"),
        """
        name: kernels
        program: stand-in
        traces: [vecadd/NO_ARGS/traces]
        configurations: [A100]
        overrides: [%s]
        limits: {%s}
        """
            .formatted(overrides, limits));
  }

  private JobRun run(Path file) {
    return JobRun.of(
        new AccelSimJob(), file.toString(), "--results", folder.resolve("results").toString());
  }

  private List<Path> logs() throws IOException {
    try (Stream<Path> logs = Files.list(folder.resolve("results/_accelsim"))) {
      return logs.filter(log -> log.toString().endsWith(".log.xz")).toList();
    }
  }

  private List<String> rows(String... columns) {
    SparkSession spark = SharedSpark.session();
    Tables.register(spark, folder.resolve("results").toString());
    return spark
        .sql(
            "SELECT %s FROM kernel_timing ORDER BY configuration, outcome, position"
                .formatted(String.join(", ", columns)))
        .collectAsList()
        .stream()
        .map(row -> row.mkString(" "))
        .toList();
  }
}
