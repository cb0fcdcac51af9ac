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

class AiPerfImporterTest {
  private static final Importer IMPORTER = new AiPerfImporter();
  private static final String AIPERF = "profile_export_aiperf.json";

  @TempDir Path folder;

  private void writeASummary(String schema) {
    file(
        folder,
        AIPERF,
        "{\"schema_version\": \"" + schema + "\", \"aiperf_version\": \"0.8.0\",",
        " \"request_latency\": {\"unit\": \"ms\", \"avg\": 2.5, \"p99\": 4, \"std\": 0.5,",
        "  \"count\": 20, \"sum\": 50},",
        " \"time_to_first_token\": {\"unit\": \"ms\", \"avg\": 1.5, \"p50\": 1.25},",
        " \"inter_token_latency\": {\"unit\": \"us\", \"avg\": 7, \"min\": 6},",
        " \"request_throughput\": {\"unit\": \"requests/sec\", \"avg\": 1.45},",
        " \"output_token_throughput_per_user\": {\"unit\": \"tokens/sec/user\", \"avg\": 9, \"min\": 8},",
        " \"request_count\": {\"unit\": \"requests\", \"avg\": 20.0},",
        " \"min_request_timestamp\": {\"unit\": \"ns\", \"avg\": 1.7e18},",
        " \"input_sequence_length\": {\"unit\": \"tokens\", \"avg\": 550.5, \"max\": 551},",
        " \"input_config\": {\"endpoint\": {\"model_names\": [\"m/tiny\"]},",
        "  \"loadgen\": {\"concurrency\": 100}}, \"was_cancelled\": false}");
  }

  @Test
  void aSummaryOfAiPerfIsRead() {
    writeASummary("1.5");
    Found found = Found.at(folder, IMPORTER);
    assertThat(found.value(AIPERF, "e2e", "mean")).isEqualTo(2.5e6);
    assertThat(found.value(AIPERF, "e2e", "p99")).isEqualTo(4e6);
    assertThat(found.value(AIPERF, "ttft", "p50")).isEqualTo(1.25e6);
    assertThat(found.value(AIPERF, "tpot", "min")).isEqualTo(6000);
    assertThat(found.value(AIPERF, "request_throughput", "single")).isEqualTo(1.45);
    assertThat(found.value(AIPERF, "output_token_throughput_per_user", "mean")).isEqualTo(9);
    assertThat(found.value(AIPERF, "request_count", "single")).isEqualTo(20);
    assertThat(found.summaries)
        .extracting(RunSummaryRow::metric)
        .doesNotContain("min_request_timestamp");
    RunSummaryRow row = found.summaries.get(0);
    assertThat(row.model()).isEqualTo("m/tiny");
    assertThat(row.concurrency()).isEqualTo(100);
    assertThat(row.requests()).isEqualTo(20);
    assertThat(row.promptTokens()).isEqualTo(550.5);
  }

  @Test
  void summariesOfGenAiPerfAndOfBeforeTheSchemaAreRead() {
    file(
        folder,
        "profile_export_genai_perf.json",
        "{\"request_latency\": {\"unit\": \"ms\", \"avg\": 71.5, \"p75\": 72},",
        " \"input_config\": {\"model\": [\"m/old\"], \"concurrency\": 4, \"request_rate\": null},",
        " \"telemetry_stats\": {}}");
    file(
        folder,
        "old/" + AIPERF,
        "{\"records\": {\"ttft\": {\"tag\": \"ttft\", \"unit\": \"ms\", \"header\": \"TTFT\",",
        " \"avg\": 3, \"min\": null, \"p50\": 2, \"count\": 89}}, \"was_cancelled\": false}");
    Found found = Found.at(folder, IMPORTER);
    assertThat(found.value("profile_export_genai_perf.json", "e2e", "p75")).isEqualTo(72e6);
    assertThat(found.value("old/" + AIPERF, "ttft", "mean")).isEqualTo(3e6);
    assertThat(found.summaries).extracting(RunSummaryRow::model).containsOnly("m/old", null);
  }

