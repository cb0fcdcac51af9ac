package io.plumbline.jobs;

import static io.plumbline.jobs.TinyProfile.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.jobs.sweep.SweepPlan;
import io.plumbline.jobs.sweep.SweepPlanner;
import io.plumbline.jobs.sweep.SweepPoint;
import io.plumbline.jobs.table.RunTags;
import io.plumbline.jobs.table.RunWriter;
import io.plumbline.jobs.table.Tables;
import io.plumbline.simulator.Recording;
import io.plumbline.simulator.Simulator;
import io.plumbline.simulator.latency.ProfileSource;
import io.plumbline.trace.Sha256;
import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepJobTest {
  private static final String NEXT =
      """
      Results are in %s. Next, for example:
        plumbline sql "SELECT axes_json, throughput_tokens_per_second FROM sweep_point JOIN run USING (run_id) WHERE sweep = 'six' ORDER BY 2 DESC LIMIT 5" --results %s
      """;

  @TempDir Path temp;
  private Path results;
  private Path file;

  @BeforeEach
  void writeSweep() {
    results = temp.resolve("results");
    file = temp.resolve("six.yaml");
    writeSweep("requests");
  }

  private void writeSweep(String record) {
    lines(
        file,
        "name: six",
        "record: " + record,
        "simulate:",
        "  workload:",
        "    kind: synthetic",
        "    requests: 12",
        "    seed: 3",
        "    arrivals: {kind: poisson, requests_per_second: [50, 500, 5000]}",
        "    lengths: {kind: uniform, min_prompt_tokens: 8, max_prompt_tokens: 64,"
            + " min_output_tokens: 1, max_output_tokens: 9}",
        "  model: plumbline/tiny",
        "  device: a100",
        "  scheduler: [sarathi, vllm]",
        "  predictor: roofline");
  }

  @Test
  void everyPointIsARunInTheTablesThatTheRecordingAsksFor() throws IOException {
    JobRun run = sweep();

    assertThat(run.exitCode()).isEqualTo(JobCommand.DONE);
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .isEqualTo(
            "Sweep six: 6 points (0 excluded, 0 duplicates), 0 done already, 6 to run.\n"
                + NEXT.formatted(results, results));
    assertThat(tables()).containsExactly("packs", "sweep_point");
    assertThat(packedTables()).containsExactly("manifest", "request_timing", "run", "utilization");
    assertThat(RunFiles.rows(results)).hasSize(3 * 6);
    assertThat(names())
        .allMatch(
            name ->
                name.matches(
                    "packs/\\w+/p[0-9a-f]{12}-[0-9a-f]{12}\\.(parquet|json)"
                        + "|sweep_point/sweep=six/part-0\\.parquet"));

    Tables.register(SharedSpark.session(), results.toString());
    List<Row> rows =
        SharedSpark.session()
            .sql(
                "SELECT axes_json, scheduler, predictor, seed, completed, requests, recording FROM"
                    + " sweep_point JOIN run USING (run_id) WHERE sweep = 'six' ORDER BY axes_json")
            .collectAsList();
    assertThat(rows.stream().map(Row::toString))
        .startsWith(
            "[{\"scheduler\":\"sarathi\",\"workload.arrivals.requests_per_second\":5000},sarathi,roofline,3,12,12,requests]")
        .endsWith(
            "[{\"scheduler\":\"vllm\",\"workload.arrivals.requests_per_second\":50},vllm,roofline,3,12,12,requests]")
        .hasSize(6);
  }

  @Test
  void aPointIsExactlyWhatTheSimulatorGives() throws IOException {
    writeSweep("tokens");
    assertThat(sweep().exitCode()).isEqualTo(JobCommand.DONE);
    Path direct = temp.resolve("direct");
    for (SweepPoint point : plan().points()) {
      Workload workload = plan().workloads().get(point.workloadId());
      RunTrace trace =
          Simulator.run(
              point.spec(),
              workload,
              Simulator.predictor(point.spec(), workload, ProfileSource.none()),
              Recording.TOKENS);
      new RunWriter(direct.toString())
          .write(
              TestRuns.manifest(point.runId(), Origin.SIMULATED, point.workloadId()),
              trace,
              RunTags.NONE);
    }

    Map<String, String> timings = RunFiles.rows(results);
    timings.keySet().removeIf(name -> name.startsWith("run/"));
    Map<String, String> expected = RunFiles.rows(direct);
    expected.keySet().removeIf(name -> name.startsWith("run/"));
    assertThat(timings).hasSize(5 * 6).isEqualTo(expected);
  }

  @Test
  void aSecondSweepDoesNothing() throws IOException {
    sweep();
    Map<String, String> before = contents();
    Map<String, Long> times = times();

    JobRun again = sweep();

    assertThat(again.exitCode()).isEqualTo(JobCommand.DONE);
    assertThat(again.out())
        .startsWith("Sweep six: 6 points (0 excluded, 0 duplicates), 6 done already, 0 to run.\n");
    assertThat(contents()).isEqualTo(before);
    Map<String, Long> now = times();
    times.keySet().removeIf(name -> name.startsWith("sweep_point/"));
    assertThat(now).containsAllEntriesOf(times);
  }

  @Test
  void forceRunsEverythingAgainAndGetsTheSameRows() {
    sweep();
    List<String> requests = sql("SELECT * FROM request_timing ORDER BY run_id, request_id");
    List<String> utilization = sql("SELECT * FROM utilization ORDER BY 1, 2, 3, 4, 5");
    List<String> runs = sql("SELECT run_id, started_at FROM run ORDER BY 1");
    assertThat(requests).hasSize(6 * 12);

    JobRun again = sweep("--force");

    assertThat(again.out())
        .startsWith("Sweep six: 6 points (0 excluded, 0 duplicates), 0 done already, 6 to run.\n");
    assertThat(sql("SELECT * FROM request_timing ORDER BY run_id, request_id")).isEqualTo(requests);
    assertThat(sql("SELECT * FROM utilization ORDER BY 1, 2, 3, 4, 5")).isEqualTo(utilization);
    // Only the rows of run have the time of the run.
    assertThat(sql("SELECT run_id, started_at FROM run ORDER BY 1"))
        .hasSize(6)
        .doesNotContainAnyElementsOf(runs);
  }

  private List<String> sql(String query) {
    Tables.register(SharedSpark.session(), results.toString());
    return SharedSpark.session().sql(query).collectAsList().stream().map(Row::toString).toList();
  }

  @Test
  void anInterruptedSweepGoesOnWithTheRunsThatAreNotFinished() throws IOException {
    String yaml = Files.readString(file);
    Files.writeString(file, yaml.replace("[sarathi, vllm]", "vllm"));
    sweep();
    Map<String, String> finished = contents();
    finished.keySet().removeIf(name -> name.startsWith("sweep_point/"));
    Files.writeString(file, yaml);
    sweep();
    // What is there before the manifest is what a killed task leaves.
    for (String name : contents().keySet()) {
      if (name.startsWith("packs/manifest/") && !finished.containsKey(name)) {
        Files.delete(results.resolve(name));
      }
    }
    assertThat(sql("SELECT DISTINCT scheduler, count(*) FROM run GROUP BY 1"))
        .containsExactly("[vllm,3]");
    assertThat(sql("SELECT count(*) FROM request_timing")).containsExactly("[36]");

    JobRun again = sweep();

    assertThat(again.exitCode()).isEqualTo(JobCommand.DONE);
    assertThat(again.out())
        .startsWith("Sweep six: 6 points (0 excluded, 0 duplicates), 3 done already, 3 to run.\n");
    assertThat(contents()).containsAllEntriesOf(finished);
    assertThat(sql("SELECT scheduler, count(*) FROM run GROUP BY 1 ORDER BY 1"))
        .containsExactly("[sarathi,3]", "[vllm,3]");
    assertThat(sql("SELECT run_id, count(*) FROM request_timing GROUP BY 1"))
        .hasSize(6)
        .allMatch(row -> row.endsWith(",12]"));
  }

  @Test
  void askingForMoreThanARunRecordedRunsItAgainAndAskingForLessDoesNot() {
    sweep();

    writeSweep("iterations");
    assertThat(sweep().out()).contains(" 0 done already, 6 to run.");
    assertThat(sql("SELECT recording, count(*) FROM run GROUP BY 1"))
        .containsExactly("[iterations,6]");
    assertThat(sql("SELECT count(DISTINCT run_id) FROM iteration_timing")).containsExactly("[6]");
    assertThat(sql("SELECT count(*) FROM request_timing")).containsExactly("[72]");
    assertThat(sweep().out()).contains(" 6 done already, 0 to run.");

    writeSweep("tokens");
    assertThat(sweep("--dry-run").out()).contains(" 0 done already, 6 to run.");
    writeSweep("requests");
    assertThat(sweep().out()).contains(" 6 done already, 0 to run.");
    assertThat(sql("SELECT recording, count(*) FROM run GROUP BY 1"))
        .containsExactly("[iterations,6]");
  }

  /** Identity is content, so a run knows nothing of the sweeps it is a point of. */
  @Test
  void twoSweepsOfTheSamePointsBothHaveThemAll() throws IOException {
    sweep();
    String yaml = Files.readString(file);
    Files.writeString(
        file, yaml.replace("name: six", "name: half").replace("[sarathi, vllm]", "vllm"));
    assertThat(sweep().out()).contains(" 3 done already, 0 to run.");
    assertThat(points("six")).hasSize(6);
    assertThat(points("half"))
        .hasSize(3)
        .first()
        .isEqualTo("[half,0,{\"workload.arrivals.requests_per_second\":50},vllm]");

    // A sweep is what its file is now.
    Files.writeString(file, yaml.replace("[sarathi, vllm]", "sarathi"));
    sweep();
    assertThat(points("six")).hasSize(3).allMatch(point -> point.endsWith(",sarathi]"));
    assertThat(points("half")).hasSize(3);
  }

  private List<String> points(String sweep) {
    Tables.register(SharedSpark.session(), results.toString());
    return SharedSpark.session()
        .sql(
            "SELECT sweep, position, axes_json, scheduler FROM sweep_point JOIN run USING (run_id)"
                + " WHERE sweep = '%s' ORDER BY position".formatted(sweep))
        .collectAsList()
        .stream()
        .map(Row::toString)
        .toList();
  }

  @Test
  void theQueryOfTheHintWorksAsItIsPrinted() {
    Matcher hint =
        Pattern.compile("plumbline sql \"(.*)\" (--results) (.*)").matcher(sweep().out());
    assertThat(hint.find()).isTrue();

    JobRun answer = JobRun.of(new SqlJob(), hint.group(1), hint.group(2), hint.group(3));

    assertThat(answer.exitCode()).isEqualTo(JobCommand.DONE);
    assertThat(answer.out()).contains("throughput_tokens_per_second").endsWith("(5 rows)\n");
  }

  /** It has no iterations and no tokens, however much it recorded. */
  @Test
  void aRunWhoseRequestsWereAllRejectedIsFinished() throws IOException {
    writeSweep("tokens");
    Files.writeString(
        file, Files.readString(file) + "\n  kv_cache: {block_tokens: 4, blocks: 1}\n");
    JobRun run = sweep();
    assertThat(run.exitCode()).as(run.err()).isEqualTo(JobCommand.DONE);
    Tables.register(SharedSpark.session(), results.toString());
    assertThat(SharedSpark.session().sql("SELECT DISTINCT rejected FROM run").collectAsList())
        .hasToString("[[12]]");
    assertThat(packedTables()).contains("run").doesNotContain("iteration_timing", "token_timing");
    assertThat(sweep().out()).contains(" 6 done already, 0 to run.");
  }

  @Test
  void aResultsFolderThatCannotBeWrittenIsExitCodeTwoBeforeAnythingRuns() throws IOException {
    Path plain = Files.writeString(temp.resolve("plain"), "x");
    for (String bad :
        List.of(plain.toString(), plain + "/below", "/proc/plumbline", "nope://x/y", "")) {
      for (String option : List.of("--force", "--dry-run")) {
        if (option.equals("--dry-run") && (bad.startsWith("/proc") || bad.endsWith("below"))) {
          continue;
        }
        JobRun run = JobRun.of(new SweepJob(), file.toString(), "--results=" + bad, option);
        assertThat(run.exitCode()).as(bad + run.err()).isEqualTo(JobCommand.BAD_INPUT);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).contains(bad).contains("results");
      }
    }
  }

  @Test
  void aDryRunSaysWhatWouldRunAndWritesNothing() {
    JobRun run = sweep("--dry-run");

    assertThat(run.exitCode()).isEqualTo(JobCommand.DONE);
    assertThat(run.out())
        .isEqualTo("Sweep six: 6 points (0 excluded, 0 duplicates), 0 done already, 6 to run.\n");
    assertThat(results).doesNotExist();
  }

  @Test
  void aWrongFileIsExitCodeTwoWithItsProblemsAndWritesNothing() throws IOException {
    Files.writeString(file, Files.readString(file).replace("device: a100", "devise: a100"));

    JobRun run = sweep();

    assertThat(run.exitCode()).isEqualTo(JobCommand.BAD_INPUT);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .isEqualTo(
            """
            2 problems in %1$s:
              %1$s:3: simulate.device: missing key (text or a mapping)
              %1$s:11: simulate.devise: unknown key. Maybe: device
            """
                .formatted(file));
    assertThat(results).doesNotExist();
  }

  /** A profile whose times are all 0 is found only when a run gets to its first iteration. */
  @Test
  void aRunThatBreaksIsExitCodeOneAndTheOthersAreWritten() throws IOException {
    TinyProfile.write(temp.resolve("zero"), "a100", 0);
    TinyProfile.write(temp.resolve("good"), "a100", 0.25);
    Files.writeString(
        file,
        Files.readString(file)
            .replace("[sarathi, vllm]", "sarathi")
            .replace("[50, 500, 5000]", "50")
            .replace(
                "predictor: roofline",
                "predictor: [{kind: profiled, root: [zero, good]}, {kind: roofline}]"));

    JobRun run = sweep();

    String broken = plan().points().get(0).runId();
    assertThat(run.exitCode()).isEqualTo(JobCommand.CHECK_FAILED);
    assertThat(run.err())
        .matches(
            "Run "
                + broken
                + " \\{\"predictor.kind\":\"profiled\",\"predictor.root\":\"zero\"} broke:"
                + " java\\.lang\\.IllegalStateException: predicted 0\\.0 s for iteration 0"
                + " \\(\\d+ tokens\\)\\. Maybe the profile has bad rows\\.\\R");
    assertThat(run.out())
        .endsWith(
            NEXT.formatted(results, results).replace("Results are in", "1 runs broke, 2 are in"));
    assertThat(RunFiles.rows(results)).hasSize(3 * 2 + 1).containsKey("run/simulated/" + broken);
    assertThat(names()).noneMatch(name -> name.contains("_writing"));
    assertThat(
            sql(
                "SELECT run_id, outcome, requests, unfinished, completed, duration_seconds,"
                    + " substring(message, 1, 58) FROM run WHERE outcome <> 'completed'"))
        .containsExactly(
            "[%s,failed,12,12,0,null,%s]"
                .formatted(broken, "java.lang.IllegalStateException: predicted 0.0 s for itera"));
    assertThat(sql("SELECT count(*) FROM run WHERE outcome = 'completed'")).containsExactly("[2]");

    // It is tried three times, then left alone until somebody asks for it.
    assertThat(sweep().out()).contains(" 2 done already, 1 to run.\n");
    assertThat(sweep().out()).contains(" 2 done already, 1 to run.\n");
    JobRun alone = sweep();
    assertThat(alone.out())
        .contains(" 2 done already, 0 to run, 1 broke too often.\n")
        .contains("1 runs broke, 2 are in");
    assertThat(alone.exitCode()).isEqualTo(JobCommand.CHECK_FAILED);
    assertThat(sweep("--retry-failed").out()).contains(" 2 done already, 1 to run.\n");
    assertThat(sql("SELECT outcome, count(*) FROM run GROUP BY 1 ORDER BY 1"))
        .containsExactly("[completed,2]", "[failed,1]");
  }

  private JobRun sweep(String... options) {
    List<String> arguments = new ArrayList<>(List.of(file.toString(), "--results=" + results));
    arguments.addAll(List.of(options));
    return JobRun.of(new SweepJob(), arguments.toArray(String[]::new));
  }

  private SweepPlan plan() {
    return SweepPlanner.plan(file, Home.models(), Home.paths(file));
  }

  /** Hashes of all files below the results that are not checksums, by relative name. */
  private Map<String, String> contents() {
    return contents(results);
  }

  private static Map<String, String> contents(Path folder) {
    Map<String, String> hashes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path path : files.filter(Files::isRegularFile).toList()) {
        if (!path.toString().endsWith(".crc")) {
          String hash = new Sha256().putBytes(Files.readAllBytes(path)).shortHex();
          hashes.put(folder.relativize(path).toString(), hash);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return hashes;
  }

  private Map<String, Long> times() throws IOException {
    Map<String, Long> times = new TreeMap<>();
    for (String name : contents().keySet()) {
      // A file is replaced, never changed: its key tells the new one even within one clock tick.
      Path path = results.resolve(name);
      times.put(
          name, Files.getLastModifiedTime(path).to(java.util.concurrent.TimeUnit.NANOSECONDS));
    }
    return times;
  }

  private List<String> packedTables() throws IOException {
    return RunFiles.packedTables(results).toList();
  }

  private Set<String> names() {
    return contents().keySet();
  }

  private Collection<String> tables() {
    try (Stream<Path> folders = Files.list(results)) {
      return folders.map(folder -> folder.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
