package io.plumbline.jobs.ingest;

import static io.plumbline.jobs.ingest.Found.assertBadInput;
import static io.plumbline.jobs.ingest.Found.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.files.csv.CsvTable;
import io.plumbline.trace.run.IterationTiming;
import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunTrace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VidurImporterTest {
  private static final Importer IMPORTER = new VidurImporter();
  private static final String HEADER =
      "Request Id,request_e2e_time,request_scheduling_delay,prefill_e2e_time,"
          + "request_inter_arrival_delay,request_num_prefill_tokens,request_num_decode_tokens,"
          + "request_num_restarts";

  /** Waits 0.1 s, has its first token after 0.3 s and its third after 0.5 s. */
  private static final String FIRST = "0,0.5,0.1,0.3,,20.0,3.0,0";

  private static final String NEVER_ENDED = "1,,,,0.25,30,4,";

  @TempDir Path folder;

  @BeforeEach
  void writeARun() {
    file(
        folder,
        "config.json",
        "{\"seed\": 7, \"cluster_config\": {\"num_replicas\": 2, \"replica_config\": {",
        "\"model_name\": \"m/tiny\", \"device\": \"a100\", \"tensor_parallel_size\": 2,",
        "\"num_pipeline_stages\": 1}, \"replica_scheduler_config\": {\"name\": \"sarathi\"}},",
        "\"execution_time_predictor_config\": {\"name\": \"linear_regression\"}}");
    file(folder, "request_metrics.csv", HEADER, NEVER_ENDED, FIRST);
  }

  @Test
  void timesFollowFromArrivalsAndDurations() {
    ImportedRun imported = Found.at(folder, IMPORTER).runs.get(0);
    assertThat(imported.run().trace().requests())
        .containsExactly(
            new RequestTiming(
                0,
                null,
                0,
                100_000_000L,
                300_000_000L,
                500_000_000L,
                20,
                3,
                3,
                0,
                RequestOutcome.COMPLETED),
            new RequestTiming(
                1, null, 250_000_000L, null, null, null, 30, 4, 0, 0, RequestOutcome.UNFINISHED));
    assertThat(imported.run().trace().requests().get(0).tpotNanos())
        .as("0.2 s over 2 gaps, where Vidur divides by 3 tokens")
        .isEqualTo(100_000_000.0);
    assertThat(imported.run().manifest().origin()).isEqualTo(Origin.SIMULATED);
    assertThat(imported.run().manifest().model()).isEqualTo("m/tiny");
    assertThat(imported.run().manifest().device()).isEqualTo("a100");
    assertThat(imported.run().manifest().seed()).isEqualTo(7);
    assertThat(imported.deployment())
        .isEqualTo(new ImportedRun.Deployment("sarathi", "linear_regression", 2, 2, 1));
  }

  private void writeATrace() {
    file(
        folder,
        "chrome_trace.json",
        "{\"traceEvents\": [",
        event(600_000, 200_000, 0, "[0]", "[20]") + ",",
        event(800_000, 100_000, 1, "[0, 1]", "[1, 16]") + ",",
        event(900_000, 100_000, 2, "[0, 1]", "[1, 14]") + "]}");
  }

  private static String event(int ts, int dur, int batch, String requests, String tokens) {
    return ("{\"name\": \"%s\", \"ph\": \"X\", \"ts\": %d, \"dur\": %d, \"pid\": 1, \"tid\": 0,"
            + " \"args\": {\"batch_id\": %d, \"batch_size\": %d, \"request_ids\": %s,"
            + " \"num_tokens\": %s}}")
        .formatted(requests, ts, dur, batch, batch == 0 ? 1 : 2, requests, tokens);
  }

  @Test
  void theTraceGivesIterationsReplicasAndTheFirstArrival() {
    writeATrace();
    RunTrace trace = Found.at(folder, IMPORTER).runs.get(0).run().trace();
    assertThat(trace.requests())
        .as("request 0 starts at 0.6 s and had waited 0.1 s")
        .extracting(RequestTiming::arrivalNanos)
        .containsExactly(500_000_000L, 750_000_000L);
    assertThat(trace.requests()).extracting(RequestTiming::replica).containsExactly(1, 1);
    assertThat(trace.iterations())
        .containsExactly(
            new IterationTiming(1, 0, 0, 600_000_000, 200_000_000, 1, 20, 0, null),
            new IterationTiming(1, 0, 1, 800_000_000, 100_000_000, 2, 16, 1, null),
            new IterationTiming(1, 0, 2, 900_000_000, 100_000_000, 2, 14, 1, null));
  }

  @Test
  void thePlotsAreBelievedFirst() {
    writeATrace();
    file(
        folder,
        "plots/request_arrival_time_series.csv",
        ",Time (sec),request_arrival",
        "0,0.5000000001,1",
        "1,0.75,2");
    file(
        folder,
        "plots/batch_metrics.csv",
        "Batch Id,batch_num_tokens,batch_num_prefill_tokens,batch_num_decode_tokens,batch_size,x",
        "0,20,20,0,1,0",
        "1,17,17,0,2,0",
        "2,15,14,1,2,0");
    RunTrace trace = Found.at(folder, IMPORTER).runs.get(0).run().trace();
    assertThat(trace.requests().get(1).arrivalNanos()).isEqualTo(750_000_000);
    assertThat(trace.iterations().get(1).prefillTokens()).isEqualTo(17);
  }

  @Test
  void aRestartHidesWhichTokensWerePromptSoThereAreNoIterations() {
    writeATrace();
    file(folder, "request_metrics.csv", HEADER, FIRST.replace(",3.0,0", ",3.0,1"), NEVER_ENDED);
    RunTrace trace = Found.at(folder, IMPORTER).runs.get(0).run().trace();
    assertThat(trace.requests().get(0).preemptions()).isEqualTo(1);
    assertThat(trace.requests().get(0).replica()).isEqualTo(1);
    assertThat(trace.iterations()).isEmpty();
  }

  @Test
  void brokenFoldersAreExplained() {
    Path metrics = folder.resolve("request_metrics.csv");
    file(folder, "request_metrics.csv", HEADER + ",request_ttft", FIRST + ",1");
    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(() -> Found.at(folder, IMPORTER))
                .getMessage())
        .startsWith(metrics + ":1: unknown column request_ttft. Known: Request Id,");
    file(folder, "request_metrics.csv", HEADER, FIRST, NEVER_ENDED.replace("1,,", "2,,"));
    assertBadInput(
        folder,
        IMPORTER,
        metrics + ":3: Request Id (2) follows on a gap: 1 is missing. Ids must be 0, 1, 2, …");
    file(folder, "request_metrics.csv", HEADER, FIRST, "1,,,");
    assertBadInput(
        folder,
        IMPORTER,
        metrics + ":3: 4 fields, but the header has 8. Maybe the file was cut off.");
    file(folder, "request_metrics.csv", HEADER, FIRST, NEVER_ENDED);
    Path trace = file(folder, "chrome_trace.json", "{\"traceEvents\": [", "{\"ts\": 1,");
    assertBadInput(
        folder, IMPORTER, trace + ":3: the JSON ends too early. Maybe the file was cut off.");
    Path config = file(folder, "config.json", "{\"replica_config\": {}}");
    assertBadInput(
        folder,
        IMPORTER,
        config
            + ": missing key cluster_config. Maybe it is no configuration of Vidur, or one of"
            + " before its flat configuration.");
  }

  /** Thirty runs of the original, against what its own objects held at the end. */
  @Test
  void runsOfTheOriginalAreReadToTheNanosecond() {
    Path golden = Path.of(System.getProperty("plumbline.home"), "..", "shared", "golden", "vidur");
    assumeTrue(Files.isDirectory(golden), () -> "skipped: no runs of Vidur at " + golden);
    List<Part> parts = IMPORTER.parts(golden);
    assertThat(parts).hasSize(30);
    for (Part part : parts) {
      Found found = new Found();
      IMPORTER.read(part, found);
      RunTrace trace = found.runs.get(0).run().trace();
      requireOriginal(part.folder(), trace);
      if (!trace.iterations().isEmpty()) {
        requireBatches(part.folder(), trace);
      }
    }
  }

  private static void requireOriginal(Path folder, RunTrace trace) {
    List<RequestTiming> timings = trace.requests();
    Path finals = folder.resolve("request_final.csv");
    int[] rows = {0};
    new CsvTable(finals, "request_id", "completed", "arrived_at")
        .forEach(
            row -> {
              int id = row.integer("request_id", 0);
              if (id >= timings.size()) {
                return;
              }
              rows[0]++;
              RequestTiming timing = timings.get(id);
              assertThat(timing.arrivalNanos())
                  .isEqualTo(Math.round(row.seconds("arrived_at") * 1e9));
              if (timing.outcome() == RequestOutcome.COMPLETED) {
                assertThat(timing.endNanos())
                    .isEqualTo(Math.round(row.seconds("completed_at") * 1e9));
                assertThat(timing.firstTokenNanos())
                    .isEqualTo(Math.round(row.seconds("prefill_completed_at") * 1e9));
                assertThat(timing.scheduledNanos())
                    .isEqualTo(Math.round(row.seconds("scheduled_at") * 1e9));
              }
            });
    assertThat(rows[0]).as(folder.toString()).isEqualTo(timings.size());
  }

  private static void requireBatches(Path folder, RunTrace trace) {
    Map<List<Long>, IterationTiming> iterations = new HashMap<>();
    trace
        .iterations()
        .forEach(it -> iterations.put(List.of(it.iteration(), (long) it.stage()), it));
    List<Long> seen = new ArrayList<>();
    new CsvTable(folder.resolve("batch_stages.csv.gz"), "batch_id", "stage_id")
        .forEach(
            row -> {
              IterationTiming it =
                  iterations.get(List.of(row.count("batch_id"), row.count("stage_id")));
              if (it == null) {
                return;
              }
              seen.add(it.iteration());
              assertThat(it.startNanos()).isEqualTo(Math.round(row.seconds("stage_start") * 1e9));
              assertThat(it.prefillTokens()).isEqualTo(row.integer("num_prefill_tokens", 0));
              assertThat(it.decodeTokens()).isEqualTo(row.integer("num_decode_tokens", 0));
            });
    assertThat(seen).hasSameSizeAs(trace.iterations());
  }
}
