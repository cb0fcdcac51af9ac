package io.plumbline.jobs.conformance;

import io.plumbline.jobs.profile.DumpedTables;
import io.plumbline.jobs.report.TextTable;
import io.plumbline.jobs.report.TextTable.Align;
import io.plumbline.jobs.training.TrainedOperator;
import io.plumbline.jobs.training.TrainedTables;
import io.plumbline.simulator.latency.AttentionOperator;
import io.plumbline.simulator.latency.HostOperator;
import io.plumbline.simulator.latency.Operator;
import io.plumbline.simulator.latency.OperatorTimes;
import io.plumbline.simulator.latency.TokenOperator;
import io.plumbline.simulator.learning.ForestDraws;
import io.plumbline.simulator.learning.LearnerSpec;
import io.plumbline.simulator.learning.RandomForestSpec;
import io.plumbline.simulator.metrics.VidurMetrics;
import io.plumbline.simulator.metrics.VidurRequestMetric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.math3.stat.descriptive.rank.Percentile.EstimationType;

/**
 * Holds a run with predictions of our own against the original's. Both learned from the same
 * measurements. If the original's random numbers are known, nothing may differ; else the two drew
 * other samples, and what they say can only be near.
 */
final class OwnComparison {
  private static final double REQUEST_LIMIT = 0.01;
  private static final double TABLE_MEDIAN_LIMIT = 0.01;
  private static final double TABLE_P99_LIMIT = 0.05;

  /** Vidur's own capacity search calls a run saturated above this. */
  private static final double SATURATED_DELAY_SECONDS = 5;

  private static final double[] PERCENTILES = {50, 90, 99};
  private static final List<VidurRequestMetric> METRICS =
      List.of(
          VidurRequestMetric.PREFILL_E2E_TIME,
          VidurRequestMetric.REQUEST_E2E_TIME,
          VidurRequestMetric.REQUEST_EXECUTION_TIME);

  private final VidurCase golden;
  private final boolean isForest;
  private final boolean isExact;
  private final List<String> notes;
  private boolean requestsJudged;
  private String first;
  private String counts = "";

  /**
   * @param notes what is known of the predictions
   */
  OwnComparison(VidurCase golden, LearnerSpec learner, List<String> notes) {
    this.golden = golden;
    this.isForest = learner instanceof RandomForestSpec;
    this.isExact =
        learner instanceof RandomForestSpec forest
            && forest.draws() == ForestDraws.VIDUR
            && !golden.operators().isMissingNode();
    this.notes = new ArrayList<>(notes);
  }

  private double limit(double ifNotExact) {
    return isExact ? 0 : ifNotExact;
  }

  CaseResult result() {
    Verdict nothingFailed = requestsJudged ? Verdict.PASS : Verdict.UNJUDGED;
    return new CaseResult(
        golden.name(),
        first == null ? nothingFailed : Verdict.FAIL,
        counts,
        List.of(),
        first,
        notes);
  }

  /** Compares the times of requests that both completed. */
  void requests(VidurMetrics ours) {
    Map<VidurRequestMetric, double[]> recorded = new LinkedHashMap<>();
    List<Double> delays = new ArrayList<>();
    int size = ours.requests(METRICS.get(0)).length;
    METRICS.forEach(metric -> recorded.put(metric, nothing(size)));
    golden.forEach(
        "request_metrics",
        row -> {
          int id = row.integer("Request Id", 0);
          recorded.forEach((metric, values) -> values[id] = row.numberOrNan(metric.columnName()));
          double delay = row.numberOrNan(VidurRequestMetric.REQUEST_SCHEDULING_DELAY.columnName());
          if (!Double.isNaN(delay)) {
            delays.add(delay);
          }
        });
    double delayP99 = percentile(delays.stream().mapToDouble(Double::doubleValue).toArray(), 99);
    String unjudged = unjudged(delayP99);
    requestsJudged = unjudged == null;
    TextTable table =
        new TextTable(
            List.of(Align.LEFT, Align.LEFT, Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.LEFT),
            List.of("metric", "statistic", "original s", "ours s", "error %", "verdict"));
    recorded.forEach(
        (metric, values) -> compare(metric, values, ours.requests(metric), unjudged, table));
    counts = "%d requests".formatted(size);
    table.text().lines().forEach(notes::add);
    if (unjudged != null) {
      notes.add("not judged: " + unjudged);
    }
  }

  /** Why a case is not held to the limit; null if it is. */
  private String unjudged(double delayP99) {
    if (!isForest) {
      return "only random forests are; polynomials of degree 5 of unscaled sizes are not determined"
          + " to more than a few digits";
    }
    return !isExact && delayP99 > SATURATED_DELAY_SECONDS
        ? String.format(
            Locale.ROOT, "it is saturated (P99 of the scheduling delay %.1f s)", delayP99)
        : null;
  }

