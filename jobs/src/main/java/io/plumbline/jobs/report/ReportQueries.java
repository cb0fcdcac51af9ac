package io.plumbline.jobs.report;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.error.TimeParts;
import io.plumbline.jobs.report.ReportData.Compared;
import io.plumbline.jobs.report.ReportData.Distribution;
import io.plumbline.jobs.report.ReportData.PartMean;
import io.plumbline.jobs.report.ReportData.RequestPoint;
import io.plumbline.jobs.report.ReportData.SweepPoint;
import io.plumbline.jobs.table.ErrorSummaryRow;
import io.plumbline.jobs.table.RecordSchema;
import io.plumbline.jobs.table.RunRow;
import io.plumbline.jobs.table.Tables;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** Reads what a report shows from the tables. */
final class ReportQueries {
  /** Steps of a distribution: 201 points draw a smooth curve. */
  private static final int CDF_STEPS = 200;

  private static final int SCATTER_POINTS = 400;
  private static final List<String> METRIC_ORDER =
      List.of("ttft", "tpot", "e2e", "tbt", "token_latency");
  private static final List<String> STATISTIC_ORDER = List.of("mean", "p50", "p90", "p95", "p99");
  private static final List<String> PART_ORDER =
      List.of("queueing", "first_token", "prefill", "decode", "preemption", "host");
  private static final Map<String, Double> INTERVALS = Map.of("p50", 0.5, "p99", 0.99);
  private static final String FRACTIONS =
      IntStream.rangeClosed(0, CDF_STEPS)
          .mapToObj(i -> (double) i / CDF_STEPS + "D")
          .collect(Collectors.joining(", ", "array(", ")"));

  private final SparkSession spark;

  ReportQueries(SparkSession spark, String resultsDir) {
    this.spark = spark;
    Tables.register(spark, resultsDir);
  }

  /**
   * @param ids comparisons to show, by the first letters of their ids; empty for all
   * @param sweeps names of the sweeps to show; empty for all
   */
  ReportData load(List<String> ids, List<String> sweeps) {
    Map<String, List<ErrorSummaryRow>> summaries = summaries(ids);
    Map<String, RunRow> runs = runs(summaries);
    List<Compared> comparisons = new ArrayList<>();
    summaries.forEach(
        (id, rows) ->
            comparisons.add(
                new Compared(
                    id,
                    runs.get(rows.get(0).referenceRunId()),
                    runs.get(rows.get(0).simulatedRunId()),
                    rows,
                    new LinkedHashMap<>(),
                    new LinkedHashMap<>(),
                    TimeParts.of(spark, rows.get(0).referenceRunId(), rows.get(0).simulatedRunId()),
                    new LinkedHashMap<>(),
                    new ArrayList<>())));
    comparisons.sort(
        Comparator.comparing((Compared c) -> ReportData.name(c.reference()))
            .thenComparing(c -> ReportData.name(c.simulated()))
            .thenComparing(Compared::id));
    List<Compared> detailed =
        comparisons.subList(0, Math.min(comparisons.size(), ReportData.MAX_DETAILED));
    if (!detailed.isEmpty()) {
      addDistributions(detailed);
      addTbt(detailed);
      detailed.forEach(this::addRequests);
      addParts(detailed);
    }
    Dataset<Row> points = points(sweeps);
    long sweepPoints = points.count();
    return new ReportData(
        comparisons, sweepPoints == 0 ? List.of() : finished(points), sweepPoints);
  }

  private Map<String, List<ErrorSummaryRow>> summaries(List<String> ids) {
    List<ErrorSummaryRow> rows =
        spark.table("error_summary").collectAsList().stream()
            .map(row -> RecordSchema.record(row, ErrorSummaryRow.class))
            .sorted(
                Comparator.comparing(ErrorSummaryRow::comparisonId)
                    .thenComparing(row -> METRIC_ORDER.indexOf(row.metric()))
                    .thenComparing(row -> STATISTIC_ORDER.indexOf(row.statistic())))
            .toList();
    for (String id : ids) {
      if (rows.stream().noneMatch(row -> row.comparisonId().startsWith(id))) {
        throw new BadInputException(
            "no comparison \"%s\"; there are: %s"
                .formatted(
                    id,
                    rows.stream()
                        .map(ErrorSummaryRow::comparisonId)
                        .distinct()
                        .collect(Collectors.joining(", "))));
      }
    }
    return rows.stream()
        .filter(row -> ids.isEmpty() || ids.stream().anyMatch(row.comparisonId()::startsWith))
        .collect(
            Collectors.groupingBy(
                ErrorSummaryRow::comparisonId, LinkedHashMap::new, Collectors.toList()));
  }

