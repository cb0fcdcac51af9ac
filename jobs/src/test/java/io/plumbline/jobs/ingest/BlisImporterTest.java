package io.plumbline.jobs.ingest;

import static io.plumbline.jobs.ingest.Found.assertBadInput;
import static io.plumbline.jobs.ingest.Found.file;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.jobs.table.RunSummaryRow;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlisImporterTest {
  private static final Importer IMPORTER = new BlisImporter();
  private static final String GOLDEN =
      """
      {"description": "made up", "backend": "trained-physics",
       "alpha_coeffs": [1.5], "beta_coeffs": [2],
       "experiments": [
         {"id": "17", "model": "m", "hardware": "H100", "tp": 2, "max_num_seqs": 128,
          "workload": {"seed": 42},
          "expected": {"completed_requests": 10, "total_input_tokens": 25,
            "total_output_tokens": 40, "ttft_sum_us": 555000, "ttft_mean_ms": 55.5,
            "ttft_p99_ms": 60, "e2e_p90_ms": 6600.25, "itl_mean_ms": 26}}]}""";

  @TempDir Path folder;

  @Test
  void anExperimentIsAPointOfPredictions() {
    file(folder, "a_golden.json", GOLDEN);
    Found found = Found.at(folder, IMPORTER);
    assertThat(found.summaries).hasSize(4);
    assertThat(found.value("17", "ttft", "mean")).isEqualTo(55.5e6);
    assertThat(found.value("17", "ttft", "p99")).isEqualTo(60e6);
    assertThat(found.value("17", "e2e", "p90")).isEqualTo(6600.25e6);
    assertThat(found.value("17", "tbt", "mean")).isEqualTo(26e6);
    RunSummaryRow row = found.summaries.get(0);
    assertThat(row.origin()).isEqualTo("simulated");
    assertThat(row.engine()).isEqualTo("blis");
    assertThat(row.device()).isEqualTo("H100");
    assertThat(row.tensorParallel()).isEqualTo(2);
    assertThat(row.requests()).isEqualTo(10);
    assertThat(row.promptTokens()).isEqualTo(2.5);
    assertThat(row.outputTokens()).isEqualTo(4);
    assertThat(row.specJson()).isEqualTo("{\"max_num_seqs\":128,\"workload\":{\"seed\":42}}");
  }

  @Test
  void anotherBackendAndUnknownKeysAreRefused() {
    Path file = file(folder, "a_golden.json", GOLDEN.replace("trained-physics", "roofline"));
    assertBadInput(
        folder,
        IMPORTER,
        file + ": backend (\"roofline\") must be trained-physics, the only one known");
    file(folder, "a_golden.json", GOLDEN.replace("ttft_p99_ms", "ttft_p98_ms"));
    assertBadInput(
        folder,
        IMPORTER,
        file + ": experiments[0]: unknown key expected.ttft_p98_ms. Maybe: ttft_p90_ms");
    file(folder, "a_golden.json", GOLDEN.replace("\"model\": \"m\", ", ""));
    assertBadInput(folder, IMPORTER, file + ": experiments[0]: missing key model");
  }
}
