package io.plumbline.jobs.fidelity;

import io.plumbline.jobs.table.DecisionFidelityRow;
import io.plumbline.jobs.table.FidelityCellRow;
import io.plumbline.jobs.table.FidelityDistanceRow;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/** The tables of a report, from the rows of a matrix. */
final class FidelityTables {
  static final String NOTHING = "–";
  static final List<String> METRICS = metrics();

  private FidelityTables() {}

  private static List<String> metrics() {
    List<String> metrics = new ArrayList<>(SampleTable.METRICS);
    metrics.add("request_throughput");
    metrics.add("output_token_throughput");
    return metrics;
  }

  /** The matrix, distances, noise floors and decisions. */
  static List<ReportTable> of(FidelityMatrix.Result made) {
    List<ReportTable> tables = new ArrayList<>();
    tables.add(cases(made.cells()));
    if (!made.distances().isEmpty()) {
      tables.add(distances(made.distances()));
    }
    tables.add(floors(made.cells()));
    if (!made.decisions().isEmpty()) {
      tables.add(decisions(made.decisions()));
    }
    return tables;
  }

  private static ReportTable cases(List<FidelityCellRow> cells) {
    ReportTable table =
        new ReportTable(
            "Matrix",
            "Percent error with its interval; PASS, WARN or FAIL is the verdict on the interval.",
            List.of("case", "simulator", "metric", "mean", "p50", "p90", "p95", "p99"));
    Map<List<String>, Map<String, FidelityCellRow>> rows = new LinkedHashMap<>();
    for (FidelityCellRow cell : cells) {
      rows.computeIfAbsent(
              List.of(cell.caseName(), cell.simulator(), cell.metric()),
              key -> new LinkedHashMap<>())
          .put(cell.statistic().equals("single") ? "mean" : cell.statistic(), cell);
    }
    rows.forEach(
        (key, statistics) -> {
          List<String> row = new ArrayList<>(key);
          for (String statistic : SeriesScore.STATISTICS) {
            row.add(error(statistics.get(statistic)));
          }
          table.add(row);
        });
    return table;
  }

  /** An error as a report shows it. */
  static String error(FidelityCellRow cell) {
    if (cell == null) {
      return NOTHING;
    }
    String interval = interval(cell.percentErrorLow(), cell.percentErrorHigh());
    return "%s%s %s"
        .formatted(
            percent(cell.percentError()),
            interval.equals(NOTHING) ? "" : " " + interval,
            cell.verdict());
  }

  private static ReportTable distances(List<FidelityDistanceRow> rows) {
    ReportTable table =
        new ReportTable(
            "Distances of whole distributions",
            "Wasserstein-1 in percent of the measured mean; Kolmogorov-Smirnov from 0 to 1.",
            List.of("case", "simulator", "metric", "Wasserstein-1", "Kolmogorov-Smirnov"));
    for (FidelityDistanceRow row : rows) {
      table.add(
          List.of(
              row.caseName(),
              row.simulator(),
              row.metric(),
              unsigned(row.wasserstein1Percent()),
              "%.3f".formatted(row.kolmogorovSmirnov())));
    }
    return table;
  }

  private static ReportTable floors(List<FidelityCellRow> cells) {
    ReportTable table =
        new ReportTable(
            "Noise floor",
            "How far one measured run is from another of the same load, and the errors over that: 1"
                + " is as far as a further real run would be. Unknown where a run was not repeated.",
            List.of(
                "case",
                "simulator",
                "metric",
                "repeats",
                "floor p50",
                "floor p99",
                "error/floor p50",
                "error/floor p99"));
    Map<List<String>, Map<String, FidelityCellRow>> rows = new LinkedHashMap<>();
    TreeSet<String> unknown = new TreeSet<>();
    for (FidelityCellRow cell : cells) {
      if (!cell.basis().equals("request")) {
        continue;
      }
      if (cell.repeats() < 2) {
        unknown.add(cell.caseName());
      } else {
        rows.computeIfAbsent(
                List.of(cell.caseName(), cell.simulator(), cell.metric()),
                key -> new LinkedHashMap<>())
            .put(cell.statistic(), cell);
      }
    }
    rows.forEach(
        (key, statistics) -> {
          FidelityCellRow p50 = statistics.get("p50");
          FidelityCellRow p99 = statistics.get("p99");
          table.add(
              List.of(
                  key.get(0),
                  key.get(1),
                  key.get(2),
                  Integer.toString(p50.repeats()),
                  floor(p50),
                  floor(p99),
                  ratio(p50),
                  ratio(p99)));
        });
    unknown.forEach(
        name ->
            table.add(List.of(name, "all", "all", "1", "unknown", "unknown", NOTHING, NOTHING)));
    return table;
  }

  private static String floor(FidelityCellRow cell) {
    return cell.floorPercent() == null ? cell.floor() : unsigned(cell.floorPercent());
  }

  private static String ratio(FidelityCellRow cell) {
    return cell.errorPerFloor() == null ? NOTHING : "%.1f".formatted(cell.errorPerFloor());
  }

  private static ReportTable decisions(List<DecisionFidelityRow> rows) {
    ReportTable table =
        new ReportTable(
            "Decisions",
            "Would the simulator have led to the same configuration? Regret is what its pick costs"
                + " in reality over the best one.",
            List.of(
                "simulator",
                "device",
                "model",
                "load 1/s",
                "requests",
                "ranked by",
                "configurations",
                "tau",
                "pick",
                "best",
                "latency regret",
                "GPU regret",
                "$/h regret",
                "SLO agreement",
                "knee error"));
    for (DecisionFidelityRow row : rows) {
      table.add(
          List.of(
              row.simulator(),
              row.device(),
              row.model(),
              text(row.requestRatePerSecond()),
              text(row.requests()),
              row.metric() + " " + row.statistic(),
              Integer.toString(row.configurations()),
              row.kendallTauB() == null ? NOTHING : "%.2f".formatted(row.kendallTauB()),
              text(row.pick()),
              text(row.best()),
              unsigned(row.latencyRegretPercent()),
              text(row.gpuRegret()),
              row.dollarsPerHourRegret() == null
                  ? NOTHING
                  : "%.2f".formatted(row.dollarsPerHourRegret()),
              unsigned(row.sloAgreementPercent()),
              unsigned(row.kneeErrorPercent())));
    }
    return table;
  }

  private static String text(Object value) {
    return value instanceof Double number ? plain(number) : Objects.toString(value, NOTHING);
  }

  /** With sign and one digit. */
  static String percent(Double value) {
    return value == null ? NOTHING : String.format(Locale.ROOT, "%+.1f %%", value);
  }

  static String unsigned(Double value) {
    return value == null ? NOTHING : String.format(Locale.ROOT, "%.1f %%", value);
  }

  static String interval(Double low, Double high) {
    return low == null ? NOTHING : String.format(Locale.ROOT, "[%+.1f, %+.1f]", low, high);
  }

  static String plain(double number) {
    return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
  }
}