  private Map<String, RunRow> runs(Map<String, List<ErrorSummaryRow>> summaries) {
    List<String> wanted =
        summaries.values().stream()
            .map(rows -> rows.get(0))
            .flatMap(row -> List.of(row.referenceRunId(), row.simulatedRunId()).stream())
            .distinct()
            .toList();
    Map<String, RunRow> runs =
        spark
            .table("run")
            .filter(functions.col("run_id").isin(wanted.toArray()))
            .collectAsList()
            .stream()
            .map(row -> RecordSchema.record(row, RunRow.class))
            .collect(Collectors.toMap(RunRow::runId, Function.identity(), (a, b) -> a));
    for (String id : wanted) {
      if (!runs.containsKey(id)) {
        throw new BadInputException(
            "run %s was compared but is not in the table run any more. Maybe write it again, or give --comparison."
                .formatted(id));
      }
    }
    return runs;
  }

  /** From request_error, so that the plots show exactly the requests that were compared. */
  private void addDistributions(List<Compared> comparisons) {
    Map<String, Compared> byId =
        comparisons.stream().collect(Collectors.toMap(Compared::id, Function.identity()));
    List<Row> rows =
        spark
            .table("request_error")
            .filter(functions.col("comparison_id").isin(byId.keySet().toArray()))
            .groupBy("comparison_id", "metric")
            .agg(
                functions.expr("percentile(reference_ns, " + FRACTIONS + ")").as("reference"),
                functions.expr("percentile(simulated_ns, " + FRACTIONS + ")").as("simulated"),
                functions.expr("100 * avg(abs(relative_error))").as("mape"))
            .collectAsList();
    for (Row row : rows) {
      byId.get(row.<String>getAs("comparison_id"))
          .distributions()
          .put(
              row.getAs("metric"),
              new Distribution(
                  row.getList(row.fieldIndex("reference")),
                  row.getList(row.fieldIndex("simulated")),
                  row.getAs("mape")));
    }
  }

  private void addTbt(List<Compared> comparisons) {
    List<String> runIds =
        comparisons.stream()
            .flatMap(c -> List.of(c.reference().runId(), c.simulated().runId()).stream())
            .distinct()
            .toList();
    Map<String, List<Double>> quantiles = new HashMap<>();
    spark
        .table("token_timing")
        .filter(functions.col("run_id").isin(runIds.toArray()))
        .filter("tbt_ns IS NOT NULL")
        .groupBy("run_id")
        .agg(functions.expr("percentile(tbt_ns, " + FRACTIONS + ")"))
        .collectAsList()
        .forEach(row -> quantiles.put(row.getString(0), row.getList(1)));
    for (Compared c : comparisons) {
      List<Double> reference = quantiles.get(c.reference().runId());
      List<Double> simulated = quantiles.get(c.simulated().runId());
      if (reference != null && simulated != null) {
        c.distributions().put("tbt", new Distribution(reference, simulated, null));
      }
    }
  }

  /**
   * All requests where they are few enough for intervals, else the regular sample that is drawn.
   */
  private void addRequests(Compared compared) {
    long requests = compared.summary().get(0).samples();
    long drawn = Math.max(1, (requests + SCATTER_POINTS - 1) / SCATTER_POINTS);
    boolean all = requests <= ErrorInterval.MOST_REQUESTS;
    List<Row> rows =
        spark
            .table("request_error")
            .filter(functions.col("comparison_id").equalTo(compared.id()))
            .filter("request_id % " + (all ? 1 : drawn) + " = 0")
            .orderBy("request_id", "metric")
            .collectAsList();
    Map<String, List<RequestPoint>> points = new LinkedHashMap<>();
    for (Row row : rows) {
      points
          .computeIfAbsent(row.getAs("metric"), metric -> new ArrayList<>())
          .add(
              new RequestPoint(
                  row.getAs("request_id"), row.getAs("reference_ns"), row.getAs("simulated_ns")));
    }
    points.forEach(
        (metric, of) -> {
          if (all) {
            addIntervals(compared, metric, of);
          }
          compared
              .requests()
              .put(metric, of.stream().filter(p -> p.requestId() % drawn == 0).toList());
        });
  }

