package io.plumbline.jobs.ingest;

import static io.plumbline.jobs.ingest.Found.assertBadInput;
import static io.plumbline.jobs.ingest.Found.file;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.jobs.table.RunSummaryRow;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RequestTiming;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InferencePerfImporterTest {
  private static final Importer IMPORTER = new InferencePerfImporter();
  private static final String STAGE = "stage_0_lifecycle_metrics.json";
  private static final String PER_REQUEST = "per_request_lifecycle_metrics.json";

  @TempDir Path folder;

  @BeforeEach
  void writeTheConfiguration() {
    file(
        folder,
        "config.yaml",
        "api:",
        "  type: completion",
        "server:",
        "  type: vllm",
        "  model_name: m/tiny",
        "  api_key: null");
  }

  @Test
  void aStageIsASummaryOfTheClientsClock() {
    file(
        folder,
        STAGE,
        "{\"load_summary\": {\"count\": 60, \"schedule_delay\": {\"mean\": 0.001, \"p99.9\": 0.002},",
        " \"send_duration\": 57.5, \"requested_rate\": 1.5, \"achieved_rate\": 1.25},",
        " \"successes\": {\"count\": 60, \"latency\": {",
        "  \"request_latency\": {\"mean\": 1.5, \"median\": 1.25},",
        "  \"normalized_time_per_output_token\": {\"mean\": 0.01},",
        "  \"time_per_output_token\": {\"p90\": 0.004}, \"time_to_first_token\": {\"max\": 0.25},",
        "  \"inter_token_latency\": null},",
        "  \"throughput\": {\"requests_per_sec\": 1.0, \"output_tokens_per_sec\": 128.5,",
        "   \"images_per_sec\": 0.0},",
        "  \"prompt_len\": {\"mean\": 135.5}, \"output_len\": {\"mean\": 128.5}},",
        " \"failures\": {\"count\": 0, \"request_latency\": null, \"prompt_len\": null}}");
    file(folder, "summary_session_lifecycle_metrics.json", "{}");
    Found found = Found.at(folder, IMPORTER);
    assertThat(found.value(STAGE, "e2e", "mean")).isEqualTo(1.5e9);
    assertThat(found.value(STAGE, "e2e", "p50")).isEqualTo(1.25e9);
    assertThat(found.value(STAGE, "tpot", "p90")).isEqualTo(4e6);
    assertThat(found.value(STAGE, "ttft", "max")).isEqualTo(2.5e8);
    assertThat(found.value(STAGE, "client_delay", "p99.9")).isEqualTo(2e6);
    assertThat(found.value(STAGE, "normalized_time_per_output_token", "mean")).isEqualTo(1e7);
    assertThat(found.value(STAGE, "output_token_throughput", "single")).isEqualTo(128.5);
    RunSummaryRow row = found.summaries.get(0);
    assertThat(row.engine()).isEqualTo("vllm");
    assertThat(row.model()).isEqualTo("m/tiny");
    assertThat(row.requestRatePerSecond()).isEqualTo(1.5);
    assertThat(row.requests()).isEqualTo(60);
    assertThat(row.promptTokens()).isEqualTo(135.5);
    assertThat(row.clock()).isEqualTo("client");
  }

  @Test
  void requestsOfTheOldAndTheNewFormMakeARun() {
    file(
        folder,
        PER_REQUEST,
        "[{\"start_time\": 100.5, \"end_time\": 101.5, \"request\": \"{}\", \"response\": \"x\",",
        "  \"info\": {\"input_tokens\": 9, \"output_tokens\": 3,",
        "   \"output_token_times\": [100.75, 101.0, 101.5]}, \"error\": null},",
        " {\"start_time\": 100.0, \"end_time\": 102.0, \"request\": \"{\\\"max_tokens\\\": 7}\",",
        "  \"info\": {\"input_tokens\": 5, \"request_metrics\": {\"text\": {\"input_tokens\": 5}},",
        "   \"response_metrics\": {\"output_tokens\": 4, \"output_token_times\": [100.5, 101.5]}},",
        "  \"error\": null},",
        " {\"start_time\": 103.0, \"end_time\": 104.0, \"request\": \"{\\\"max_tokens\\\": 7}\",",
        "  \"info\": {\"input_tokens\": 6, \"output_tokens\": 0, \"output_token_times\": []},",
        "  \"error\": {\"error_type\": \"HTTP Error 504\", \"error_msg\": \"\"}},",
        " {\"start_time\": 104.0, \"end_time\": 104.0, \"request\": \"no JSON\",",
        "  \"info\": {\"input_tokens\": 6}, \"error\": {\"error_type\": \"x\", \"error_msg\": \"\"}}]");
    ImportedRun imported = Found.at(folder, IMPORTER).runs.get(0);
    assertThat(imported.run().trace().requests())
        .containsExactly(
            new RequestTiming(
                0,
                null,
                0,
                null,
                500_000_000L,
                2_000_000_000L,
                5,
                4,
                4,
                0,
                RequestOutcome.COMPLETED),
            new RequestTiming(
                1,
                null,
                500_000_000L,
                null,
                750_000_000L,
                1_500_000_000L,
                9,
                3,
                3,
                0,
                RequestOutcome.COMPLETED),
            new RequestTiming(
                2, null, 3_000_000_000L, null, null, null, 6, 7, 0, 0, RequestOutcome.FAILED));
    assertThat(imported.run().trace().tokens()).as("two tokens shared a chunk").isNull();
    assertThat(imported.run().manifest().specJson()).isEqualTo("{\"requests_left_out\":1}");
    assertThat(imported.run().manifest().software()).containsEntry("clock", "client");
    assertThat(imported.run().manifest().engine()).isEqualTo("vllm");
  }

  @Test
  void brokenReportsAreExplained() {
    Path stage = file(folder, STAGE, "{\"successes\": {\"latency\": {\"time_to_token\": {}}}}");
    assertBadInput(
        folder,
        IMPORTER,
        stage + ": unknown key successes.latency.time_to_token. Maybe: time_to_first_token");
    file(folder, STAGE, "{\"successes\": {\"latency\": {\"request_latency\": {\"avg\": 1}}}}");
    assertBadInput(
        folder,
        IMPORTER,
        stage
            + ": successes.latency.request_latency.avg (1) is not known. Known: mean, min, max,"
            + " median and percentiles");
    file(folder, STAGE, "{\"success\": {}}");
    assertBadInput(folder, IMPORTER, stage + ": unknown key success. Maybe: successes");
    file(folder, STAGE, "{\"successes\": {\"count\": 1,");
    assertBadInput(
        folder, IMPORTER, stage + ":2: the JSON ends too early. Maybe the file was cut off.");
    Path requests = file(folder, PER_REQUEST, "[{\"start_time\": 1, \"startime\": 2}]");
    assertBadInput(
        requests, IMPORTER, requests + ": request 0: unknown key startime. Maybe: start_time");
    file(folder, PER_REQUEST, "[{\"start_time\": 1, \"end_time\": 2}");
    assertBadInput(
        requests, IMPORTER, requests + ":2: the JSON ends too early. Maybe the file was cut off.");
  }
}
