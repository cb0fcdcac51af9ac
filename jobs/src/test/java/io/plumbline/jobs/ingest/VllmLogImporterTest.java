package io.plumbline.jobs.ingest;

import static io.plumbline.jobs.ingest.Found.assertBadInput;
import static io.plumbline.jobs.ingest.Found.file;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VllmLogImporterTest {
  private static final Importer IMPORTER = new VllmLogImporter();
  private static final String LINE =
      "(APIServer pid=7) INFO %s [loggers.py:236] Engine 00%d: Avg prompt throughput: %s tokens/s,"
          + " Avg generation throughput: 1.0 tokens/s, Running: 3 reqs, Waiting: 0 reqs,"
          + " GPU KV cache usage: 12.5%%, Prefix cache hit rate: 0.0%%";

  @TempDir Path folder;

  @Test
  void readingsCountFromTheFirstOne_alsoOverTheEndOfAYear() {
    file(
        folder,
        "vllm.log",
        "INFO 12-31 23:59:00 [api_server.py:1] vLLM API server version 0.11.1",
        LINE.formatted("12-31 23:59:58", 0, "85.5"),
        LINE.formatted("01-01 00:00:08", 1, "0.0"));
    Found found = Found.at(folder, IMPORTER);
    assertThat(found.gauges).hasSize(2 * 6);
    assertThat(found.gauges.get(0))
        .isEqualTo(new GaugeReading("engine 0", 0, "prompt_token_throughput", "tokens/s", 85.5));
    assertThat(found.gauges.get(2))
        .isEqualTo(new GaugeReading("engine 0", 0, "running_requests", "requests", 3));
    // Two seconds of the old year and eight of the new one.
    assertThat(found.gauges.get(10))
        .isEqualTo(new GaugeReading("engine 1", 10_000_000_000L, "kv_cache_used", "%", 12.5));
  }

  @Test
  void brokenLinesAreExplained() {
    Path file = file(folder, "vllm.log", LINE.formatted("13-31 23:59:58", 0, "85.5"));
    assertBadInput(
        folder, IMPORTER, file + ":1: time (13-31 23:59:58) must be like MM-dd HH:mm:ss");
    file(folder, "vllm.log", LINE.formatted("12-31 23:59:58", 0, "85.5") + ", Luck: 7%");
    assertBadInput(
        folder,
        IMPORTER,
        file
            + ":1: unknown reading Luck. Known: Avg prompt throughput, Avg generation throughput,"
            + " Running, Waiting, GPU KV cache usage, Prefix cache hit rate,"
            + " External prefix cache hit rate, MM cache hit rate");
    file(folder, "vllm.log", LINE.formatted("12-31 23:59:58", 0, "85.5").replace("12.5%, ", "12"));
    assertBadInput(
        folder,
        IMPORTER,
        file
            + ":1: reading (GPU KV cache usage: 12Prefix cache hit rate: 0.0%) must be a name, a"
            + " number and a unit. Maybe the log was cut off.");
    file(folder, "vllm.log", "Engine 000: Avg prompt throughput: 1.0 tokens/s");
    assertBadInput(
        folder,
        IMPORTER,
        file + ":1: must be like: INFO 12-31 23:59:59 [loggers.py:1] Engine 000: …");
  }
}
