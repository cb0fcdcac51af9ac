package io.plumbline.jobs;

import static io.plumbline.jobs.TinyProfile.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.jobs.table.Tables;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clusters of pools from their file to their tables. */
class PoolsJobTest {
  private static final String TWO_DEVICES =
      "{prefill: {replicas: 1, device: h100-sxm, node: h100_dgx}, decode: {replicas: [1, 2],"
          + " tensor_parallel: 2}}";

  @TempDir Path temp;
  private Path results;
  private Path file;

  @BeforeEach
  void placeFiles() {
    results = temp.resolve("results");
    file = temp.resolve("pools.yaml");
  }

  private void write(String head, String... cluster) {
    List<String> text = new ArrayList<>(List.of("name: pools", "record: iterations"));
    if (head != null) {
      text.remove(1);
      text.add(head);
    }
    text.addAll(
        List.of(
            "simulate:",
            "  workload:",
            "    kind: synthetic",
            "    requests: 12",
            "    seed: 3",
            "    arrivals: {kind: poisson, requests_per_second: 5}",
            "    lengths: {kind: fixed, prompt_tokens: 500, output_tokens: 4}",
            "  model: meta-llama/Meta-Llama-3-8B",
            "  device: a100",
            "  node: a100_dgx",
            "  scheduler: vllm_v1",
            "  predictor: roofline",
            "  cluster:"));
    text.addAll(List.of(cluster));
    lines(file, text.toArray(String[]::new));
  }

  private JobRun run(Callable<Integer> job) {
    return JobRun.of(job, file.toString(), "--results=" + results);
  }

  private List<Row> sql(String query) {
    Tables.register(SharedSpark.session(), results.toString());
    return SharedSpark.session().sql(query).collectAsList();
  }

  @Test
  void aSweepVariesPoolsAndKeepsWhatTheyDid() {
    write(
        null,
        "    pools: " + TWO_DEVICES,
        "    link: {bandwidth_bytes_per_second: [1e9, 1e10], latency_seconds: 0}");

    JobRun run = run(new SweepJob());

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(JobCommand.DONE);
    // Llama-3-8B keeps 32 layers x 8 heads x 128 x 2 x 2 bytes of a token.
    assertThat(
            sql(
                "SELECT k.end_ns - k.start_ns, k.bytes, t.first_token_ns - k.ready_ns, t.replica - k.to_replica"
                    + " FROM kv_transfer k JOIN request_timing t USING (run_id, request_id)"
                    + " JOIN sweep_point p USING (run_id)"
                    + " WHERE p.axes_json LIKE '%\"cluster.link.bandwidth_bytes_per_second\":1e9%'"))
        .hasSize(24)
        .allSatisfy(
            row -> {
              assertThat(row.getLong(0)).isCloseTo(65_536_000L, within(1L));
              assertThat(row.getDouble(1)).isEqualTo(500 * 131_072);
              assertThat(row.getLong(2)).isZero();
              assertThat(row.getInt(3)).isZero();
            });
    assertThat(
            sql(
                "SELECT device, devices, tokens_per_second_per_device * devices"
                    + " / throughput_tokens_per_second, completed FROM sweep_result ORDER BY devices"))
        .extracting(Row::toString)
        .containsExactly(
            "[h100-sxm+a100-80gb,3,1.0,12]",
            "[h100-sxm+a100-80gb,3,1.0,12]",
            "[h100-sxm+a100-80gb,5,1.0,12]",
            "[h100-sxm+a100-80gb,5,1.0,12]");
    assertThat(
            sql(
                "SELECT DISTINCT pool, role, device, tensor_parallel FROM pool_replica ORDER BY pool"))
        .extracting(Row::toString)
        .containsExactly("[decode,decode,a100-80gb,2]", "[prefill,prefill,h100-sxm,1]");
    assertThat(
            sql(
                "SELECT pool, metric, max(replicas) FROM pool_utilization WHERE mean_percent > 0"
                    + " GROUP BY pool, metric"))
        .extracting(Row::toString)
        .containsExactlyInAnyOrder(
            "[prefill,memory,1]",
            "[prefill,busy,1]",
            "[prefill,mfu,1]",
            "[decode,memory,2]",
            "[decode,busy,2]",
            "[decode,mfu,2]");
  }

