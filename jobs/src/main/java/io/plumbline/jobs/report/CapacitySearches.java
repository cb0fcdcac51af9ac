package io.plumbline.jobs.report;

import io.plumbline.jobs.table.ParetoRow;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** What a report says of capacity searches, the same in Markdown and HTML. */
final class CapacitySearches {
  static final String TITLE = "Capacity";

  static final String SCOPE =
      "The highest arrival rate at which each configuration meets the objective, with its 95 %"
          + " confidence interval over seeds; latencies are those at that rate. Tables capacity,"
          + " capacity_probe and pareto.";

  static final List<String> HEADER =
      List.of(
          "rank",
          "device",
          "configuration",
          "objective",
          "devices",
          "requests/s",
          "95 % interval",
          "operating point, requests/s",
          "per device",
          "per dollar",
          "per joule",
          "$ per 1M output tokens",
          "TTFT P90, ms",
          "TBT P99, ms",
          "front");

  private static final int FIRST_NUMBER = 4;
  private static final int MOST_ROWS = 12;
  private static final double NANOS_PER_MILLI = 1e6;

  /**
   * What was searched for one model and one workload.
   *
   * @param workload as JSON
   */
  record Question(String search, String model, String workload, List<ParetoRow> rows) {

    String title() {
      return "%s: %s".formatted(search, model);
    }

    /** How many configurations were found, and what became of the others. */
    String scope() {
      return "%s · %d found, %d without capacity, %d skipped, %d broken"
          .formatted(
              workload,
              count("found"),
              count("none") + count("unbounded"),
              count("skipped"),
              count("broken"));
    }

    private long count(String outcome) {
      return rows.stream().filter(row -> row.outcome().equals(outcome)).count();
    }

    List<ParetoRow> found() {
      return rows.stream().filter(row -> row.requestsPerSecond() != null).toList();
    }

    /** The best of each device by objective, then the best of the others. */
    List<ParetoRow> shown() {
      return found().stream()
          .sorted(
              Comparator.comparingInt(
                      (ParetoRow row) -> Objects.equals(row.rankOnDevice(), 1) ? 0 : 1)
                  .thenComparing(row -> row.rank() == null ? Integer.MAX_VALUE : row.rank())
                  .thenComparing(ParetoRow::position))
          .limit(MOST_ROWS)
          .toList();
    }
  }

  private CapacitySearches() {}

  static boolean isNumber(int column) {
    return column >= FIRST_NUMBER && column < HEADER.size() - 1;
  }

  static List<String> cells(ParetoRow row) {
    return List.of(
        row.rank() == null
            ? "–"
            : "%d (%d of its device)".formatted(row.rank(), row.rankOnDevice()),
        row.device(),
        plain(row.axesJson()),
        plain(row.sloJson()),
        String.valueOf(row.devices()),
        number("%.4g", row.requestsPerSecond()),
        row.lowerRequestsPerSecond() == null
            ? "–"
            : number("%.4g", row.lowerRequestsPerSecond())
                + " to "
                + number("%.4g", row.upperRequestsPerSecond()),
        number("%.4g", row.operatingRequestsPerSecond()),
        number("%.4g", row.requestsPerSecondPerDevice()),
        number("%.5g", row.requestsPerDollar()),
        number("%.3g", row.requestsPerJoule()),
        number("%.3g", row.dollarsPerMillionOutputTokens()),
        millis(row.ttftP90Ns()),
        millis(row.tbtP99Ns()),
        front(row));
  }

  private static String front(ParetoRow row) {
    boolean ttft = row.onTtftFront() != null && row.onTtftFront() == 1;
    boolean tbt = row.onTbtFront() != null && row.onTbtFront() == 1;
    return ttft && tbt ? "TTFT, TBT" : ttft ? "TTFT" : tbt ? "TBT" : "–";
  }

  /** {@code {"a":1,"b":"x"}} as {@code a=1 b=x}, which is what a person would write. */
  static String plain(String json) {
    return json.replaceAll("[{}\"]", "").replace(":", "=").replace(",", " ");
  }

  private static String number(String format, Double value) {
    return value == null ? "–" : String.format(Locale.ROOT, format, value);
  }

  private static String millis(Double nanos) {
    return nanos == null ? "–" : number("%.1f", nanos / NANOS_PER_MILLI);
  }
}
