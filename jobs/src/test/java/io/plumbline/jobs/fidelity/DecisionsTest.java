package io.plumbline.jobs.fidelity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.plumbline.files.csv.CsvTable;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.Home;
import io.plumbline.jobs.SharedSpark;
import io.plumbline.jobs.error.Thresholds;
import io.plumbline.jobs.ingest.QpsGridImporter;
import io.plumbline.jobs.table.DecisionFidelityRow;
import io.plumbline.jobs.table.FidelityCellRow;
import io.plumbline.jobs.table.RunSummaryRow;
import io.plumbline.jobs.table.SourceRow;
import io.plumbline.jobs.table.SourceWriter;
import io.plumbline.jobs.table.SummaryMetric;
import io.plumbline.jobs.table.SummaryPoint;
import io.plumbline.jobs.table.Table;
import io.plumbline.jobs.table.Tables;
import io.plumbline.trace.run.Origin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.stat.correlation.KendallsCorrelation;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecisionsTest {
  private static final Path SHARED =
      Path.of(System.getProperty("plumbline.home"), "..", "shared", "real");

  private final SparkSession spark = SharedSpark.session();
  private final List<RunSummaryRow> rows = new ArrayList<>();
  @TempDir Path results;

  private static FidelityFile.Grid grid(Double sloLimitMs) {
    return new FidelityFile.Grid(
        "grid",
        "qps-grid",
        "vllm_vidur_reproduce",
        null,
        List.of(),
        List.of(
            new FidelityFile.GridDevice("a100", null, 2.0),
            new FidelityFile.GridDevice("h100", null, null)),
        new FidelityFile.Rank("e2e", "p50", sloLimitMs));
  }

  /** E2E P50 of a deployment with one replica and a tensor degree, at a load. */
  private void point(Origin origin, double rate, int tensor, double millis) {
    String name = "a100_x/qps" + rate + "/" + origin + tensor;
    SummaryPoint point =
        new SummaryPoint(origin, name)
            .engine(origin == Origin.MEASURED ? "vllm" : "vidur", null)
            .model("m")
            .device("a100_p4d")
            .devices(tensor)
            .parallel(1, tensor, 1, null)
            .requestRate(rate)
            .requests(origin == Origin.MEASURED ? 30 : null);
    rows.add(point.row("s1", SummaryMetric.E2E, "p50", millis * 1e6));
  }

  private List<DecisionFidelityRow> decide(Double sloLimitMs) {
    try (SourceWriter writer = new SourceWriter(results.toString(), "s1")) {
      rows.forEach(row -> writer.write(Table.RUN_SUMMARY, row));
      writer.publish(
          new SourceRow("s1", "qps-grid", "s", null, null, null, rows.size(), 0, 0, 0, 0, 0));
    }
    Tables.register(spark, results.toString());
    GridPoints.register(spark, grid(sloLimitMs), List.of("s1"));
    return new Decisions(spark, Home.models()).of(grid(sloLimitMs));
  }

  @Test
  void decisionsAreThoseWorkedOutByHand() {
    double[] real = {100, 80, 60, 60};
    double[] predicted = {90, 95, 50, 40};
    int[] tensors = {1, 2, 4, 8};
    for (int i = 0; i < 4; i++) {
      point(Origin.MEASURED, 2, tensors[i], real[i]);
      point(Origin.SIMULATED, 2, tensors[i], predicted[i]);
    }
    List<DecisionFidelityRow> found = decide(92.0);
    DecisionFidelityRow load = found.get(0);
    assertThat(load.simulator()).isEqualTo("vidur a100_x");
    assertThat(load.requests()).isEqualTo(30);
    assertThat(load.configurations()).isEqualTo(4);
    // Of six pairs 4 concordant, (1, 2) discordant, (4, 8) tied in reality.
    assertThat(load.kendallTauA()).isCloseTo(3.0 / 6, within(1e-12));
    assertThat(load.kendallTauB())
        .isCloseTo(new KendallsCorrelation().correlation(real, predicted), within(1e-12));
    // TP4 and TP8 tie in reality; the best is the one with fewer GPUs.
    assertThat(load.pick()).isEqualTo("R1-TP8-PP1");
    assertThat(load.best()).isEqualTo("R1-TP4-PP1");
    assertThat(load.latencyRegretPercent()).isZero();
    assertThat(load.meanAbsolutePercentError())
        .isCloseTo(100 * (0.1 + 15.0 / 80 + 10.0 / 60 + 20.0 / 60) / 4, within(1e-9));
    // Kept in reality: TP2, 4, 8; predicted: TP1, 4, 8.
    assertThat(load.sloAgreementPercent()).isEqualTo(50);
    assertThat(load.cheapestPick()).isEqualTo("R1-TP1-PP1");
    assertThat(load.cheapest()).isEqualTo("R1-TP2-PP1");
    assertThat(load.gpuRegret()).isEqualTo(-1);
    assertThat(load.dollarsPerHourRegret()).isEqualTo(-2.0);
    assertThat(load.cheapestPickOutcome()).isEqualTo("missed");
  }

  @Test
  void kneesAreTheHighestLoadsUpToWhichTheLimitIsKept() {
    // TP1 keeps 100 ms in reality up to 2/s, not at 4, again at 8, which does not count.
    double[] rates = {1, 2, 4, 8};
    double[] real = {50, 90, 120, 80};
    double[] predicted = {50, 60, 70, 130};
    for (int i = 0; i < 4; i++) {
      point(Origin.MEASURED, rates[i], 1, real[i]);
      point(Origin.SIMULATED, rates[i], 1, predicted[i]);
      point(Origin.MEASURED, rates[i], 2, 10);
      point(Origin.SIMULATED, rates[i], 2, i < 2 ? 10 : 200);
    }
    List<DecisionFidelityRow> found = decide(100.0);
    DecisionFidelityRow knees = found.get(found.size() - 1);
    assertThat(knees.requestRatePerSecond()).isNull();
    assertThat(knees.configurations()).isEqualTo(2);
    // TP1: 4 instead of 2, +100 %; TP2: 2 instead of 8, -75 %.
    assertThat(knees.kneeErrorPercent()).isCloseTo(87.5, within(1e-9));
    assertThat(knees.kneeSignedErrorPercent()).isCloseTo(12.5, within(1e-9));
  }

  @Test
  void tauIsThatOfCommonsMathForRankingsWithTies() {
    java.util.Random random = new java.util.Random(5);
    double[] real = new double[12];
    double[] predicted = new double[12];
    for (int i = 0; i < 12; i++) {
      real[i] = 1 + random.nextInt(6);
      predicted[i] = 1 + random.nextInt(6);
      point(Origin.MEASURED, 2, i + 1, real[i]);
      point(Origin.SIMULATED, 2, i + 1, predicted[i]);
    }
    assertThat(decide(null).get(0).kendallTauB())
        .isCloseTo(new KendallsCorrelation().correlation(real, predicted), within(1e-12));
  }

  /**
   * The published table again, from the raw files: rankings by E2E P50, tau without correction for
   * ties. Rows of devices whose measured points are not there are skipped.
   */
  @Test
  void thePublishedDecisionsOfVidurComeOutOfTheRawFiles() {
    Path folder = SHARED.resolve("vllm_vidur_reproduce");
    assumeThat(folder).exists();
    Places places =
        new Places(
            results.toString(),
            results + "/_trained",
            Home.models(),
            new PathResolver(SHARED, null),
            word -> new QpsGridImporter());
    List<DecisionFidelityRow> found = new ArrayList<>();
    List<FidelityCellRow> cells = new ArrayList<>();
    new GridScores(spark, places, new CellRows(Thresholds.DEFAULT, model -> null))
        .add(grid(null), cells, found);
    List<String> differences = new ArrayList<>();
    int[] compared = {0};
    new CsvTable(folder.resolve("decision_fidelity_vidur.csv"), "vidur_variant", "qps")
        .forEach(
            row -> {
              if (row.required("vidur_variant").contains("l40s")) {
                return;
              }
              double rate = row.decimal("qps").doubleValue();
              boolean fewer = row.required("prompts").equals("fewer");
              DecisionFidelityRow ours =
                  found.stream()
                      .filter(d -> d.simulator().equals("vidur " + row.required("vidur_variant")))
                      .filter(d -> d.requestRatePerSecond() == rate)
                      .filter(d -> d.model().endsWith(row.required("model")))
                      .filter(d -> !fewer || rate > 10 || d.requests() < 150)
                      .filter(d -> fewer || d.requests() == 150)
                      .findFirst()
                      .orElse(null);
              compared[0]++;
              if (ours == null
                  || ours.configurations() != row.integer("configs", 1)
                  || !isRounded(row.decimal("kendall_tau").doubleValue(), ours.kendallTauA(), 0.005)
                  || !isRounded(
                      row.decimal("top1_regret_pct").doubleValue(),
                      ours.latencyRegretPercent(),
                      0.05)
                  // One published row was rounded twice.
                  || !isRounded(
                      row.decimal("mape_pct").doubleValue(), ours.meanAbsolutePercentError(), 0.07)
                  || !ours.pick().equals(row.required("vidur_pick"))
                  || !ours.best().equals(row.required("vllm_best"))) {
                differences.add(row.where() + " " + ours);
              }
            });
    assertThat(differences).isEmpty();
    assertThat(compared[0]).isEqualTo(42);
    assertThat(cells).hasSizeGreaterThan(500);
    assertThat(Files.exists(results.resolve("run_summary"))).isTrue();
  }

  private static boolean isRounded(double published, double exact, double half) {
    return Math.abs(published - exact) <= half + 1e-9;
  }
}
