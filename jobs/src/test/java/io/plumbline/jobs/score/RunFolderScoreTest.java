package io.plumbline.jobs.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.files.BadInputException;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.trace.run.RequestTiming;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that lie in run folders are scored as request logs are. */
class RunFolderScoreTest {
  private static final Path HOME = Path.of(System.getProperty("plumbline.home", ".."));

  @TempDir Path folder;

  private Path file(String workload) throws Exception {
    return Files.writeString(
        folder.resolve("runs.yaml"),
        """
        name: mine
        runs:
          - name: one
            simulate:
              workload: %s
              model: plumbline/tiny
              device: h100-sxm
              scheduler: sarathi
              predictor: roofline
        """
            .formatted(workload));
  }

  private List<ScoredRun> read(String workload) throws Exception {
    return ScoredRuns.read(
        file(workload), HOME.resolve("models"), new PathResolver(folder, HOME, null));
  }

  @Test
  void timesOfARunFolderCountFromTheArrival() throws Exception {
    Path run = Files.createDirectories(folder.resolve("run"));
    Files.writeString(
        run.resolve("request_metrics.csv"),
        """
        request_id,arrival_time_ns,first_token_time_ns,ttft_ns,completion_time_ns,num_prefill_tokens,num_decode_tokens,num_decode_tokens_actual,status,backend
        0,0,2000000000,2000000000,5000000000,64,4,4,ok,gpu-kit
        """);
    Files.writeString(run.resolve("run_meta.json"), "{\"backend\": \"gpu-kit\"}");

    ScoredRun scored = read("{kind: run, folder: run}").get(0);
    RequestTiming measured = scored.measured().get(0);
    assertThat(measured.ttftNanos()).isEqualTo(2_000_000_000L);
    // The roofline takes well under a millisecond: nearly all of the measured time is missing.
    assertThat(scored.score().ttft().signedMean()).isCloseTo(-100, within(0.1));
    assertThat(scored.score().tpot().mean()).isCloseTo(100, within(0.1));
    assertThat(scored.score().e2e().median()).isCloseTo(100, within(0.1));
  }

  @Test
  void aWorkloadThatNobodyServedIsRefused() {
    assertThatThrownBy(
            () ->
                read(
                    "{kind: synthetic, requests: 2, seed: 1, arrivals: all_at_zero, lengths: {kind: fixed, prompt_tokens: 8, output_tokens: 2}}"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("a measured run has a workload of kind vllm_requests or run");
  }
}