  private static String record(String metadata, String metrics, String error) {
    return "{\"metadata\": {\"x_request_id\": \"a\", %s}, \"metrics\": {%s}, \"error\": %s}"
        .formatted(metadata, metrics, error);
  }

  private static String lengths(int prompt, int output) {
    return ("\"input_sequence_length\": {\"value\": %d, \"unit\": \"tokens\"},"
            + " \"output_sequence_length\": {\"value\": %d, \"unit\": \"tokens\"},")
        .formatted(prompt, output);
  }

  @Test
  void recordsMakeARun() {
    writeASummary("1.0");
    file(
        folder,
        "profile_export.jsonl",
        record(
            "\"request_start_ns\": 1759813207532900363, \"benchmark_phase\": \"profiling\"",
            lengths(550, 3)
                + "\"time_to_first_token\": {\"value\": 255.886567, \"unit\": \"ms\"},"
                + "\"request_latency\": {\"value\": 297.525227, \"unit\": \"ms\"},"
                + "\"inter_chunk_latency\": {\"value\": [20.0, 21.63866], \"unit\": \"ms\"}",
            "null"),
        record(
            "\"timestamp_ns\": 1759813207532900000, \"credit_phase\": \"profiling\"",
            lengths(9, 1)
                + "\"ttft\": {\"value\": 1, \"unit\": \"us\"},"
                + "\"request_latency\": {\"value\": 1.0, \"unit\": \"us\"}",
            "null"),
        record("\"benchmark_phase\": \"warmup\", \"request_start_ns\": 1", "", "null"),
        record(
            "\"benchmark_phase\": \"profiling\", \"request_start_ns\": 5",
            "\"error_isl\": {\"value\": 550, \"unit\": \"tokens\"}",
            "{\"code\": 499, \"type\": \"x\", \"message\": \"y\"}"));
    ImportedRun imported = Found.at(folder, IMPORTER).runs.get(0);
    assertThat(imported.run().trace().requests())
        .containsExactly(
            new RequestTiming(
                0, null, 0, null, 1_000L, 1_000L, 9, 1, 1, 0, RequestOutcome.COMPLETED),
            new RequestTiming(
                1,
                null,
                363,
                null,
                255_886_930L,
                297_525_590L,
                550,
                3,
                3,
                0,
                RequestOutcome.COMPLETED));
    assertThat(imported.run().trace().tokens().nanos(1, 2)).isEqualTo(297_525_590L);
    assertThat(imported.run().manifest().software()).containsEntry("clock", "client");
    assertThat(imported.run().manifest().model()).isEqualTo("m/tiny");
    assertThat(imported.run().manifest().specJson()).contains("\"failed_requests_left_out\":1");
  }

  @Test
  void brokenExportsAreExplained() {
    writeASummary("2.0");
    Path summary = folder.resolve(AIPERF);
    assertBadInput(
        folder,
        IMPORTER,
        summary + ": schema_version (\"2.0\") is not known. Known: 1.0, 1.1, 1.2, 1.3, 1.4, 1.5");
    file(folder, AIPERF, "{\"ttft\": {\"unit\": \"ms\", \"p51\": 1}}");
    assertBadInput(folder, IMPORTER, summary + ": unknown key ttft.p51. Maybe: p1");
    file(folder, AIPERF, "{\"ttft\": {\"avg\": 1}}");
    assertBadInput(folder, IMPORTER, summary + ": missing key ttft.unit");
    file(folder, AIPERF, "{\"ttft\": {\"unit\": \"ms\", \"p50\": 1}");
    assertBadInput(
        folder, IMPORTER, summary + ":2: the JSON ends too early. Maybe the file was cut off.");
    Path records =
        file(folder, "profile_export.jsonl", record("\"request_begin_ns\": 5", "", "null"));
    assertBadInput(
        records,
        IMPORTER,
        records + ":1: unknown key metadata.request_begin_ns. Maybe: request_end_ns");
  }
}
