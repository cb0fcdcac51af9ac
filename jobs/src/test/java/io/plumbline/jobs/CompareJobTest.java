package io.plumbline.jobs;

import static io.plumbline.jobs.TestRuns.REFERENCE;
import static io.plumbline.jobs.TestRuns.SIMULATED;
import static io.plumbline.jobs.TestRuns.measured;
import static io.plumbline.jobs.TestRuns.repeat;
import static io.plumbline.jobs.TestRuns.simulated;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.jobs.table.RunTags;
import io.plumbline.jobs.table.RunWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareJobTest {
  @TempDir Path results;

  @BeforeEach
  void writeRuns() {
    RunWriter writer = new RunWriter(results.toString());
    writer.write(measured("real"), REFERENCE, RunTags.labelled("the real one"));
    writer.write(simulated("sim"), SIMULATED, RunTags.NONE);
  }

  @Test
  void theComparisonIsPrintedAndAFailedCheckIsExitCodeOne() {
    JobRun run = compare("--reference", "real", "--simulated", "sim", "--check");
    assertThat(run.exitCode()).isEqualTo(JobCommand.CHECK_FAILED);
    assertThat(run.out())
        .contains("reference   real  the real one  measured  vllm  llama  A100\n")
        .contains(
            """
            metric         statistic  reference ms  simulated ms  error %  verdict  samples
            -------------  ---------  ------------  ------------  -------  -------  -------
            ttft           mean             20.000        19.333     -3.3  PASS           3
            ttft           p50              20.000        20.000      0.0  PASS           3
            ttft           p90              28.000        25.600     -8.6  WARN           3
            """)
        .contains("PASS up to 5 %, WARN up to 9 %, FAIL above.");
  }

  @Test
  void widerThresholdsLetTheSameRunPassTheCheck() {
    assertThat(
            compare("--reference", "real", "--simulated", "sim", "--check", "--warn", "20")
                .exitCode())
        .isEqualTo(JobCommand.DONE);
  }

  @Test
  void aLabelOfSeveralRepeatsMeansTheFirst_andEachHasANameOfItsOwn() {
    RunWriter writer = new RunWriter(results.toString());
    writer.write(repeat("one", 1), REFERENCE, RunTags.labelled("served"));
    writer.write(repeat("two", 2), SIMULATED, RunTags.labelled("served"));
    assertThat(compare("--reference", "served", "--simulated", "sim").out())
        .contains("reference   one  served  measured");
    assertThat(compare("--reference", "served-2", "--simulated", "sim").out())
        .contains("reference   two  served  measured");
    assertThat(compare("--reference", "served-3", "--simulated", "sim").err())
        .contains("  two  measured, vllm, label \"served\", repeat 2\n");
  }

  @Test
  void badInputIsExitCodeTwoWithTheMessageAlone() {
    JobRun run = compare("--reference", "nobody", "--simulated", "sim");
    assertThat(run.exitCode()).isEqualTo(JobCommand.BAD_INPUT);
    assertThat(run.err())
        .isEqualTo(
            """
            no run "nobody"; there are:
              real  measured, vllm, label "the real one"
              sim  simulated, plumbline
            """);
  }

  private JobRun compare(String... args) {
    String[] all = java.util.Arrays.copyOf(args, args.length + 1);
    all[args.length] = "--results=" + results;
    return JobRun.of(new CompareJob(), all);
  }
}
