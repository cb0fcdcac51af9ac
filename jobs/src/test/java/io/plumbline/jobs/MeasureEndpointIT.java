package io.plumbline.jobs;

import static io.plumbline.jobs.TinyProfile.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.jobs.table.Tables;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a server to a comparison: measure, simulate the same, compare. */
class MeasureEndpointIT {
  private static final int REFUSED = 99;
  private static final String WORKLOAD =
      "{kind: synthetic, requests: 6, seed: 1, arrivals: {kind: fixed_interval, interval_seconds: 0.01},"
          + " lengths: {kind: fixed, prompt_tokens: %d, output_tokens: 5}}";

  @TempDir Path temp;
  private StreamingServer server;
  private String results;

  @BeforeEach
  void startServer() throws IOException {
    server = new StreamingServer(REFUSED);
    results = "--results=" + temp.resolve("results");
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void measuredRunsAreInTheTables_andComparedWithASimulatedOne() throws IOException {
    Path measure = measurement(64, "repeats: 2");
    Path sweep = temp.resolve("twin.yaml");
    lines(
        sweep,
        "name: twin",
        "record: tokens",
        "simulate:",
        "  workload: " + WORKLOAD.formatted(64),
        "  model: plumbline/tiny",
        "  device: a100-80gb",
        "  scheduler: sarathi",
        "  predictor: roofline");

    JobRun measured = JobRun.of(new MeasureJob(), measure.toString(), results);
    assertThat(measured.err()).isEmpty();
    assertThat(measured.out())
        .containsPattern("Measured 6 requests on Some GPU: run r[0-9a-f]{16}, label served-1\\.")
        .containsPattern("Measured 6 requests on Some GPU: run r[0-9a-f]{16}, label served-2\\.");
    assertThat(JobRun.of(new SweepJob(), sweep.toString(), results).err()).isEmpty();

    assertThat(
            sql(
                "SELECT label, repeat, engine, completed, failed FROM run"
                    + " WHERE origin = 'measured' ORDER BY repeat"))
        .containsExactly("[served,1,openai-endpoint,6,0]", "[served,2,openai-endpoint,6,0]");
    assertThat(
            sql(
                "SELECT count(*), min(http_status), min(prompt_tokens), count(error),"
                    + " min(token_source), min(client_delay_ns) >= 0 FROM request_attempt"))
        .containsExactly("[12,200,64,0,reported,true]");
    assertThat(
            sql(
                "SELECT count(*) FROM token_timing WHERE origin = 'measured' AND tbt_ns IS NOT NULL"))
        // Of 12 requests with 5 tokens, every token but the first has a gap.
        .containsExactly("[48]");
    String simulated = sql("SELECT run_id FROM run WHERE origin = 'simulated'").get(0);
    JobRun compared =
        JobRun.of(
            new CompareJob(),
            "--reference=served-2",
            "--simulated=" + simulated.substring(1, simulated.length() - 1),
            results);
    assertThat(compared.err()).isEmpty();
    assertThat(compared.out())
        .containsPattern("ttft +p50 .* 6\n")
        .containsPattern("tbt +p50 .* 24\n");
  }

  @Test
  void requestsThatFailAreInTheTablesAsSuch() throws IOException {
    JobRun measured =
        JobRun.of(new MeasureJob(), measurement(REFUSED, "repeats: 1").toString(), results);

    assertThat(measured.exitCode()).isZero();
    assertThat(measured.out())
        .containsPattern(
            "0 completed, 6 were rejected, 0 failed: SELECT request_id, error FROM request_attempt"
                + " WHERE run_id = 'r[0-9a-f]{16}' AND error IS NOT NULL\n");
    assertThat(
            sql(
                "SELECT DISTINCT outcome, error FROM request_timing JOIN request_attempt USING (run_id, request_id)"))
        .containsExactly("[REJECTED,HTTP 429: too busy]");
    assertThat(sql("SELECT rejected, failed, duration_seconds FROM run"))
        .containsExactly("[6,0,null]");
  }

  @Test
  void aServerThatIsNotThereEndsWithCodeTwoAndNothingInTheTables() throws IOException {
    Path file = measurement(64, "repeats: 1");
    server.close();

    JobRun measured = JobRun.of(new MeasureJob(), file.toString(), results);

    assertThat(measured.exitCode()).isEqualTo(JobCommand.BAD_INPUT);
    assertThat(measured.err()).isEqualTo("Nothing was measured.\n");
    assertThat(sql("SELECT * FROM run")).isEmpty();
  }

  private Path measurement(int promptTokens, String repeats) {
    Path file = temp.resolve("measure.yaml");
    lines(
        file,
        "name: served",
        repeats,
        "model: plumbline/tiny",
        "workload: " + WORKLOAD.formatted(promptTokens),
        "engine:",
        "  kind: openai",
        "  url: " + server.url(),
        "  model: " + StreamingServer.MODEL,
        "  device: Some GPU");
    return file;
  }

  private List<String> sql(String query) {
    Tables.register(SharedSpark.session(), temp.resolve("results").toString());
    return SharedSpark.session().sql(query).collectAsList().stream().map(Row::toString).toList();
  }
}
