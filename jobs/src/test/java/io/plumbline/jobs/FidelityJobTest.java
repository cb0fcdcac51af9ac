package io.plumbline.jobs;

import static io.plumbline.jobs.TestRuns.MILLI;
import static io.plumbline.jobs.TestRuns.REFERENCE;
import static io.plumbline.jobs.TestRuns.SIMULATED;
import static io.plumbline.jobs.TestRuns.measured;
import static io.plumbline.jobs.TestRuns.simulated;
import static io.plumbline.jobs.TestRuns.trace;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.jobs.table.RunTags;
import io.plumbline.jobs.table.RunWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FidelityJobTest {
  @TempDir Path results;

  private JobRun fidelity(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--results", results.toString()));
    return JobRun.of(new FidelityJob(), all.toArray(String[]::new));
  }

  private void writeRuns() {
    new RunWriter(results.toString()).write(measured("real"), REFERENCE, RunTags.NONE);
    new RunWriter(results.toString()).write(simulated("sim"), SIMULATED, RunTags.NONE);
  }

  @Test
  void runsInTheTablesAreScoredAndWhatMovedIsAnExitCode() throws IOException {
    writeRuns();
    JobRun first = fidelity("--commit", "aaa", "--resamples", "50");
    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.out()).contains("## All cases of each simulator", "| plumbline | 1 |");
    assertThat(Files.readString(results.resolve("fidelity/fidelity.md")))
        .contains("## Matrix", "| real | plumbline | tpot | -10.0 % [-10.0, -10.0] FAIL |");
    assertThat(Files.readString(results.resolve("fidelity/fidelity.html")))
        .contains("<h2>Noise floor</h2>", "<td class=\"FAIL\">-10.0 % [-10.0, -10.0] FAIL</td>");

    JobRun same = fidelity("--commit", "bbb", "--resamples", "50", "--against", "aaa");
    assertThat(same.exitCode()).as(same.err()).isZero();
    assertThat(same.out()).contains("Nothing moved beyond its interval.");

    new RunWriter(results.toString())
        .write(simulated("sim"), trace(8 * MILLI, 11, 20, 27), RunTags.NONE);
    JobRun moved = fidelity("--commit", "ccc", "--resamples", "50", "--against", "bbb");
    assertThat(moved.exitCode()).isEqualTo(JobCommand.CHECK_FAILED);
    assertThat(moved.out())
        .contains("| moved | real | plumbline | tpot p50 | -10.0 % | [-10.0, -10.0] | -20.0 % |");
    JobRun unknown = fidelity("--commit", "ddd", "--resamples", "50", "--against", "zzz");
    assertThat(unknown.exitCode()).isEqualTo(JobCommand.BAD_INPUT);
    assertThat(unknown.err()).contains("no matrix \"tables\" of commit zzz");
  }

  @Test
  void aFileNamesRunsOfTheTablesAndPredictionsThatAreNotHereAreNamed() throws IOException {
    writeRuns();
    Path file = results.resolve("own.yaml");
    Files.writeString(
        file,
        """
        name: own
        resamples: 20
        pass_percent: 10
        warn_percent: 20
        cases:
          - name: c
            measured: [{run: real}]
            predictions:
              - {simulator: s, runs: [{run: sim}]}
              - {simulator: absent, runs: [{kind: llmservingsim, path: nowhere.csv}]}
        """);
    JobRun run = fidelity(file.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).contains("c: no prediction of absent here.");
    assertThat(Files.readString(results.resolve("fidelity/fidelity.md")))
        .contains("| c | s | tpot | -10.0 % [-10.0, -10.0] PASS |");
    JobRun withOption = fidelity(file.toString(), "--seed", "3");
    assertThat(withOption.exitCode()).isEqualTo(JobCommand.BAD_INPUT);
    assertThat(withOption.err()).contains("--resamples, --seed, --pass and --warn go without FILE");
  }

  @Test
  void everyProblemOfAFileIsListed() throws IOException {
    Path file = results.resolve("bad.yaml");
    Files.writeString(
        file,
        """
        name: bad
        cases:
          - name: c
            measured: [{kind: seed-run}]
            predictions: [{simulator: s}]
        """);
    JobRun run = fidelity(file.toString());
    assertThat(run.exitCode()).isEqualTo(JobCommand.BAD_INPUT);
    assertThat(run.err()).contains("a run is either kind and path, or run, or simulate", "runs");
  }
}