  @Test
  void batchesCountInPoolsOfDifferentPipelines() {
    write(null, "    pools: {prefill: {}, decode: {pipeline_parallel: 2}}");

    assertThat(run(new SweepJob()).exitCode()).isEqualTo(JobCommand.DONE);
    assertThat(
            sql("SELECT replica, sum(batch_num_prefill_tokens) FROM batch_metric GROUP BY replica"))
        .extracting(Row::toString)
        .containsExactlyInAnyOrder("[0,6000]", "[1,0]");
  }

  @Test
  void onePointIsShownWithItsPools() {
    write(
        null,
        "    pools: {prefill: {device: h100}, decode: {replicas: 2, tensor_parallel: 2}}",
        "    link: {bandwidth_bytes_per_second: 1e9, latency_seconds: 0}");

    JobRun run = run(new SimulateJob());

    assertThat(run.exitCode()).as(run.err()).isEqualTo(JobCommand.DONE);
    assertThat(run.out().lines().findFirst().orElseThrow())
        .endsWith(
            ": meta-llama/Meta-Llama-3-8B, 1 prefill replica of 1 h100-sxm, 2 decode replicas of 2"
                + " a100-80gb, vllm_v1, roofline.");
  }

  @Test
  void aSearchPaysForTheDevicesOfAllPools() {
    write("search: {slo: {ttft_p90_seconds: 0.06}}", "    pools: " + TWO_DEVICES);

    JobRun run = run(new SearchJob());

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(JobCommand.DONE);
    List<Row> rows =
        sql(
            "SELECT devices, devices * device_per_hour_dollars, requests_per_dollar"
                + " / requests_per_second * device_per_hour_dollars * devices, device FROM pareto"
                + " WHERE outcome = 'found' ORDER BY devices");
    assertThat(rows).hasSize(2);
    for (int decoders = 1; decoders <= 2; decoders++) {
      Row row = rows.get(decoders - 1);
      assertThat(row.getInt(0)).isEqualTo(1 + 2 * decoders);
      assertThat(row.getDouble(1)).isCloseTo(4.25 + 2 * decoders * 2.21, within(1e-9));
      assertThat(row.getDouble(2)).isCloseTo(3600, within(1e-6));
      assertThat(row.getString(3)).isEqualTo("h100-sxm+a100-80gb");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {prefill: {}}                          | has a prefill pool but no decode pool
          {decode: {}}                           | has a decode pool but no prefill pool
          {prefill: {}, decode: {replicas: 0}}   | replicas (0) must be positive
          {prefill: {}, decode: {replica: 2}}    | is no key of a pool
          {prefill: {}, other: {}}               | misses the key role (one of prefill, decode, mixed)
          {prefill: {}, other: {role: decoder}}  | expected one of prefill, decode, mixed
          {prefill: {}, decode: {dtype: float32}} | is no key of a pool
          {prefill: {}, decode: 2}               | must be a mapping
          """)
  void whatCannotServeIsRefusedAtItsPlace(String pools, String message) {
    write(null, "    pools: " + pools);

    JobRun run = run(new SweepJob());

    assertThat(run.exitCode()).isEqualTo(JobCommand.BAD_INPUT);
    assertThat(run.err()).contains("pools.yaml:").contains(message);
  }

  @Test
  void aPoolWhoseModelDoesNotFitIsNamed() {
    write(
        null,
        "    pools: {prefill: {}, decode: {device: {like: a100, memory_bytes: 10000000000}}}");

    JobRun run = run(new SweepJob());

    assertThat(run.exitCode()).isEqualTo(JobCommand.BAD_INPUT);
    assertThat(run.err()).contains("pool decode: ");
  }
}
