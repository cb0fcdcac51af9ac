package io.plumbline.jobs.fidelity;

import static io.plumbline.jobs.TestRuns.MILLI;
import static io.plumbline.jobs.TestRuns.REFERENCE;
import static io.plumbline.jobs.TestRuns.SIMULATED;
import static io.plumbline.jobs.TestRuns.manifest;
import static io.plumbline.jobs.TestRuns.repeat;
import static io.plumbline.jobs.TestRuns.simulated;
import static io.plumbline.jobs.TestRuns.trace;
import static io.plumbline.jobs.TestRuns.unfinished;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.files.BadInputException;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.Home;
import io.plumbline.jobs.SharedSpark;
import io.plumbline.jobs.table.FidelityCellRow;
import io.plumbline.jobs.table.FidelityDistanceRow;
import io.plumbline.jobs.table.FidelityMatrixRow;
import io.plumbline.jobs.table.RunTags;
import io.plumbline.jobs.table.RunWriter;
import io.plumbline.jobs.table.Tables;
import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunManifest;
import io.plumbline.trace.run.RunTrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FidelityMatrixTest {
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");
  private static final CodeState CODE = new CodeState("c0ffee", false, "v1");
  private static final ScoringRules RULES = new ScoringRules(1, 100, 95, 5, 9);

  private final SparkSession spark = SharedSpark.session();
  @TempDir Path results;

  private void write(RunManifest manifest, RunTrace trace, String label) {
    new RunWriter(results.toString()).write(manifest, trace, RunTags.labelled(label));
  }

  private FidelityMatrix.Result make(CodeState code, Instant at) {
    Places places =
        new Places(
            results.toString(),
            results + "/_trained",
            Home.models(),
            new PathResolver(results, null),
            word -> null);
    return new FidelityMatrix(spark, places, code, at).makeOfTables("tables", RULES);
  }

  private static FidelityCellRow cell(FidelityMatrix.Result made, String metric, String statistic) {
    return made.cells().stream()
        .filter(cell -> cell.metric().equals(metric) && cell.statistic().equals(statistic))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void errorsAndDistancesAreThoseWorkedOutByHand() {
    write(manifest("real", Origin.MEASURED, "w1"), REFERENCE, null);
    write(simulated("sim"), SIMULATED, null);
    FidelityMatrix.Result made = make(CODE, NOON);

    // TTFT 10 20 30 vs 11 20 27 ms: P90 28 vs 25.6 (see ComparisonTest).
    FidelityCellRow p90 = cell(made, "ttft", "p90");
    assertThat(cell(made, "ttft", "p99").referenceValue()).isCloseTo(29.8e6, within(1e-3));
    assertThat(p90.caseName()).isEqualTo("real");
    assertThat(p90.simulator()).isEqualTo("plumbline");
    assertThat(p90.referenceValue()).isEqualTo(28e6);
    assertThat(p90.simulatedValue()).isEqualTo(25.6e6);
    assertThat(p90.signedError()).isCloseTo(-2.4e6, within(1e-3));
    assertThat(p90.absoluteError()).isCloseTo(2.4e6, within(1e-3));
    assertThat(p90.percentError()).isCloseTo(-100 * 2.4 / 28, within(1e-9));
    assertThat(p90.samples()).isEqualTo(3);
    assertThat(p90.estimateVerdict()).isEqualTo("WARN");
    assertThat(p90.percentErrorLow()).isLessThanOrEqualTo(p90.percentError());
    assertThat(p90.percentErrorHigh()).isGreaterThanOrEqualTo(p90.percentError());
    // A draw of the third request alone is 10 % off, so the interval fails where P90 only warns.
    assertThat(p90.percentErrorLow()).isEqualTo(-10, within(1e-9));
    assertThat(p90.verdict()).isEqualTo("FAIL");
    assertThat(p90.floor()).isEqualTo("unknown");
    assertThat(p90.floorPercent()).isNull();
    assertThat(p90.errorPerFloor()).isNull();

    // TBT 10 vs 9 ms throughout: no draw changes that.
    FidelityCellRow tbt = cell(made, "tbt", "p99");
    assertThat(tbt.samples()).isEqualTo(6);
    assertThat(tbt.percentErrorLow()).isEqualTo(-10, within(1e-9));
    assertThat(tbt.percentErrorHigh()).isEqualTo(-10, within(1e-9));
    // E2E 30 40 50 ms over 3 tokens.
    assertThat(cell(made, "e2e_normalized", "p50").referenceValue())
        .isCloseTo(40e6 / 3, within(1e-3));
    assertThat(cell(made, "queueing", "mean").percentError()).isZero();
    // 3 requests in 2.05 vs 2.045 s.
    FidelityCellRow throughput = cell(made, "request_throughput", "single");
    assertThat(throughput.percentError()).isCloseTo(100 * (2.05 / 2.045 - 1), within(1e-9));
    assertThat(throughput.percentErrorLow()).isNull();
    assertThat(throughput.verdict()).isEqualTo("PASS");

    FidelityDistanceRow ttft =
        made.distances().stream().filter(d -> d.metric().equals("ttft")).findFirst().orElseThrow();
    // Sorted differences 1, 0, 3 ms, a third each; the functions part by one step of three.
    assertThat(ttft.wasserstein1()).isCloseTo(4e6 / 3, within(1e-3));
    assertThat(ttft.kolmogorovSmirnov()).isCloseTo(1.0 / 3, within(1e-12));
    assertThat(ttft.wasserstein1Percent()).isCloseTo(100 * 4.0 / 60, within(1e-9));
  }

  @Test
  void repeatsGiveAFloorAndWidenTheInterval() {
    write(repeat("real1", 1), REFERENCE, "case");
    write(repeat("real2", 2), trace(10 * MILLI, 12, 22, 33), "case");
    write(simulated("sim"), SIMULATED, null);
    FidelityMatrix.Result made = make(CODE, NOON);
    FidelityCellRow p50 = cell(made, "ttft", "p50");
    assertThat(p50.caseName()).isEqualTo("case");
    assertThat(p50.repeats()).isEqualTo(2);
    assertThat(p50.referenceIds()).isEqualTo("real1 real2");
    // All of 10 12 20 22 30 33: the median is 21. The repeats have 20 and 22.
    assertThat(p50.referenceValue()).isEqualTo(21e6);
    assertThat(p50.floorPercent()).isCloseTo(100 * 2.0 / 21, within(1e-9));
    assertThat(p50.spreadPercent()).isCloseTo(100 * 2.0 / 21, within(1e-9));
    assertThat(p50.errorPerFloor()).isCloseTo(0.5, within(1e-9));
    assertThat(p50.floor()).isEqualTo("known");
    assertThat(cell(made, "request_throughput", "single").percentErrorLow()).isNotNull();
    assertThat(
            spark
                .sql(
                    "SELECT repeats, floor FROM noise_floor WHERE metric = 'ttft' AND statistic ="
                        + " 'p50'")
                .collectAsList())
        .extracting(row -> row.mkString(" "))
        .containsExactly("2 known");
  }

  @Test
  void onlyRequestsThatEveryRunOfAPairFinishedCount() {
    write(manifest("real", Origin.MEASURED, "w1"), REFERENCE, null);
    write(simulated("all"), SIMULATED, "all");
    write(simulated("two"), unfinished(SIMULATED, 2), "two");
    FidelityMatrix.Result made = make(CODE, NOON);
    assertThat(made.cells())
        .filteredOn(c -> c.metric().equals("ttft") && c.statistic().equals("p50"))
        .extracting(c -> c.simulator() + " " + c.samples() + " " + c.referenceValue())
        .containsExactly("plumbline all 3 2.0E7", "plumbline two 2 1.5E7");
    assertThat(made.cells())
        .filteredOn(c -> c.metric().equals("tbt") && c.statistic().equals("p50"))
        .extracting(c -> c.simulator() + " " + c.samples())
        .containsExactly("plumbline all 6", "plumbline two 4");
  }

  /** Two requests of different lengths change places; the pairs of the bootstrap must not. */
  @Test
  void requestsInAnotherOrderAreToldByTheirLengths() {
    write(manifest("real", Origin.MEASURED, "w1"), ofLengths(10, 7, 20, 8), null);
    write(manifest("sim", Origin.SIMULATED, "w2"), ofLengths(20, 9, 10, 6.3), null);
    Tables.register(spark, results.toString());
    CellRows rows = new CellRows(RULES.thresholds(), model -> null);
    FidelityPair pair = new FidelityPair("c", "s", List.of("real"), List.of("sim"), false);
    FidelityCellRow mean =
        new PairScores(spark, RULES, rows)
            .score(List.of(pair)).cells().stream()
                .filter(c -> c.metric().equals("ttft") && c.statistic().equals("mean"))
                .findFirst()
                .orElseThrow();
    assertThat(mean.percentError()).isCloseTo(100 * (15.3 / 15 - 1), within(1e-9));
    // The short one is 10 % too fast, the long one 12.5 % too slow; crosswise it would be more.
    assertThat(mean.percentErrorLow()).isCloseTo(-10, within(1e-9));
    assertThat(mean.percentErrorHigh()).isCloseTo(12.5, within(1e-9));
  }

  /** Two requests of given prompts and TTFTs in ms. */
  private static RunTrace ofLengths(int prompt0, double ttft0, int prompt1, double ttft1) {
    List<RequestTiming> requests = List.of(request(0, prompt0, ttft0), request(1, prompt1, ttft1));
    return new RunTrace(requests, List.of(), null);
  }

  private static RequestTiming request(int id, int prompt, double ttftMillis) {
    long first = (long) (ttftMillis * MILLI);
    return new RequestTiming(
        id, 0, 0L, 0L, first, first + MILLI, prompt, 2, 2, 0, RequestOutcome.COMPLETED);
  }

  @Test
  void otherRequestsAreRefused() {
    write(manifest("real", Origin.MEASURED, "w1"), REFERENCE, null);
    write(manifest("sim", Origin.SIMULATED, "w2"), trace(9 * MILLI, 11, 20), null);
    Tables.register(spark, results.toString());
    CellRows rows = new CellRows(RULES.thresholds(), model -> null);
    FidelityPair pair = new FidelityPair("c", "s", List.of("real"), List.of("sim"), false);
    assertThatThrownBy(() -> new PairScores(spark, RULES, rows).score(List.of(pair)))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "case c: real and sim did not run the same requests: 1 differ in their tokens or are on"
                + " one side only. Maybe simulate the workload of the measured run.");
    assertThatThrownBy(() -> make(CODE, NOON))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("no simulated run has the workload of a measured run.");
  }

  @Test
  void theSameInputsGiveTheSameBytes() throws IOException {
    write(repeat("real1", 1), REFERENCE, "case");
    write(repeat("real2", 2), trace(10 * MILLI, 12, 22, 33), "case");
    write(simulated("sim"), SIMULATED, null);
    make(CODE, NOON);
    TreeMap<String, byte[]> first = files();
    spark.conf().set("spark.sql.shuffle.partitions", "5");
    try {
      make(CODE, NOON);
    } finally {
      spark.conf().set("spark.sql.shuffle.partitions", "1");
    }
    TreeMap<String, byte[]> second = files();
    assertThat(first.keySet()).hasSize(3).isEqualTo(second.keySet());
    first.forEach((name, bytes) -> assertThat(second.get(name)).as(name).isEqualTo(bytes));
  }

  private TreeMap<String, byte[]> files() throws IOException {
    TreeMap<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(results)) {
      for (Path file : all.filter(f -> f.toString().contains("fidelity_")).toList()) {
        if (file.toString().endsWith(".parquet")) {
          files.put(results.relativize(file).toString(), Files.readAllBytes(file));
        }
      }
    }
    return files;
  }

  /** The query of docs/fidelity-matrix.md, word by word. */
  @Test
  void historySaysWhichCommitMovedAStatistic() throws IOException {
    write(moe(manifest("real", Origin.MEASURED, "w1")), REFERENCE, null);
    write(moe(simulated("sim")), SIMULATED, null);
    make(CODE, NOON);
    make(new CodeState("5ame", false, "v1"), NOON.plusSeconds(60));
    // A later version makes the first tokens a fifth slower; the old run is gone with it.
    write(moe(simulated("sim")), trace(9 * MILLI, 13, 24, 33), null);
    FidelityMatrixRow last =
        make(new CodeState("51ow", true, "v2"), NOON.plusSeconds(120)).matrix();
    String query =
        Files.readString(Home.dir().resolve("docs/fidelity-matrix.md"))
            .replaceAll("(?s).*```sql\\R(.*?)```.*", "$1");
    assertThat(spark.sql(query).collectAsList())
        .extracting(row -> row.getString(0) + " " + row.getString(2))
        .containsExactly("51ow real");

    FidelityMatrixRow first = Moves.find(spark, "tables", "c0ff", last.matrixId());
    List<Moves.Move> moves = Moves.between(spark, first.matrixId(), last.matrixId());
    assertThat(Moves.isRegression(moves)).isTrue();
    assertThat(moves)
        .extracting(move -> move.kind() + " " + move.metric() + " " + move.statistic())
        .contains("MOVED ttft p99")
        .doesNotContain("MOVED tbt p50", "MOVED queueing p99");
    FidelityMatrixRow same = Moves.find(spark, "tables", "5ame", last.matrixId());
    assertThat(Moves.between(spark, first.matrixId(), same.matrixId())).isEmpty();
    assertThatThrownBy(() -> Moves.find(spark, "tables", "abc", last.matrixId()))
        .hasMessage("no matrix \"tables\" of commit abc; there are matrices of: 5ame, c0ffee");
  }

  private static RunManifest moe(RunManifest run) {
    return new RunManifest(
        run.runId(),
        run.origin(),
        run.engine(),
        run.workloadId(),
        run.specJson(),
        run.seed(),
        run.codeVersion(),
        run.device(),
        "deepseek-ai/DeepSeek-V3",
        run.software(),
        run.startedAt(),
        run.endedAt(),
        run.host());
  }

  @Test
  void theLeagueTableCountsWinsWhereOthersPredictTheSame() {
    write(manifest("real", Origin.MEASURED, "w1"), REFERENCE, null);
    write(simulated("near"), SIMULATED, "near");
    write(simulated("far"), trace(5 * MILLI, 20, 40, 60), "far");
    make(CODE, NOON);
    assertThat(
            spark
                .sql(
                    "SELECT simulator, wins, contested, cases FROM league_table WHERE metric ="
                        + " 'ttft' ORDER BY simulator")
                .collectAsList())
        .extracting(row -> row.mkString(" "))
        .containsExactly("plumbline far 0 5 1", "plumbline near 5 5 1");
    assertThat(
            spark
                .sql(
                    "SELECT simulator, rival, cases, cells, closer, rival_closer,"
                        + " round(median_absolute_percent_error, 1),"
                        + " round(rival_median_absolute_percent_error, 1)"
                        + " FROM league_pair WHERE metric = 'tpot' ORDER BY simulator")
                .collectAsList())
        .extracting(row -> row.mkString(" "))
        .containsExactly(
            "plumbline far plumbline near 1 5 0 5 50.0 10.0",
            "plumbline near plumbline far 1 5 5 0 10.0 50.0");
  }
}
