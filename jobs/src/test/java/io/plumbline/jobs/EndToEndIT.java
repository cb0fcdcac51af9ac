package io.plumbline.jobs;

import static io.plumbline.jobs.TinyProfile.lines;
import static io.plumbline.jobs.UserShell.HOME;
import static io.plumbline.jobs.UserShell.JAR;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.jobs.UserShell.Outcome;
import io.plumbline.trace.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The whole house through its front door, in processes of its own. */
@DisabledOnOs(OS.WINDOWS)
class EndToEndIT {
  private static final Path PLUMBLINE = HOME.resolve("plumbline");

  @TempDir Path temp;
  private UserShell shell;
  private Path results;

  @AfterEach
  void closeShell() throws IOException {
    shell.close();
  }

  @BeforeEach
  void openShell() {
    shell = new UserShell(temp);
    shell.environment.put("PLUMBLINE_HEAP", "-Xmx1g");
    shell.environment.put("PLUMBLINE_MASTER", "local[2]");
    results = temp.resolve("my results");
  }

  @Test
  void theQuickstartFillsTheTablesOnceAndWritesAReport() throws Exception {
    Outcome first = quickstart();

    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.out())
        .contains("1/5 Sweep: 24 points, 0 done already, 24 to run.\n")
        .containsPattern("2/5 Profile of this machine: measured, [0-9]+ sizes of batches.\n")
        .contains("3/5 Simulation from it: 1 points, 0 done already, 1 to run.\n")
        .contains("4/5 Measurement on this machine: 40 requests in continuous batches, 3 times …\n")
        .containsPattern("5/5 Comparison: \\S+ measured, r[0-9a-f]{16} simulated\\.\n")
        .containsPattern("metric +statistic +reference ms +simulated ms +error % +verdict +samples")
        .containsPattern("ttft +p50 +[0-9.]+ +[0-9.]+ +[+-][0-9.]+ +(PASS|WARN|FAIL) +40")
        .contains(
            "The report, one page that works offline: " + results.resolve("report/report.html"));
    assertThat(runs("run")).isEqualTo(Map.of("simulated", 25, "measured", 3));
    assertThat(runs("request_timing")).isEqualTo(Map.of("simulated", 25, "measured", 3));
    assertThat(results.resolve("report/report.html")).content().contains("<html");

    Map<String, String> before = state();
    Outcome second = quickstart();

