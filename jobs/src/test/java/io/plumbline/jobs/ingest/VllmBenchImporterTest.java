package io.plumbline.jobs.ingest;

import static io.plumbline.jobs.ingest.Found.assertBadInput;
import static io.plumbline.jobs.ingest.Found.file;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.jobs.table.RunSummaryRow;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RequestTiming;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VllmBenchImporterTest {
  private static final Importer IMPORTER = new VllmBenchImporter();

  /** As of vllm bench serve of 2025, without --save-detailed. */
  private static final String RESULT =
      "{\"date\": \"20260101-101112\", \"endpoint_type\": \"vllm\", \"backend\": \"vllm\","
          + " \"label\": null, \"model_id\": \"m/tiny\", \"tokenizer_id\": \"m/tiny\","
          + " \"num_prompts\": 3, \"gpu\": \"text of the user\", \"request_rate\": 2.5,"
          + " \"burstiness\": 1.0, \"max_concurrency\": 8, \"duration\": 4.0, \"completed\": 2,"
          + " \"failed\": 1, \"total_input_tokens\": 30, \"total_output_tokens\": 5,"
          + " \"request_throughput\": 0.5, \"request_goodput\": null, \"output_throughput\": 1.25,"
          + " \"total_token_throughput\": 8.75, \"mean_ttft_ms\": 125.5, \"median_ttft_ms\": 100.0,"
          + " \"std_ttft_ms\": NaN, \"p99.9_itl_ms\": 2.0, \"mean_e2el_ms\": 3.0";

  private static final String DETAILS =
      ", \"input_lens\": [10, 20, 7], \"output_lens\": [3, 2, 0],"
          + " \"ttfts\": [0.5, 0.25, 0.0], \"itls\": [[0.125, 0.25], [], []],"
          + " \"start_times\": [1000.5, 1000.0, 1001.0], \"latencies\": [0.875, 0.75, 0.0],"
          + " \"errors\": [\"\", \"\", \"refused\"], \"generated_texts\": [\"a\", \"b\", \"\"]";

  @TempDir Path folder;

  @Test
  void aResultIsASummaryOfTheClientsClock() {
    file(folder, "a.json", RESULT + "}");
    file(folder, "a.pytorch.json", "[]");
    Found found = Found.at(folder, IMPORTER);
    assertThat(found.runs).isEmpty();
    assertThat(found.value("a.json", "ttft", "mean")).isEqualTo(125_500_000.0);
    assertThat(found.value("a.json", "ttft", "p50")).isEqualTo(100_000_000.0);
    assertThat(found.value("a.json", "tbt", "p99.9")).isEqualTo(2_000_000.0);
    assertThat(found.value("a.json", "e2e", "mean")).isEqualTo(3_000_000.0);
    assertThat(found.value("a.json", "duration", "single")).isEqualTo(4e9);
    assertThat(found.value("a.json", "request_throughput", "single")).isEqualTo(0.5);
    assertThat(found.value("a.json", "output_token_throughput", "single")).isEqualTo(1.25);
    assertThat(found.summaries).as("NaN and null are no values").hasSize(8);
    RunSummaryRow row = found.summaries.get(0);
    assertThat(row.engine()).isEqualTo("vllm");
    assertThat(row.model()).isEqualTo("m/tiny");
    assertThat(row.requestRatePerSecond()).isEqualTo(2.5);
    assertThat(row.concurrency()).isEqualTo(8);
    assertThat(row.requests()).isEqualTo(3);
    assertThat(row.promptTokens()).as("30 tokens of 2 requests").isEqualTo(15.0);
    assertThat(row.clock()).isEqualTo("client");
    assertThat(row.specJson()).contains("\"gpu\":\"text of the user\"").doesNotContain("ttft");
    assertThat(found.summaries).extracting(RunSummaryRow::pointId).containsOnly(row.pointId());
  }

  @Test
  void detailsMakeARunOfWhatSucceeded() {
    file(folder, "a.json", RESULT + DETAILS + "}");
    ImportedRun imported = Found.at(folder, IMPORTER).runs.get(0);
    assertThat(imported.run().trace().requests())
        .as("by the time of sending; the failed one has no known length")
        .containsExactly(
            new RequestTiming(
                0,
                null,
                0,
                null,
                250_000_000L,
                750_000_000L,
                20,
                2,
                2,
                0,
                RequestOutcome.COMPLETED),
            new RequestTiming(
                1,
                null,
                500_000_000L,
                null,
                1_000_000_000L,
                1_375_000_000L,
                10,
                3,
                3,
                0,
                RequestOutcome.COMPLETED));
    assertThat(imported.run().trace().tokens()).as("two tokens came in one chunk").isNull();
    assertThat(imported.run().manifest().software()).containsEntry("clock", "client");
    assertThat(imported.run().manifest().specJson()).contains("\"failed_requests_left_out\":1");

    file(folder, "a.json", RESULT + DETAILS.replace(" [], []", " [0.5], []") + "}");
    var tokens = Found.at(folder, IMPORTER).runs.get(0).run().trace().tokens();
    assertThat(tokens.nanos(1, 2)).isEqualTo(1_375_000_000L);
    assertThat(tokens.nanos(0, 1)).isEqualTo(750_000_000L);
  }

  @Test
  void oldFilesAndAppendedResultsAreRead() {
    file(
        folder,
        "a.json",
        "{\"backend\": \"openai-chat\", \"model_id\": \"m\", \"num_prompts\": 2,"
            + " \"request_rate\": \"inf\", \"duration\": 1, \"completed\": 2,"
            + " \"request_throughput\": 2, \"request_goodput:\": null, \"output_throughput\": 1,"
            + " \"total_token_throughput\": 1}",
        RESULT + "}");
    Found found = Found.at(folder.resolve("a.json"), IMPORTER);
    assertThat(found.value("a.json", "request_throughput", "single")).isEqualTo(2);
    assertThat(found.value("a.json#2", "request_throughput", "single")).isEqualTo(0.5);
    RunSummaryRow old = found.summaries.get(0);
    assertThat(old.requestRatePerSecond()).as("all at once").isNull();
    assertThat(old.engine()).as("OpenAI's interface says nothing of the engine").isNull();
    assertThat(old.requests()).isEqualTo(2);
  }

  @Test
  void brokenFilesAreExplained() {
    Path json = file(folder, "a.json", RESULT + ", \"mean_ttfts_ms\": 1.0}");
    assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> Found.at(folder, IMPORTER)))
        .hasMessageStartingWith(json + ":1: unknown key mean_ttfts_ms. Known: date,");
    file(folder, "a.json", RESULT);
    assertBadInput(
        folder, IMPORTER, json + ":2: the JSON ends too early. Maybe the file was cut off.");
    file(folder, "a.json", RESULT + DETAILS.replace("0.25, 0.0]", "0.25]") + "}");
    assertBadInput(
        folder,
        IMPORTER,
        json + ":1: ttfts has 2 values, start_times 3. Maybe the file was changed.");
    file(folder, "a.json", "{\"model_id\": \"m\"}");
    assertBadInput(
        folder,
        IMPORTER,
        json + ":1: missing key request_throughput. Maybe it is no result of vllm bench serve.");
    file(folder, "a.json", "[]");
    assertBadInput(folder, IMPORTER, json + ": must hold JSON objects");
  }
}
