package io.plumbline.jobs.ingest;

import static io.plumbline.jobs.ingest.Found.assertBadInput;
import static io.plumbline.jobs.ingest.Found.file;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunManifest;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VllmRequestLogImporterTest {
  private static final Importer IMPORTER = new VllmRequestLogImporter();
  private static final String META =
      """
      {"schema_version": 1, "model": "m/tiny", "vllm_version": "0.19.0",
       "engine_kwargs": {"tensor_parallel_size": 2, "data_parallel_size": 3, "seed": 42},
       "num_requests": %d, "started_at": "2026-01-01T00:00:00Z",
       "finished_at": "2026-01-01T00:01:00Z",
       "hardware": {"torch_version": "2.10.0", "cuda_version": "12.8", "device_name": "GPU X"}}""";

  /** Queued at 100 s, scheduled 1 us, first token 0.5 s, last token 2.5 s later: 5 tokens. */
  private static final String DONE =
      request("a", 100.0, "100.000001", "100.5", "102.5")
          .replace("\"arrival_time\": 9", "\"arrival_time\": 1e9");

  @TempDir Path folder;

  private static String request(
      String id, double queued, String scheduled, String first, String last) {
    return ("{\"request_id\": \"%s\", \"input_toks\": 7, \"output_toks\": 5, \"arrival_time\": 9,"
            + " \"queued_ts\": %s, \"scheduled_ts\": %s, \"first_token_ts\": %s,"
            + " \"last_token_ts\": %s}")
        .formatted(id, queued, scheduled, first, last);
  }

  @BeforeEach
  void writeARun() {
    file(folder, "meta.json", META.formatted(2));
    // Logged first, queued second; the run ended before it had a token.
    file(folder, "requests.jsonl", request("b", 100.25, "101.0", "0.0", "null"), DONE);
  }

  @Test
  void timesAreThoseOfTheEngineFromTheFirstArrival() {
    ImportedRun imported = Found.at(folder, IMPORTER).runs.get(0);
    assertThat(imported.run().trace().requests())
        .containsExactly(
            new RequestTiming(
                0,
                null,
                0,
                1_000L,
                500_000_000L,
                2_500_000_000L,
                7,
                5,
                5,
                0,
                RequestOutcome.COMPLETED),
            new RequestTiming(
                1,
                null,
                250_000_000L,
                1_000_000_000L,
                null,
                null,
                7,
                5,
                0,
                0,
                RequestOutcome.UNFINISHED));
    RequestTiming done = imported.run().trace().requests().get(0);
    assertThat(done.ttftNanos()).isEqualTo(500_000_000L);
    assertThat(done.tpotNanos()).as("2 s over 4 gaps").isEqualTo(500_000_000.0);
    assertThat(done.queueingNanos()).isEqualTo(1_000L);
    assertThat(imported.run().trace().tokens()).isNull();
  }

  @Test
  void whereItComesFromIsKept() {
    ImportedRun imported = Found.at(folder, IMPORTER).runs.get(0);
    RunManifest manifest = imported.run().manifest();
    assertThat(manifest.runId()).matches("r[0-9a-f]{16}");
    assertThat(manifest.origin()).isEqualTo(Origin.MEASURED);
    assertThat(manifest.engine()).isEqualTo("vllm");
    assertThat(manifest.model()).isEqualTo("m/tiny");
    assertThat(manifest.device()).isEqualTo("GPU X");
    assertThat(manifest.seed()).isEqualTo(42);
    assertThat(manifest.software())
        .containsEntry("vllm", "0.19.0")
        .containsEntry("torch", "2.10.0")
        .containsEntry("cuda", "12.8");
    assertThat(manifest.startedAt()).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(manifest.specJson()).contains("\"tensor_parallel_size\":2");
    assertThat(imported.deployment()).isEqualTo(new ImportedRun.Deployment(null, null, 3, 2, null));
    assertThat(Found.at(folder, IMPORTER).runs.get(0).run()).isEqualTo(imported.run());
  }

  @Test
  void gaugesAreReadAndOneThatNobodyWiredIsNot() {
    file(
        folder,
        "timeseries.csv",
        "t,prompt_throughput,gen_throughput,running,waiting,kv_cache_pct",
        "1.0,9.0,2.0,5,2,0.0",
        "2.0,0.0,7.5,5,0,0.0");
    ImportedRun imported = Found.at(folder, IMPORTER).runs.get(0);
    assertThat(imported.gauges())
        .hasSize(8)
        .contains(
            new GaugeReading(null, 2_000_000_000L, "output_token_throughput", "tokens/s", 7.5),
            new GaugeReading(null, 1_000_000_000L, "waiting_requests", "requests", 2));

    file(
        folder,
        "timeseries.csv",
        "t,prompt_throughput,prompt_compute_throughput,prompt_cached_throughput,gen_throughput,"
            + "running,waiting,preempted,kv_cache_pct",
        "1.0,9.0,8.0,1.0,2.0,5,2,1,13.22");
    assertThat(Found.at(folder, IMPORTER).runs.get(0).gauges())
        .hasSize(8)
        .contains(
            new GaugeReading(null, 1_000_000_000L, "kv_cache_used", "%", 13.22),
            new GaugeReading(null, 1_000_000_000L, "preempted_requests", "requests", 1));
  }

  @Test
  void brokenLogsAreExplained() {
    Path requests = folder.resolve("requests.jsonl");
    file(folder, "requests.jsonl", DONE, DONE.replace("scheduled_ts", "schedule_ts"));
    assertBadInput(folder, IMPORTER, requests + ":2: unknown key schedule_ts. Maybe: scheduled_ts");
    file(folder, "requests.jsonl", DONE, DONE.substring(0, 60));
    assertBadInput(
        folder, IMPORTER, requests + ":2: the JSON ends too early. Maybe the file was cut off.");
    file(folder, "requests.jsonl", DONE);
    assertBadInput(
        folder,
        IMPORTER,
        requests + ": 1 requests, but num_requests in meta.json is 2. Maybe the file was cut off.");
    file(folder, "requests.jsonl", DONE, request("b", 0.0, "1", "2", "3"));
    assertBadInput(
        folder, IMPORTER, requests + ":2: queued_ts (0.0) says that the request never arrived");
    file(folder, "requests.jsonl", DONE, request("b", 101.0, "102", "101.5", "103"));
    assertBadInput(
        folder,
        IMPORTER,
        requests
            + ":2: Request (1): firstTokenNanos (1500000000) is before its scheduledNanos"
            + " (2000000000)");
  }

  @Test
  void anUnknownVersionAndAnUnknownColumnAreExplained() {
    Path meta = file(folder, "meta.json", "{\"schema_version\": 2}");
    assertBadInput(folder, IMPORTER, meta + ": schema_version (2) is not known. Known: 1");
    file(folder, "meta.json", META.formatted(2));
    Path gauges =
        file(
            folder,
            "timeseries.csv",
            "t,prompt_throughput,gen_throughput,running,waiting,kv_cache_pct,preemted",
            "1,1,1,1,1,1,1");
    assertBadInput(folder, IMPORTER, gauges + ":1: unknown column preemted. Maybe: preempted");
  }
}
