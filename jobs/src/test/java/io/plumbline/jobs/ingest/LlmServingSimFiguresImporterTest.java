package io.plumbline.jobs.ingest;

import static io.plumbline.jobs.ingest.Found.assertBadInput;
import static io.plumbline.jobs.ingest.Found.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.plumbline.jobs.table.RunSummaryRow;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LlmServingSimFiguresImporterTest {
  private static final Importer IMPORTER = new LlmServingSimFiguresImporter();

  @TempDir Path folder;

  @Test
  void aSeriesIsReadingsOfGauges() {
    file(folder, "SD.tsv", "time_s\tgpu_mem_mb\tprefix_hit_pct", "0\t1.5E+04\t0", "1.5\t16000\t");
    assertThat(Found.at(folder, IMPORTER).gauges)
        .containsExactly(
            new GaugeReading(null, 0, "gpu_memory_used", "MB", 15_000),
            new GaugeReading(null, 0, "prefix_hits", "%", 0),
            new GaugeReading(null, 1_500_000_000, "gpu_memory_used", "MB", 16_000));
  }

  @Test
  void logsOfPowerCountFromTheirStart() {
    file(
        folder,
        "gpu_power_log_tp2.txt",
        "2025/12/31 23:59:59.900, 0, 96, 299.5",
        "2026/01/01 00:00:00.100, 1, 0, 33");
    file(
        folder,
        "server_power_log_tp2.csv",
        "2025-12-31 23:59:59,390",
        "2026-01-01 00:00:01,2026-01-01 00:00:02,391",
        "2026-01-01 00:00:03,");
    Found found = Found.at(folder, IMPORTER);
    assertThat(found.gauges)
        .containsExactly(
            new GaugeReading("0", 0, "gpu_utilization", "%", 96),
            new GaugeReading("0", 0, "gpu_power", "W", 299.5),
            new GaugeReading("1", 200_000_000, "gpu_utilization", "%", 0),
            new GaugeReading("1", 200_000_000, "gpu_power", "W", 33),
            new GaugeReading(null, 0, "server_power", "W", 390),
            new GaugeReading(null, 3_000_000_000L, "server_power", "W", 391));
  }

  @Test
  void theComparisonKeepsMeasuredAndSimulatedApart() {
    file(
        folder,
        "MD_latency.tsv",
        "framework\tthroughput_tok_s\tmean_ttft_ms\tmean_tpot_ms",
        "Vidur\tX\tX\tX",
        "APEX\t1899.5\t37.5\t22.5",
        "vLLM\t1858\t50\t22");
    file(folder, "MD_sim_time.tsv", "framework\tsimulation_time_s", "APEX\t7.5");
    Found found = Found.at(folder, IMPORTER);
    assertThat(found.summaries).hasSize(7);
    assertThat(found.value("MD/APEX", "token_throughput", "single")).isEqualTo(1899.5);
    assertThat(found.value("MD/APEX", "ttft", "mean")).isEqualTo(37.5e6);
    assertThat(found.value("MD/vLLM", "tpot", "mean")).isEqualTo(22e6);
    assertThat(found.value("MD/APEX", "simulation_time", "single")).isEqualTo(7.5e9);
    assertThat(found.summaries)
        .extracting(RunSummaryRow::origin)
        .contains("measured")
        .contains("simulated");
  }

  @Test
  void brokenFilesAreExplained() {
    Path file = file(folder, "x.tsv", "time_s\tgpu_mem_gb", "0\t1");
    assertThat(catchThrowable(() -> Found.at(folder, IMPORTER)))
        .hasMessage(file + ":1: unknown column gpu_mem_gb. Maybe: gpu_mem_mb");
    file(folder, "x.tsv", "time\tgpu_mem_mb", "0\t1");
    assertBadInput(folder, IMPORTER, file + ":1: unknown first column time. Maybe: time_s");
    file(folder, "x.tsv");
    assertBadInput(folder, IMPORTER, file + ": the file is empty");
    file(folder, "x.tsv", "time_s\tpower_w", "0\t387", "1");
    assertBadInput(
        folder, IMPORTER, file + ":3: 1 fields, but the header has 2. Maybe the file was cut off.");
    file(folder, "x.tsv", "time_s\tpower_w", "0\t387");
    Path log = file(folder, "server_power_log.csv", "2025-12-31 23:59:59,390", "yesterday,1");
    assertBadInput(folder, IMPORTER, log + ":2: time (yesterday) must be like yyyy-MM-dd HH:mm:ss");
    file(folder, "server_power_log.csv", "2025-12-31 23:59:59,390", "2026-01");
    assertBadInput(
        folder, IMPORTER, log + ":2: must be a time and watts. Maybe the file was cut off.");
  }
}