    assertThat(second.exitCode()).as(second.err()).isZero();
    assertThat(second.out())
        .contains("1/5 Sweep: 24 points, 24 done already, 0 to run.\n")
        .containsPattern("2/5 Profile of this machine: done already, [0-9]+ sizes of batches.\n")
        .contains("3/5 Simulation from it: 1 points, 1 done already, 0 to run.\n")
        .contains("4/5 Measurement on this machine: done already.\n")
        .containsPattern("5/5 Comparison: .* simulated: done already\\.\n")
        .contains(table(first.out()));
    assertThat(state()).isEqualTo(before);
  }

  @Test
  void aWrongEngineOptionIsReportedAtItsPlaceInTheUsersFile() throws Exception {
    Path file = temp.resolve("mine.yaml");
    lines(
        file,
        "name: mine",
        "model: plumbline/tiny",
        "workload: {kind: synthetic, requests: 1, seed: 1, arrivals: all_at_zero,"
            + " lengths: {kind: fixed, prompt_tokens: 4, output_tokens: 2}}",
        "engine:",
        "  kind: djl_pytorch",
        "  threads: 1",
        "  warmup_request: 3");

    Outcome outcome = shell.run(PLUMBLINE, "measure", file.toString(), "--results=" + results);

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err())
        .contains(file + ":7: engine.warmup_request: unknown key. Maybe: warmup_requests")
        .endsWith("Nothing was measured.\n");
    assertThat(results.resolve("run")).doesNotExist();
  }

  /** Drivers and executors are JVMs of their own here: whatever travels is really serialised. */
  @Test
  void aSweepRunsOnExecutorsOfAClusterAndGivesTheSameRunsAsOneProcess() throws Exception {
    Path profiles = temp.resolve("profiles");
    TinyProfile.write(profiles, "a100", 0.25);
    Path file = temp.resolve("four.yaml");
    lines(
        file,
        "name: four",
        "record: tokens",
        "simulate:",
        "  workload: {kind: synthetic, requests: 5, seed: 1, arrivals: all_at_zero,"
            + " lengths: {kind: uniform, min_prompt_tokens: 4, max_prompt_tokens: 64,"
            + " min_output_tokens: 1, max_output_tokens: 9}}",
        "  model: plumbline/tiny",
        "  device: a100",
        "  scheduler: [sarathi, vllm]",
        "  predictor: [roofline, {kind: profiled, root: profiles}]");
    Path sparkHome = shell.sparkHomeOf(UserShell.sparkJars());
    shell.environment.put("SPARK_HOME", sparkHome.toString());
    shell.environment.put("PLUMBLINE_HOME", HOME.toString());

    Outcome cluster =
        shell.run(
            sparkHome.resolve("bin/spark-submit"),
            "--master",
            "local-cluster[2,1,700]",
            "--conf",
            "spark.executor.memory=500m",
            "--conf",
            "spark.ui.enabled=false",
            "--class",
            "io.plumbline.jobs.SweepJob",
            JAR.toString(),
            file.toString(),
            "--results=" + results);

    assertThat(cluster.exitCode()).as(cluster.err()).isZero();
    assertThat(cluster.out())
        .startsWith("Sweep four: 4 points (0 excluded, 0 duplicates), 0 done already, 4 to run.\n");
    Map<String, String> onCluster = timings(results);
    assertThat(onCluster).hasSize(5 * 4);

    shell.environment.put("SPARK_HOME", "");
    Path alone = temp.resolve("alone");
    Outcome local = shell.run(PLUMBLINE, "sweep", file.toString(), "--results=" + alone);
    assertThat(local.exitCode()).as(local.err()).isZero();
    assertThat(timings(alone)).isEqualTo(onCluster);
  }

  private Outcome quickstart() throws Exception {
    return shell.run(PLUMBLINE, "quickstart", "--results", results.toString());
  }

  /** The table of errors in an output, up to the next empty line. */
  private static String table(String out) {
    int start = out.indexOf("metric ");
    return out.substring(start, out.indexOf("\n\n", start));
  }

  /** Number of runs by origin. */
  private Map<String, Integer> runs(String table) {
    Map<String, Integer> runs = new TreeMap<>();
    for (String run : RunFiles.rows(results).keySet()) {
      String[] names = run.split("/", -1);
      if (names[0].equals(table)) {
        runs.merge(names[1], 1, Integer::sum);
      }
    }
    return runs;
  }

  /**
   * Time and content of every file below the results; of the points of a sweep, which every sweep
   * states anew, the rows.
   */
  private Map<String, String> state() throws IOException {
    Map<String, String> state = new TreeMap<>();
    for (Path path : files(results)) {
      boolean restated = path.startsWith(results.resolve("sweep_point"));
      state.put(
          path.toString(),
          restated
              ? path.toString().endsWith(".parquet") ? rows(path) : ""
              : Files.getLastModifiedTime(path) + " " + hash(path));
    }
    return state;
  }

  /** Rows of all tables of runs but run, whose rows have the time and host of the run. */
  private static Map<String, String> timings(Path results) {
    Map<String, String> rows = RunFiles.rows(results);
    rows.keySet().removeIf(name -> name.startsWith("run/"));
    return rows;
  }

  private static String rows(Path file) throws IOException {
    StringBuilder rows = new StringBuilder();
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), new org.apache.hadoop.fs.Path(file.toUri()))
            .build()) {
      for (Group row = reader.read(); row != null; row = reader.read()) {
        rows.append(row).append('\n');
      }
    }
    assertThat(rows).isNotEmpty();
    return rows.toString();
  }

  private static String hash(Path file) throws IOException {
    return new Sha256().putBytes(Files.readAllBytes(file)).shortHex();
  }

  private static Iterable<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
