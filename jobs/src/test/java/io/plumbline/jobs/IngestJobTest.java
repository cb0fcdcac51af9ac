package io.plumbline.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.jobs.table.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two request logs of vLLM give runs with gauges, a table of splitwise-sim gives a source. */
class IngestJobTest {
  private static final String META =
      """
      {"schema_version": 1, "model": "m/tiny", "vllm_version": "0.19.0", "num_requests": 1,
       "engine_kwargs": {"tensor_parallel_size": 2, "data_parallel_size": 1},
       "hardware": {}}
      """;

  private static final String REQUEST =
      """
      {"request_id": "a", "input_toks": 7, "output_toks": 5, "arrival_time": 9, \
      "queued_ts": 100.0, "scheduled_ts": 100.1, "first_token_ts": 100.5, "last_token_ts": %s}
      """;

  private static final String SPLITWISE =
      "model,hardware,prompt_size,batch_size,token_size,peak_power,average_power,prompt_time,"
          + "token_time,e2e_time,tensor_parallel\n";

  @TempDir Path folder;
  @TempDir Path results;

  @BeforeEach
  void writeTheFiles() throws IOException {
    for (String log : List.of("one", "two")) {
      write(log + "/meta.json", META);
      write(log + "/requests.jsonl", REQUEST.formatted(log.equals("one") ? "102.5" : "104.5"));
      write(
          log + "/timeseries.csv",
          "t,prompt_throughput,gen_throughput,running,waiting,kv_cache_pct\n0.5,7,0,1,0,12\n");
    }
    write("perf_model.csv", SPLITWISE + "llama2-70b,a100,512,4,128,1,0.75,196.25,54.5,7168.5,2\n");
  }

  @Test
  void severalRunsAreToldApart_andEachHasItsProvenanceAndItsGauges() {
    JobRun run =
        ingest(
            "vllm-requests",
            "--label=bench",
            "--device=GPU Y",
            "--licence=MIT",
            "--source=https://example.org/bench");
    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines())
        .hasSize(2)
        .allMatch(line -> line.matches("r\\w{16}  measured, vllm, 1 requests of workload w\\w+"));
    assertThat(
            rows(
                """
                SELECT label, device, tensor_parallel, licence, source_url, e2e_ns, metric, value
                FROM run JOIN request_timing USING (run_id)
                JOIN gauge_sample ON source_id = run_id AND metric = 'kv_cache_used'
                ORDER BY label"""))
        .containsExactly(
            "[bench/one,GPU Y,2,MIT,https://example.org/bench,2500000000,kv_cache_used,12.0]",
            "[bench/two,GPU Y,2,MIT,https://example.org/bench,4500000000,kv_cache_used,12.0]");
    assertThat(rows("SELECT * FROM source")).isEmpty();
  }

  @Test
  void aFileOfTotalsIsASource_andNoRun() {
    JobRun run = ingest("splitwise", "--licence=MIT", "--source=https://example.org/splitwise");
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).matches("s\\w{16}  perf_model\\.csv: 5 run summaries\\R");
    assertThat(
            rows(
                """
                SELECT kind, name, label, licence, source_url, run_summaries, operator_timings
                FROM source"""))
        .containsExactly("[splitwise,perf_model.csv,null,MIT,https://example.org/splitwise,5,0]");
    assertThat(rows("SELECT metric, value FROM run_summary WHERE metric = 'ttft'"))
        .containsExactly("[ttft,1.9625E8]");
    assertThat(rows("SELECT * FROM run")).isEmpty();
  }

  @Test
  void takenInAgainItReplacesItself() throws IOException {
    ingest("splitwise");
    ingest("vllm-requests");
    List<String> before = files();
    ingest("splitwise", "--label=known since then");
    ingest("vllm-requests");
    assertThat(files()).isEqualTo(before);
    assertThat(
            rows(
                "SELECT label, count(*) FROM source JOIN run_summary USING (source_id) GROUP BY 1"))
        .containsExactly("[known since then,5]");
  }

  @Test
  void aBrokenLineInTheLastFileLeavesTheTablesAsTheyWere() throws IOException {
    Path broken = write("two/requests.jsonl", REQUEST.formatted("102.5") + "{\"request_id\"\n");
    JobRun run = ingest("vllm-requests");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(broken + ":2: ");
    assertThat(files()).isEmpty();
  }

  @Test
  void theSameRunTwiceIsACopyAndNoSecondRun() throws IOException {
    Path copy = write("two/requests.jsonl", REQUEST.formatted("102.5"));
    JobRun run = ingest("vllm-requests");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .startsWith(
            "%s: a run with the same content is in %s. Maybe a file was copied."
                .formatted(copy, folder.resolve("one/requests.jsonl")));
    assertThat(files()).isEmpty();
  }

  @Test
  void aWrongKindIsNamedWithWhatIsMeant() {
    JobRun nothing = ingest("vidur");
    assertThat(nothing.exitCode()).isEqualTo(2);
    assertThat(nothing.err())
        .startsWith(
            folder
                + " holds nothing of kind vidur, which is: folders with config.json and"
                + " request_metrics.csv. Maybe another kind is meant.");
    JobRun unknown = ingest("splitwize");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("(KIND): unknown kind splitwize. Maybe: splitwise\n");
    assertThat(ingest("csv").err())
        .contains("unknown kind csv. Known: seed-run, gpu-kit, vllm-requests,");
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private JobRun ingest(String kind, String... options) {
    return JobRun.of(
        new IngestJob(),
        Stream.concat(
                Stream.of(kind, folder.toString(), "--results=" + results), Stream.of(options))
            .toArray(String[]::new));
  }

  private List<String> rows(String sql) {
    Tables.register(SharedSpark.session(), results.toString());
    return SharedSpark.session().sql(sql).collectAsList().stream().map(Object::toString).toList();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(results)) {
      return all.filter(Files::isRegularFile)
          .map(file -> results.relativize(file).toString())
          .sorted()
          .toList();
    }
  }
}
