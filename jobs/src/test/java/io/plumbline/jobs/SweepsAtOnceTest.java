package io.plumbline.jobs;

import static io.plumbline.jobs.TinyProfile.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.jobs.table.Tables;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepsAtOnceTest {
  @TempDir Path temp;

  private Path sweep(String name, String seeds) {
    Path file = temp.resolve(name + ".yaml");
    lines(
        file,
        "name: " + name,
        "simulate:",
        "  workload:",
        "    kind: synthetic",
        "    requests: 20",
        "    seed: " + seeds,
        "    arrivals: {kind: poisson, requests_per_second: 50}",
        "    lengths: {kind: uniform, min_prompt_tokens: 8, max_prompt_tokens: 64,"
            + " min_output_tokens: 1, max_output_tokens: 9}",
        "  model: plumbline/tiny",
        "  device: a100",
        "  scheduler: [sarathi, vllm]",
        "  predictor: roofline");
    return file;
  }

  @Test
  void bothAreWholeAndRunsThatTheyShareAreThereOnce() throws Exception {
    Path results = temp.resolve("results");
    SharedSpark.session();
    // Seeds 3 to 6 are in both.
    List<Path> files = List.of(sweep("one", "[1, 2, 3, 4, 5, 6]"), sweep("two", "[3, 4, 5, 6, 7]"));
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<JobRun>> runs =
          files.stream()
              .map(
                  file ->
                      threads.submit(
                          () -> JobRun.of(new SweepJob(), file.toString(), "--results=" + results)))
              .toList();
      for (Future<JobRun> run : runs) {
        assertThat(run.get().exitCode()).as(run.get().err()).isEqualTo(JobCommand.DONE);
      }
    } finally {
      threads.shutdownNow();
    }
    Tables.register(SharedSpark.session(), results.toString());
    assertThat(count("SELECT count(*), count(DISTINCT run_id) FROM run")).isEqualTo("[14,14]");
    assertThat(count("SELECT count(*), count(DISTINCT run_id, request_id) FROM request_timing"))
        .isEqualTo("[280,280]");
    assertThat(
            count(
                "SELECT count(*) FROM sweep_point JOIN run USING (run_id)"
                    + " WHERE sweep IN ('one', 'two')"))
        .isEqualTo("[22]");
  }

  private static String count(String query) {
    Row row = SharedSpark.session().sql(query).head();
    return row.toString();
  }
}
