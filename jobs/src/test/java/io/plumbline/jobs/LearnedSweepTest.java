package io.plumbline.jobs;

import static io.plumbline.jobs.TinyProfile.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.jobs.sweep.SweepPlan;
import io.plumbline.jobs.sweep.SweepPlanner;
import io.plumbline.jobs.sweep.SweepPoint;
import io.plumbline.jobs.table.RunTags;
import io.plumbline.jobs.table.RunWriter;
import io.plumbline.jobs.table.SparkSessions;
import io.plumbline.jobs.table.Tables;
import io.plumbline.jobs.table.Vacuum;
import io.plumbline.simulator.Recording;
import io.plumbline.simulator.Simulator;
import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sweep whose predictor is learned: first the operators of one device, then the runs. */
class LearnedSweepTest {
  private static final int OPERATORS = 12;

  @TempDir Path temp;
  private Path results;
  private Path trained;
  private Path file;

  @BeforeEach
  void writeSweep() {
    results = temp.resolve("results");
    trained = results.resolve("_trained");
    file = temp.resolve("learned.yaml");
    TinyProfile.writeLearnable(temp.resolve("profiles"), "a100", 0.25);
    write("{kind: random_forest, estimators: [3, 5], max_depth: [4], folds: 2}");
  }

  private void write(String learner, String... more) {
    List<String> yaml =
        new ArrayList<>(
            List.of(
                "name: learned",
                "record: tokens",
                "simulate:",
                "  workload:",
                "    kind: synthetic",
                "    requests: 12",
                "    seed: 3",
                "    arrivals: {kind: poisson, requests_per_second: 20}",
                "    lengths: {kind: uniform, min_prompt_tokens: 8, max_prompt_tokens: 64,"
                    + " min_output_tokens: 1, max_output_tokens: 9}",
                "  model: plumbline/tiny",
                "  device: a100",
                "  scheduler: [sarathi, vllm]",
                "  predictor: {kind: learned, root: profiles, prediction_max_chunk_tokens: 64,"
                    + " learner: "
                    + learner
                    + "}"));
    yaml.addAll(List.of(more));
    lines(file, yaml.toArray(String[]::new));
  }

  @Test
  void everyOperatorIsTrainedOnceAndItsTrainingIsATable() throws IOException {
    JobRun run = sweep();

    assertThat(run.exitCode()).as(run.err()).isEqualTo(JobCommand.DONE);
    assertThat(run.out()).contains(" 2 to run.");
    assertThat(list(trained)).hasSize(OPERATORS).allMatch(name -> name.matches("m.*\\.jsonl"));
    List<Row> rows =
        sql(
            "SELECT model_id, operator, model, device, tensor_parallel, rows, parameters_json,"
                + " cross_validation_mape, training_mape, cpu_seconds FROM operator_model"
                + " ORDER BY operator");
    assertThat(rows).hasSize(OPERATORS);
    Row decode = rows.get(1);
    assertThat(decode.getString(0) + ".jsonl").isIn(list(trained));
    assertThat(decode.getString(1)).isEqualTo("attn_decode");
    assertThat(decode.getString(2)).isEqualTo(TinyProfile.MODEL);
    assertThat(decode.getString(3)).isEqualTo("a100-80gb");
    assertThat(decode.getInt(4)).isEqualTo(1);
    assertThat(decode.getInt(5)).isEqualTo(40);
    assertThat(decode.getString(6)).matches("\\{\"estimators\":\"[35]\",\"max_depth\":\"4\",.*");
    assertThat(decode.getDouble(7)).isPositive();
    assertThat(decode.getDouble(8)).isPositive();
    assertThat(decode.getDouble(9)).isPositive();
    assertThat(sql("SELECT DISTINCT predictor, completed FROM run")).hasToString("[[learned,12]]");
  }

  @Test
  void aPointIsExactlyWhatTheSimulatorGivesThatTrainsItself() throws IOException {
    assertThat(sweep().exitCode()).isEqualTo(JobCommand.DONE);
    Path direct = temp.resolve("direct");
    SweepPlan plan = plan();
    for (SweepPoint point : plan.points()) {
      Workload workload = plan.workloads().get(point.workloadId());
      RunTrace trace =
          Simulator.run(
              point.spec(),
              workload,
              Simulator.predictor(
                  point.spec(),
                  workload,
                  (query, deployment) -> plan.profiles().get(point.profileHash())),
              Recording.TOKENS);
      new RunWriter(direct.toString())
          .write(
              TestRuns.manifest(point.runId(), Origin.SIMULATED, point.workloadId()),
              trace,
              RunTags.NONE);
    }

    assertThat(timings(results)).hasSize(3 * 2).isEqualTo(timings(direct));
  }

  @Test
  void aSecondSweepTrainsNothingAndACorruptModelIsTrainedAgain() throws IOException {
    sweep();
    Map<String, FileTime> first = times(trained);
    Map<String, String> runs = timings(results);

    sweep("--force");
    removeReplacedPacks();

    assertThat(times(trained)).isEqualTo(first);
    assertThat(timings(results)).isEqualTo(runs);

    String broken = first.keySet().iterator().next();
    String whole = Files.readString(trained.resolve(broken));
    Files.writeString(trained.resolve(broken), whole.replace("1", "2"));
    FileTime damaged = Files.getLastModifiedTime(trained.resolve(broken));
    sweep("--force");
    removeReplacedPacks();

    Map<String, FileTime> third = times(trained);
    assertThat(third.remove(broken)).isGreaterThan(damaged);
    first.remove(broken);
    assertThat(third).isEqualTo(first);
    assertThat(timings(results)).isEqualTo(runs);
    assertThat(sql("SELECT * FROM operator_model")).hasSize(OPERATORS);
  }