  private void compare(
      VidurRequestMetric metric,
      double[] recorded,
      double[] ours,
      String unjudged,
      TextTable table) {
    double[] theirs = Arrays.stream(recorded).filter(v -> !Double.isNaN(v)).toArray();
    double[] found = Arrays.stream(ours).filter(v -> !Double.isNaN(v)).toArray();
    for (double percent : PERCENTILES) {
      double expected = percentile(theirs, percent);
      double value = percentile(found, percent);
      double error = value / expected - 1;
      boolean near = Math.abs(error) <= limit(REQUEST_LIMIT);
      String verdict = unjudged != null ? "-" : near ? "PASS" : "FAIL";
      table.add(
          List.of(
              metric.columnName(),
              "p%.0f".formatted(percent),
              String.format(Locale.ROOT, "%.6f", expected),
              String.format(Locale.ROOT, "%.6f", value),
              String.format(Locale.ROOT, "%+.3f", 100 * error),
              verdict));
      if (unjudged == null && !near) {
        differ(
            String.format(
                Locale.ROOT,
                "%s p%.0f: recorded %s s, ours %s s, more than %.0f %% apart",
                metric.columnName(),
                percent,
                expected,
                value,
                100 * limit(REQUEST_LIMIT)));
      }
    }
  }

  /** Compares whole tables of predictions, and says what training them took. */
  void tables(DumpedTables recorded, TrainedTables own) {
    Map<Operator, List<Double>> apart = new LinkedHashMap<>();
    // Recorded sets may serve several deployments; this one trains only what it runs.
    Set<String> trained =
        own.operators().stream().map(TrainedOperator::operator).collect(Collectors.toSet());
    recorded.forEach(
        (operator, firstKey, secondKey, ms) -> {
          if (trained.contains(operator.profileName())) {
            apart
                .computeIfAbsent(operator, unused -> new ArrayList<>())
                .add(relative(ms, ms(own.times(), operator, firstKey, secondKey)));
          }
        });
    TextTable table =
        new TextTable(
            List.of(
                Align.LEFT,
                Align.RIGHT,
                Align.RIGHT,
                Align.RIGHT,
                Align.RIGHT,
                Align.RIGHT,
                Align.RIGHT,
                Align.LEFT),
            List.of(
                "operator",
                "cells",
                "different",
                "median %",
                "p99 %",
                "largest %",
                "cpu s",
                "verdict"));
    apart.forEach(
        (operator, differences) -> {
          double[] values = differences.stream().mapToDouble(Double::doubleValue).toArray();
          double median = percentile(values, 50);
          double p99 = percentile(values, 99);
          double largest = Arrays.stream(values).max().orElse(0);
          boolean near =
              median <= limit(TABLE_MEDIAN_LIMIT)
                  && p99 <= limit(TABLE_P99_LIMIT)
                  && (!isExact || largest == 0);
          table.add(
              List.of(
                  operator.profileName(),
                  String.valueOf(values.length),
                  String.valueOf(Arrays.stream(values).filter(value -> value != 0).count()),
                  String.format(Locale.ROOT, "%.3f", 100 * median),
                  String.format(Locale.ROOT, "%.3f", 100 * p99),
                  String.format(Locale.ROOT, "%.3f", 100 * largest),
                  cpuSeconds(own, operator),
                  near ? "PASS" : isForest ? "FAIL" : "-"));
          if (isForest && !near) {
            differ(
                String.format(
                    Locale.ROOT,
                    "table %s: median %.3f %%, p99 %.3f %% apart",
                    operator.profileName(),
                    100 * median,
                    100 * p99));
          }
        });
    notes.add("tables " + golden.tables().getFileName() + ":");
    table.text().lines().forEach(notes::add);
    notes.add(
        String.format(
            Locale.ROOT,
            "training them: %.1f s of CPU, the original %.0f s",
            own.cpuSeconds(),
            golden.trainingCpuSeconds()));
  }

  private static String cpuSeconds(TrainedTables own, Operator operator) {
    return own.operators().stream()
        .filter(trained -> trained.operator().equals(operator.profileName()))
        .map(trained -> String.format(Locale.ROOT, "%.2f", trained.cpuSeconds()))
        .findFirst()
        .orElse("");
  }

  private static double ms(OperatorTimes times, Operator operator, int first, long second) {
    if (operator instanceof TokenOperator token) {
      return times.tokenOperatorMs(token, first);
    }
    if (operator instanceof HostOperator host) {
      return times.hostOperatorMs(host, first);
    }
    return operator == AttentionOperator.DECODE
        ? times.decodeAttentionMs(first, (int) second)
        : times.prefillAttentionMs(first, (int) Math.round(Math.sqrt(second)));
  }

  private static double relative(double recorded, double ours) {
    return recorded == ours ? 0 : Math.abs(ours - recorded) / Math.abs(recorded);
  }

  private static double percentile(double[] values, double percent) {
    // As NumPy and pandas do: linear between the two nearest.
    return new Percentile().withEstimationType(EstimationType.R_7).evaluate(values, percent);
  }

  private static double[] nothing(int size) {
    double[] values = new double[size];
    Arrays.fill(values, Double.NaN);
    return values;
  }

  private void differ(String what) {
    if (first == null) {
      first = what;
    }
  }
}
