package io.plumbline.jobs.report;

import io.plumbline.jobs.error.TimeParts;
import io.plumbline.jobs.table.ErrorSummaryRow;
import io.plumbline.jobs.table.RunRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Everything a report shows, small enough to hold: distributions are cut to quantiles and scatter
 * plots to samples before they get here.
 *
 * @param comparisons in the order of their reference and simulated runs
 * @param sweep points of sweeps, at most {@link #MAX_SWEEP_POINTS}
 * @param sweepPoints how many points there are in all, also those without a finished run
 */
record ReportData(List<Compared> comparisons, List<SweepPoint> sweep, long sweepPoints) {
  /** Comparisons that get their own section with plots; the others are in the overview only. */
  static final int MAX_DETAILED = 20;

  static final int MAX_SWEEP_POINTS = 500;

  /**
   * One comparison.
   *
   * @param summary its statistics, metric by metric
   * @param distributions by metric
   * @param requests requests drawn one by one, by metric; a regular sample if there are many
   * @param timeParts what the gap is made of; null if the runs do not say
   * @param intervals of the percent errors, by metric and statistic; none of large comparisons
   * @param parts what E2E is made of, from the table error_attribution; none if it was not asked
   */
  record Compared(
      String id,
      RunRow reference,
      RunRow simulated,
      List<ErrorSummaryRow> summary,
      Map<String, Distribution> distributions,
      Map<String, List<RequestPoint>> requests,
      TimeParts timeParts,
      Map<String, ErrorInterval> intervals,
      List<PartMean> parts) {

    /** Null if it is unknown. */
    ErrorInterval interval(ErrorSummaryRow row) {
      return intervals.get(key(row.metric(), row.statistic()));
    }

    static String key(String metric, String statistic) {
      return metric + " " + statistic;
    }

    ErrorSummaryRow statistic(String metric, String statistic) {
      return summary.stream()
          .filter(row -> row.metric().equals(metric) && row.statistic().equals(statistic))
          .findFirst()
          .orElse(null);
    }
  }

  /**
   * Both sides' quantiles at the same evenly spaced fractions from 0 to 1, in ns.
   *
   * @param meanAbsolutePercentError over requests; null for tbt, whose values have no pairs here
   */
  record Distribution(
      List<Double> referenceNs, List<Double> simulatedNs, Double meanAbsolutePercentError) {}

  /** Mean over requests of one part of their E2E, in ns. */
  record PartMean(String part, double referenceNs, double simulatedNs) {
    double errorNs() {
      return simulatedNs - referenceNs;
    }
  }

  /** One request's value on both sides. */
  record RequestPoint(int requestId, double referenceNs, double simulatedNs) {}

  /**
   * One point of a sweep and its run; times are null if no request completed.
   *
   * @param axesJson the values that vary in the sweep
   * @param busyPercent mean of all stages of all replicas; null if the run has no utilization
   * @param mfuPercent the same of MFU
   */
  record SweepPoint(
      String sweep,
      String axesJson,
      RunRow run,
      Double ttftP50Ns,
      Double ttftP99Ns,
      Double tpotP99Ns,
      Double busyPercent,
      Double mfuPercent) {}

  /** The points by the name of their sweep. */
  Map<String, List<SweepPoint>> sweeps() {
    return sweep.stream()
        .collect(Collectors.groupingBy(SweepPoint::sweep, LinkedHashMap::new, Collectors.toList()));
  }

  /** What a person calls a run: its label, else its engine. */
  static String name(RunRow run) {
    if (run.label() != null) {
      return run.label();
    }
    return run.engine() == null ? run.runId() : run.engine();
  }
}