  @Test
  void aSweepWithNothingToRunTrainsNothing() throws IOException {
    sweep();
    for (String model : list(trained)) {
      Files.delete(trained.resolve(model));
    }

    assertThat(sweep().out()).contains(" 2 done already, 0 to run.");
    assertThat(list(trained)).isEmpty();
  }

  @Test
  void resultsMayShareTheirModels() throws IOException {
    Path cache = temp.resolve("cache");
    sweep("--cache=" + cache);
    Map<String, FileTime> first = times(cache);
    assertThat(first).hasSize(OPERATORS);
    assertThat(trained).doesNotExist();

    Map<String, String> runs = timings(results);
    results = temp.resolve("other");
    sweep("--cache=" + cache);

    assertThat(times(cache)).isEqualTo(first);
    assertThat(timings(results)).isEqualTo(runs);
    assertThat(sql("SELECT * FROM operator_model")).hasSize(OPERATORS);
  }

  @Test
  void anotherLearnerIsAnotherModelAndAnotherRun() throws IOException {
    sweep();
    Map<String, String> forest = timings(results);

    write("{kind: polynomial, degree: [1, 2], folds: 2}");
    assertThat(sweep().out()).contains(" 0 done already, 2 to run.");

    assertThat(list(trained)).hasSize(2 * OPERATORS);
    assertThat(timings(results)).hasSize(2 * forest.size()).containsAllEntriesOf(forest);
    assertThat(sql("SELECT DISTINCT get_json_object(learner_json, '$.kind') FROM operator_model"))
        .hasSize(2);
  }

  /** The runs are the same whatever the number of cores that train and simulate. */
  @Test
  void oneCoreAndTwoCoresGiveTheSameRows() {
    sweep();
    Map<String, String> two = timings(results);

    SharedSpark.session().stop();
    try {
      System.setProperty("spark.master", "local[1]");
      assertThat(SparkSessions.open("one core").sparkContext().master()).isEqualTo("local[1]");
      results = temp.resolve("one");
      assertThat(sweep().exitCode()).isEqualTo(JobCommand.DONE);
      assertThat(SharedSpark.session().sparkContext().master()).isEqualTo("local[1]");
    } finally {
      SharedSpark.session().stop();
    }

    assertThat(timings(results)).isEqualTo(two);
  }

  @Test
  void beyondVidursTablesARunBreaksAsTheOriginalDoesAndTheStandardGoesOn() {
    write("{kind: random_forest, estimators: [3], folds: 2}", "  compatibility: [standard, vidur]");

    JobRun run = sweep();

    assertThat(run.exitCode()).isEqualTo(JobCommand.CHECK_FAILED);
    assertThat(run.err().lines())
        .hasSize(2)
        .allMatch(line -> line.contains("\"compatibility\":\"vidur\""))
        .allMatch(
            line ->
                line.endsWith(
                    " broke: java.lang.IllegalArgumentException: the table of attn_prefill has no entry for 117 tokens of a chunk: it ends at 64, and the original's run with it. Maybe raise prediction_max_chunk_tokens, or let compatibility be standard."));
    assertThat(sql("SELECT outcome, completed FROM run ORDER BY 1, 2"))
        .hasToString("[[completed,12], [completed,12], [failed,0], [failed,0]]");
  }

  @Test
  void aCacheThatCannotBeWrittenIsExitCodeTwo() throws IOException {
    Path plain = Files.writeString(temp.resolve("plain"), "x");

    JobRun run = sweep("--cache=" + plain);

    assertThat(run.exitCode()).isEqualTo(JobCommand.BAD_INPUT);
    assertThat(run.err())
        .startsWith("the folder %s cannot be written: ".formatted(plain))
        .endsWith(" Maybe name another one with --cache.\n");
  }

  private JobRun sweep(String... options) {
    List<String> arguments = new ArrayList<>(List.of(file.toString(), "--results=" + results));
    arguments.addAll(List.of(options));
    return JobRun.of(new SweepJob(), arguments.toArray(String[]::new));
  }

  private SweepPlan plan() {
    return SweepPlanner.plan(file, Home.models(), Home.paths(file));
  }

  private List<Row> sql(String query) {
    Tables.register(SharedSpark.session(), results.toString());
    return SharedSpark.session().sql(query).collectAsList();
  }

  private static List<String> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private static Map<String, FileTime> times(Path folder) throws IOException {
    Map<String, FileTime> times = new TreeMap<>();
    for (String name : list(folder)) {
      times.put(name, Files.getLastModifiedTime(folder.resolve(name)));
    }
    return times;
  }

  /** Hashes of the files with times of requests, iterations and tokens, by relative name. */
  /** Leaves each row in one file. */
  private void removeReplacedPacks() {
    new Vacuum(results.toString(), System.currentTimeMillis() + 60_000).run();
  }

  private static Map<String, String> timings(Path results) {
    Map<String, String> rows = RunFiles.rows(results);
    rows.keySet().removeIf(name -> !name.matches("\\w+_timing/.*"));
    assertThat(rows).isNotEmpty();
    return rows;
  }
}