  private static void addIntervals(Compared compared, String metric, List<RequestPoint> requests) {
    INTERVALS.forEach(
        (statistic, fraction) -> {
          ErrorInterval interval = ErrorInterval.of(requests, fraction);
          if (interval != null) {
            compared.intervals().put(Compared.key(metric, statistic), interval);
          }
        });
  }

  private void addParts(List<Compared> comparisons) {
    List<Row> rows =
        spark
            .table("error_attribution")
            .groupBy("reference_run_id", "simulated_run_id", "part")
            .agg(
                functions.avg("reference_ns").as("reference"),
                functions.avg("simulated_ns").as("simulated"))
            .collectAsList();
    for (Compared c : comparisons) {
      rows.stream()
          .filter(row -> row.getAs("reference_run_id").equals(c.reference().runId()))
          .filter(row -> row.getAs("simulated_run_id").equals(c.simulated().runId()))
          .map(
              row ->
                  new PartMean(row.getAs("part"), row.getAs("reference"), row.getAs("simulated")))
          .sorted(Comparator.comparing(part -> PART_ORDER.indexOf(part.part())))
          .forEach(c.parts()::add);
    }
  }

  private Dataset<Row> points(List<String> sweeps) {
    Dataset<Row> all = spark.table("sweep_point");
    List<String> known =
        all.select("sweep").distinct().orderBy("sweep").as(Encoders.STRING()).collectAsList();
    for (String sweep : sweeps) {
      if (!known.contains(sweep)) {
        throw new BadInputException(
            "no sweep \"%s\"; there are: %s".formatted(sweep, String.join(", ", known)));
      }
    }
    return sweeps.isEmpty() ? all : all.filter(functions.col("sweep").isin(sweeps.toArray()));
  }

  private List<SweepPoint> finished(Dataset<Row> points) {
    Dataset<Row> times =
        spark.sql(
            """
            SELECT run_id, percentile(ttft_ns, array(0.5D, 0.99D)) AS ttft,
              percentile(tpot_ns, 0.99D) AS tpot
            FROM request_timing WHERE origin = 'simulated' AND outcome = 'COMPLETED'
            GROUP BY run_id
            """);
    Dataset<Row> utilization =
        spark.sql(
            """
            SELECT run_id, avg(mean_percent) FILTER (WHERE metric = 'busy') AS busy,
              avg(mean_percent) FILTER (WHERE metric = 'mfu') AS mfu
            FROM utilization WHERE origin = 'simulated'
            GROUP BY run_id
            """);
    return points
        .join(spark.table("run").filter("origin = 'simulated' AND outcome = 'completed'"), "run_id")
        .join(times, new String[] {"run_id"}, "left")
        .join(utilization, new String[] {"run_id"}, "left")
        .orderBy(
            functions.col("sweep"),
            functions.col("throughput_tokens_per_second").desc_nulls_last(),
            functions.col("position"))
        .limit(ReportData.MAX_SWEEP_POINTS)
        .collectAsList()
        .stream()
        .map(ReportQueries::sweepPoint)
        .toList();
  }

  private static SweepPoint sweepPoint(Row row) {
    int ttft = row.fieldIndex("ttft");
    return new SweepPoint(
        row.getAs("sweep"),
        row.getAs("axes_json"),
        RecordSchema.record(row, RunRow.class),
        row.isNullAt(ttft) ? null : row.<Double>getList(ttft).get(0),
        row.isNullAt(ttft) ? null : row.<Double>getList(ttft).get(1),
        row.getAs("tpot"),
        row.getAs("busy"),
        row.getAs("mfu"));
  }
}
