package io.plumbline.jobs;

import static io.plumbline.jobs.TinyProfile.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.jobs.table.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchJobTest {
  @TempDir Path temp;
  private Path results;
  private Path file;

  @BeforeEach
  void writeSearch() {
    results = temp.resolve("results");
    file = temp.resolve("caps.yaml");
    write("  slo: {ttft_p90_seconds: [0.05, 0.2]}", "  seeds: 3");
  }

  private void write(String... search) {
    List<String> text = new ArrayList<>(List.of("name: caps", "search:"));
    text.addAll(List.of(search));
    text.addAll(
        List.of(
            "simulate:",
            "  workload:",
            "    kind: synthetic",
            "    requests: 60",
            "    seed: 3",
            "    arrivals: {kind: poisson, requests_per_second: 1}",
            "    lengths: {kind: uniform, min_prompt_tokens: 8, max_prompt_tokens: 64,"
                + " min_output_tokens: 1, max_output_tokens: 9}",
            "  model: meta-llama/Meta-Llama-3-8B",
            "  device: [a100, h100-sxm]",
            "  scheduler: {kind: sarathi, max_batch_size: [1, 4]}",
            "  kv_cache: {blocks: [8, 50]}",
            "  predictor: roofline"));
    lines(file, text.toArray(String[]::new));
  }

  private JobRun search(String... options) {
    List<String> arguments = new ArrayList<>(List.of(file.toString(), "--results=" + results));
    arguments.addAll(List.of(options));
    return JobRun.of(new SearchJob(), arguments.toArray(String[]::new));
  }

  private static List<Row> sql(Path results, String query) {
    Tables.register(SharedSpark.session(), results.toString());
    return SharedSpark.session().sql(query).collectAsList();
  }

  private List<String> capacityFiles() throws IOException {
    try (Stream<Path> files = Files.walk(results.resolve("capacity"))) {
      return files
          .filter(f -> f.toString().endsWith(".parquet"))
          .map(
              f -> {
                try {
                  return f + " " + Files.getLastModifiedTime(f);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              })
          .sorted()
          .toList();
    }
  }

  @Test
  void everyConfigurationHasItsCapacityForEveryObjective_rankedAndPriced() {
    JobRun run = search();

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(JobCommand.DONE);
    assertThat(run.out())
        .startsWith(
            "Search caps: 8 configurations (0 excluded, 0 skipped) x 2 objectives x 3 seeds; 16 searches, 0 done already, 16 to run.\n");
    assertThat(
            sql(
                results,
                "SELECT * FROM capacity WHERE outcome = 'found' AND seeds = 3 AND requests = 60"
                    + " AND lower_requests_per_second <= requests_per_second"
                    + " AND requests_per_second <= upper_requests_per_second"
                    + " AND ttft_p90_ns <= 1e9 * get_json_object(slo_json, '$.ttft_p90_seconds')"))
        .hasSize(16);
    // The capacity is the mean over the seeds of the highest rate that passed.
    assertThat(
            sql(
                results,
                "SELECT c.requests_per_second, avg(best) FROM capacity c JOIN ("
                    + "SELECT capacity_id, seed, max(requests_per_second) FILTER (WHERE meets = 1)"
                    + " AS best, min(requests_per_second) FILTER (WHERE meets = 0) AS worst"
                    + " FROM capacity_probe GROUP BY capacity_id, seed) p"
                    + " ON c.capacity_id = p.capacity_id AND worst <= 1.025000001 * best"
                    + " GROUP BY c.capacity_id, c.requests_per_second HAVING count(*) = 3"))
        .hasSize(16)
        .allSatisfy(row -> assertThat(row.getDouble(0)).isCloseTo(row.getDouble(1), within(1e-9)));
    // What is better without doubt: a larger batch cap, a looser limit.
    assertThat(
            sql(
                results,
                "SELECT 1 FROM pareto a JOIN pareto b ON a.slo_json = b.slo_json"
                    + " AND replace(a.axes_json, 'max_batch_size\":1', 'max_batch_size\":4') = b.axes_json"
                    + " AND a.axes_json != b.axes_json AND a.requests_per_second < b.requests_per_second"))
        .hasSize(8);
    Row best =
        sql(
                results,
                "SELECT requests_per_second, requests_per_dollar, device_per_hour_dollars,"
                    + " requests_per_joule, device_tdp_watts, operating_requests_per_second, price_source"
                    + " FROM pareto WHERE rank = 1 ORDER BY position LIMIT 1")
            .get(0);
    assertThat(best.getDouble(1))
        .isCloseTo(best.getDouble(0) * 3600 / best.getDouble(2), within(1e-6));
    assertThat(best.getDouble(3)).isCloseTo(best.getDouble(0) / best.getDouble(4), within(1e-12));
    assertThat(best.getDouble(5)).isCloseTo(0.85 * best.getDouble(0), within(1e-12));
    assertThat(best.getString(6)).contains("https://");
  }

  @Test
  void aSecondSearchDoesNothing_andAnInterruptedOneGoesOn() throws IOException {
    search();
    List<String> before = capacityFiles();
    assertThat(before).hasSize(16);

    assertThat(search().out()).contains("16 searches, 16 done already, 0 to run.");
    assertThat(capacityFiles()).isEqualTo(before);

    Files.delete(Path.of(before.get(5).split(" ", -1)[0]));
    JobRun again = search();
    assertThat(again.exitCode()).isEqualTo(JobCommand.DONE);
    assertThat(again.out()).contains("16 searches, 15 done already, 1 to run.");
    List<String> after = new ArrayList<>(capacityFiles());
    assertThat(after).hasSize(16);
    after.removeAll(before);
    assertThat(after).hasSize(1);
    assertThat(sql(results, "SELECT * FROM pareto WHERE outcome = 'found'")).hasSize(16);
  }

  @Test
  void aPriceOfOnesOwnChangesTheRanksWithoutASearch() {
    search();
    write(
        "  slo: {ttft_p90_seconds: [0.05, 0.2]}",
        "  seeds: 3",
        "  prices_per_hour_dollars: {a100-80gb: 0.01}");

    assertThat(search().out()).contains("16 done already, 0 to run.");

    assertThat(sql(results, "SELECT device, price_source FROM pareto WHERE rank = 1"))
        .hasSize(2)
        .allSatisfy(
            row -> assertThat(row.toString()).isEqualTo("[a100-80gb,stated in the search file]"));
  }

  /**
   * The sweep that a search writes runs the same simulations: 85 % of a capacity is no overload.
   */
  @Test
  void theOperatingPointsAreASweepThatMeetsTheObjective() {
    write("  slo: {ttft_p90_seconds: 0.05}", "  operating_point_percent: 100");
    search();
    Path points = results.resolve("_searches/caps-at-100-percent.yaml");

    JobRun sweep = JobRun.of(new SweepJob(), points.toString(), "--results=" + results);

    assertThat(sweep.exitCode()).isEqualTo(JobCommand.DONE);
    assertThat(
            sql(
                results,
                "SELECT run_id, percentile(ttft_ns, 0.9D) FROM sweep_point JOIN request_timing"
                    + " USING (run_id) WHERE sweep = 'caps-at-100-percent' GROUP BY run_id"))
        .hasSize(8)
        .allSatisfy(row -> assertThat(row.getDouble(1)).isLessThanOrEqualTo(0.0501e9));
    // With one seed the first point is the best by the table.
    assertThat(
            sql(
                results,
                "SELECT 1 FROM pareto p JOIN capacity c USING (capacity_id) WHERE p.rank = 1 AND"
                    + " p.operating_requests_per_second = c.requests_per_second"
                    + " AND c.lower_requests_per_second IS NULL"))
        .hasSize(1);
  }

  @Test
  void whatCannotRunIsSkippedWithALineAndARow() {
    write("  slo: {}");
    String text =
        readString()
            .replace(
                "model: meta-llama/Meta-Llama-3-8B",
                "model: [plumbline/tiny, meta-llama/Llama-2-70b-hf]")
            .replace("{blocks: [8, 50]}", "{block_tokens: 16}");
    lines(file, text.split("\n", -1));

    JobRun run = search();

    assertThat(run.exitCode()).isEqualTo(JobCommand.DONE);
    assertThat(run.out())
        .contains("4 configurations (0 excluded, 4 skipped) x 1 objectives x 1 seeds; 4 searches")
        .contains(
            "\nSkipped: 4 do not fit their devices (the first: meta-llama/Llama-2-70b-hf on a100-80gb: ");
    assertThat(
            sql(
                results,
                "SELECT * FROM pareto WHERE outcome = 'skipped' AND capacity_id IS NULL AND rank IS"
                    + " NULL AND reason LIKE 'do not fit their devices: %'"))
        .hasSize(4);
  }

  private String readString() {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "  seeds: 0 | search.seeds: seeds (0.0) must be from 1.0 to 1000.0",
        "  tolerance_percent: 0 | tolerance_percent (0.0) must be from 0.01 to 50.0",
        "  slo: {ttft: 1} | search.slo.ttft: unknown condition.",
        "  speed: 3 | search.speed: unknown key.",
        "  prices_per_hour_dollars: {a100: -1} | prices_per_hour_dollars (a100: -1.0) must be positive",
        "  tdp_watts: {h100: 700} | search.tdp_watts.h100: names no device card.",
        "  highest_requests_per_second: 0.01 | highest_requests_per_second (0.01) must be from 0.02"
      })
  void aWrongFileIsOneClearError(String line, String message) {
    write("  " + line);
    JobRun run = search();
    assertThat(run.exitCode()).isEqualTo(JobCommand.BAD_INPUT);
    assertThat(run.err()).startsWith("1 problem in " + file).contains(message.strip());
    assertThat(results).doesNotExist();
  }

  @Test
  void aWorkloadWithoutRateOrSeedIsAnError() {
    String text = readString();
    lines(
        file,
        text.replace("{kind: poisson, requests_per_second: 1}", "all_at_zero").split("\n", -1));
    assertThat(search().err())
        .contains("simulate.workload: the requests of the workload (60) arrive all at once");

    lines(
        temp.resolve("t.csv"), "arrived_at,num_prefill_tokens,num_decode_tokens", "0,5,5", "1,5,5");
    lines(
        file,
        text.replaceAll(
                "(?s)    kind: synthetic.*?  model:", "    kind: trace\n    file: t.csv\n  model:")
            .split("\n", -1));
    assertThat(search().err())
        .contains("simulate.workload: is read and not drawn, so seeds (3) has nothing to vary.");
  }

  @Test
  void whereNothingCanRunTheFirstReasonIsTheError() {
    lines(
        file,
        readString()
            .replace("meta-llama/Meta-Llama-3-8B", "meta-llama/Llama-2-70b-hf")
            .replace("{blocks: [8, 50]}", "{block_tokens: 16}")
            .split("\n", -1));
    JobRun run = search();
    assertThat(run.exitCode()).isEqualTo(JobCommand.BAD_INPUT);
    assertThat(run.err())
        .startsWith(
            file + ": none of the 4 configurations can run. The first: meta-llama/Llama-2-70b-hf");
  }

  @Test
  void theExampleThatShipsIsRight() {
    Path example = Path.of(System.getProperty("plumbline.home"), "conf/searches/llama-3-8b.yaml");
    JobRun run =
        JobRun.of(new SearchJob(), example.toString(), "--dry-run", "--results=" + results);
    assertThat(run.out())
        .isEqualTo(
            "Search llama-3-8b: 24 configurations (0 excluded, 0 skipped) x 3 objectives x 3 seeds; 72 searches, 0 done already, 72 to run.\n");
    assertThat(run.exitCode()).isEqualTo(JobCommand.DONE);
  }
}
