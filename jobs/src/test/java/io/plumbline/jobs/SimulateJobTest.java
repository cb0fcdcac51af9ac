package io.plumbline.jobs;

import static io.plumbline.jobs.TinyProfile.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.jobs.table.RequestTimingRow;
import io.plumbline.jobs.table.RunReader;
import io.plumbline.jobs.table.RunRow;
import io.plumbline.jobs.table.Tables;
import io.plumbline.trace.run.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulateJobTest {
  @TempDir Path temp;
  private Path results;
  private Path file;

  @BeforeEach
  void writePoint() {
    results = temp.resolve("results");
    file = temp.resolve("one.yaml");
    // Never two at a time, and the last one longer than the model's context.
    lines(
        temp.resolve("trace.csv"),
        "arrived_at,num_prefill_tokens,num_decode_tokens",
        "0,64,5",
        "10,64,5",
        "20,4000,5");
    lines(
        file,
        "name: one",
        "simulate:",
        "  workload: {kind: trace, file: trace.csv}",
        "  model: plumbline/tiny",
        "  device: a100",
        "  scheduler: sarathi",
        "  predictor: roofline");
  }

  private JobRun simulate(String... arguments) {
    List<String> all = new ArrayList<>(List.of("--results=" + results));
    all.addAll(List.of(arguments));
    return JobRun.of(new SimulateJob(), all.toArray(String[]::new));
  }

  private static String runId(JobRun run) {
    Matcher matcher = Pattern.compile("run (r[0-9a-f]{16})").matcher(run.out());
    assertThat(matcher.find()).as(run.out() + run.err()).isTrue();
    return matcher.group(1);
  }

  @Test
  void onePointIsRunAndShown() {
    JobRun run = simulate(file.toString());

    assertThat(run.exitCode()).isEqualTo(JobCommand.DONE);
    assertThat(run.err()).isEmpty();
    List<String> out = run.out().lines().toList();
    assertThat(out.get(0))
        .matches(
            "one, run r[0-9a-f]{16}: plumbline/tiny, 1 replica of 1 a100-80gb, sarathi, roofline\\.");
    assertThat(out.get(1))
        .matches(
            "3 requests: 2 completed, 1 rejected, 0 unfinished in 10\\.\\d{3} simulated s:"
                + " 0\\.\\d{3} requests/s, 1\\.0 output tokens/s\\.");
    assertThat(out.get(3)).matches("ms +P50 +P90 +P99");
    assertThat(out.subList(5, 9).stream().map(line -> line.split(" ", -1)[0]))
        .containsExactly("TTFT", "TPOT", "E2E", "queueing");
    assertThat(out.get(8)).matches("queueing +0\\.000 +0\\.000 +0\\.000");
    assertThat(run.out()).contains("\nThe run is in %s. Next, for example:\n".formatted(results));
  }

  @Test
  void theNumbersShownAreThoseOfTheTables() {
    String runId = runId(simulate(file.toString()));
    RunReader reader = new RunReader(results.toString());

    RunRow run = reader.run(Origin.SIMULATED, runId);
    assertThat(run.runId()).isEqualTo(runId);
    assertThat(run.label()).isNull();
    assertThat(run.rejected()).isEqualTo(1);
    List<RequestTimingRow> requests = reader.requests(Origin.SIMULATED, runId);
    Tables.register(SharedSpark.session(), results.toString());
    List<String> sql =
        SharedSpark.session()
            .sql("SELECT ttft_ns, tpot_ns, outcome FROM request_timing ORDER BY request_id")
            .collectAsList()
            .stream()
            .map(row -> row.mkString(" "))
            .toList();
    assertThat(requests.stream().map(r -> r.ttftNs() + " " + r.tpotNs() + " " + r.outcome()))
        .containsExactlyElementsOf(sql);
  }

  @Test
  void whatIsDoneIsShownAgainAndNotRunAgain() throws IOException {
    JobRun first = simulate(file.toString());
    Path table = results.resolve("run/origin=simulated/run_id=" + runId(first));
    Object written = Files.getLastModifiedTime(table.resolve("part-0.parquet"));

    JobRun second = simulate(file.toString());

    assertThat(second.out())
        .isEqualTo(first.out().replace(runId(first) + ":", runId(first) + " (done already):"));
    assertThat(Files.getLastModifiedTime(table.resolve("part-0.parquet"))).isEqualTo(written);
    assertThat(simulate(file.toString(), "--force").out()).isEqualTo(first.out());
    assertThat(Files.getLastModifiedTime(table.resolve("part-0.parquet"))).isNotEqualTo(written);
  }

  @Test
  void theRunIsThatOfASweep() {
    String runId = runId(simulate(file.toString()));

    JobRun sweep = JobRun.of(new SweepJob(), file.toString(), "--results=" + results);

    assertThat(sweep.out()).contains(" 1 done already, 0 to run.");
    Tables.register(SharedSpark.session(), results.toString());
    assertThat(
            SharedSpark.session()
                .sql("SELECT run_id FROM sweep_point WHERE sweep = 'one'")
                .collectAsList())
        .hasToString("[[%s]]".formatted(runId));
  }

  @Test
  void theQueryOfTheHintWorksAsItIsPrinted() {
    Matcher hint =
        Pattern.compile("plumbline sql \"(.*)\" (--results) (.*)")
            .matcher(simulate(file.toString()).out());
    assertThat(hint.find()).isTrue();

    JobRun answer = JobRun.of(new SqlJob(), hint.group(1), hint.group(2), hint.group(3));

    assertThat(answer.exitCode()).as(answer.err()).isEqualTo(JobCommand.DONE);
    assertThat(answer.out()).contains("ttft_ms").endsWith("(3 rows)\n");
  }

  @Test
  void aFileOfManyPointsIsForASweep() throws IOException {
    Files.writeString(file, Files.readString(file).replace("sarathi", "[sarathi, vllm]"));

    JobRun run = simulate(file.toString());

    assertThat(run.exitCode()).isEqualTo(JobCommand.BAD_INPUT);
    assertThat(run.err())
        .isEqualTo(
            "%1$s has 2 points, and simulate runs one. Maybe: plumbline sweep %1$s\n"
                .formatted(file));
    assertThat(results).doesNotExist();
  }

  @Test
  void aRunThatBreaksIsExitCodeOne() throws IOException {
    TinyProfile.write(temp.resolve("zero"), "a100", 0);
    Files.writeString(
        file, Files.readString(file).replace("roofline", "{kind: profiled, root: zero}"));

    JobRun run = simulate(file.toString());

    assertThat(run.exitCode()).isEqualTo(JobCommand.CHECK_FAILED);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .matches("Run r\\w+ broke: java\\.lang\\.IllegalStateException: predicted 0\\.0 s .*\\R");
  }

  @Test
  void aRunOfWhichNothingCompletedHasNoPercentiles() throws IOException {
    Files.writeString(file, Files.readString(file) + "  kv_cache: {block_tokens: 4, blocks: 1}\n");

    assertThat(simulate(file.toString()).out())
        .contains("3 requests: 0 completed, 3 rejected, 0 unfinished.\n")
        .contains("TPOT        -    -    -\n");
  }

  /** What is printed is a sweep file that is the same run. */
  @Test
  void aSetupOfVidurIsTheRunOfItsPrintedFile() throws IOException {
    Path config = temp.resolve("my-case/config.json");
    lines(
        config,
        "{\"cluster_config\": {\"num_replicas\": 2,",
        "  \"replica_config\": {\"device\": \"a40\"},",
        "  \"global_scheduler_config\": {\"name\": \"random\"},",
        "  \"replica_scheduler_config\": {\"name\": \"vllm\"}},",
        " \"request_generator_config\": {\"name\": \"synthetic\", \"duration\": 60,",
        "  \"length_generator_config\": {\"name\": \"trace\", \"max_tokens\": 1024,",
        "   \"trace_file\": \"lengths.csv\"}},",
        " \"metrics_config\": {\"wandb_project\": \"mine\", \"store_token_completion_metrics\": true}}");
    List<String> lengths = new ArrayList<>(List.of("num_prefill_tokens,num_decode_tokens"));
    for (int i = 0; i < 100; i++) {
      lengths.add((100 + i) + "," + (1 + i % 20));
    }
    lines(temp.resolve("my-case/lengths.csv"), lengths.toArray(String[]::new));
    String[] vidur = {"--vidur-config", config.toString(), "--predictor", "roofline"};

    JobRun run = simulate(vidur);
    assertThat(run.exitCode()).as(run.err()).isEqualTo(JobCommand.DONE);
    assertThat(run.err())
        .isEqualTo("Ignored, as nothing here depends on it: metrics_config.wandb_project.\n");
    assertThat(run.out())
        .startsWith("my-case, run r")
        .contains(": meta-llama/Llama-2-7b-hf, 2 replicas of 1 a40, vllm, roofline.");
    assertThat(results.resolve("token_timing")).isDirectory();

    JobRun printed =
        simulate("--vidur-config", config.toString(), "--predictor=roofline", "--print-config");
    Path yaml = temp.resolve("elsewhere/printed.yaml");
    lines(yaml, printed.out());
    assertThat(simulate(yaml.toString()).out())
        .startsWith("my-case, run %s (done already)".formatted(runId(run)));
    assertThat(JobRun.of(new SweepJob(), yaml.toString(), "--results=" + results).out())
        .contains(" 1 done already, 0 to run.");
  }

  @Test
  void aRecordedCommandAndFlagsAreTheSameSetup() {
    String flags =
        "--replica_config_model_name meta-llama/Meta-Llama-3-8B --replica_scheduler_config_type"
            + " orca --fixed_request_length_generator_config_decode_tokens 5"
            + " --fixed_request_length_generator_config_prefill_tokens 64";
    Path command = temp.resolve("mine/cmd.txt");
    lines(command, "python -m vidur.main " + flags);
    String printed =
        simulate("--vidur-config", command.toString(), "--print-config", "--predictor=roofline")
            .out();
    assertThat(printed).startsWith("name: mine\n").contains("kind: orca");

    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--vidur-flags", "--print-config", "--predictor=roofline", "--name=mine", "--"));
    arguments.addAll(List.of(flags.split(" ")));
    assertThat(simulate(arguments.toArray(String[]::new)).out()).isEqualTo(printed);

    arguments.remove("--print-config");
    assertThat(simulate(arguments.toArray(String[]::new)).out())
        .contains("128 requests: 128 completed, 0 rejected, 0 unfinished in ");
  }

  @Test
  void wrongUsageIsExitCodeTwo() {
    assertRefused("nothing to simulate. Maybe name a sweep file, or: --vidur-config FILE");
    assertRefused(
        "simulate takes one sweep file, found 3. Maybe: --vidur-flags -- a.yaml --seed 1",
        "--",
        "a.yaml",
        "--seed",
        "1");
    assertRefused(
        "--vidur-config (c.json) is the whole setup, so nothing can be given besides (--seed).",
        "--vidur-config=c.json",
        "--",
        "--seed");
    assertRefused(
        "--vidur-config (c.json) is the whole setup, so nothing can be given besides (--vidur-flags).",
        "--vidur-config=c.json",
        "--vidur-flags");
    assertRefused(
        "--print-config, --predictor and --name are for setups of Vidur; a.yaml is a sweep file and says all that itself.",
        "a.yaml",
        "--predictor=roofline");
    assertRefused(
        "1 problem in command line:\n  command line: --sede: is no flag of Vidur. Maybe: --seed",
        "--vidur-flags",
        "--",
        "--sede",
        "1");
    assertRefused("no such file: c.json", "--vidur-config=c.json");
  }

  private void assertRefused(String message, String... arguments) {
    JobRun run = simulate(arguments);
    assertThat(run.exitCode()).isEqualTo(JobCommand.BAD_INPUT);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).isEqualTo(message + "\n");
  }
}
