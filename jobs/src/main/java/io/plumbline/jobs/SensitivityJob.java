package io.plumbline.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import io.plumbline.jobs.sensitivity.AxisIndex;
import io.plumbline.jobs.sensitivity.GridSensitivity;
import io.plumbline.jobs.table.Catalog;
import io.plumbline.jobs.table.SparkSessions;
import io.plumbline.jobs.table.Tables;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says which axes of a sweep move a metric. */
@Command(
    name = "sensitivity",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Says which axes of a sweep move a metric: Sobol's first-order and total indices, and Morris's"
          + " elementary effects, over the full grid of the sweep, all points counting the same. An"
          + " axis of seeds shows what is noise.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:answered", "2:the sweep or metric is unknown, or the sweep is no full grid"},
    footer = {"", "Example:", "  sensitivity quickstart --metric ttft_p99_ns"})
public final class SensitivityJob implements Callable<Integer> {
  private static final String VIEW = "sweep_result";

  @Parameters(index = "0", paramLabel = "SWEEP", description = "Name of a sweep.")
  private String sweep;

  @Option(
      names = "--metric",
      paramLabel = "COLUMN",
      description = "Column of the view sweep_result. Default: ${DEFAULT-VALUE}.",
      defaultValue = "ttft_p99_ns")
  private String metric;

  @Mixin private ResultsOption results;

  @Spec private CommandSpec spec;

  /** Runs the job alone, as spark-submit does. */
  public static void main(String[] args) {
    JobCommand.runAndExit(new SensitivityJob(), args);
  }

  @Override
  public Integer call() {
    requireMetric();
    SparkSession spark = SparkSessions.open("plumbline sensitivity");
    Tables.register(spark, results.readableDir());
    List<Row> rows =
        spark
            .table(VIEW)
            .filter(functions.col("sweep").equalTo(sweep))
            .orderBy("position")
            .select(functions.col("axes_json"), functions.col(metric).cast("double"))
            .collectAsList();
    if (rows.isEmpty()) {
      throw new BadInputException(
          "no finished point of a sweep %s. Maybe one of: %s."
              .formatted(
                  sweep,
                  spark
                      .sql("SELECT DISTINCT sweep FROM sweep_point ORDER BY 1")
                      .collectAsList()
                      .stream()
                      .map(row -> row.getString(0))
                      .collect(Collectors.joining(", "))));
    }
    List<GridSensitivity.Point> points =
        rows.stream()
            .filter(row -> !row.isNullAt(1))
            .map(row -> new GridSensitivity.Point(axes(row.getString(0)), row.getDouble(1)))
            .toList();
    print(new GridSensitivity(points).indices(), points.size());
    return JobCommand.DONE;
  }

  private void requireMetric() {
    Set<String> numbers =
        Catalog.relation(VIEW).columns().stream()
            .filter(column -> !column.type().equals("string"))
            .map(Catalog.ColumnInfo::name)
            .collect(Collectors.toCollection(TreeSet::new));
    if (!numbers.contains(metric)) {
      throw new BadInputException(
          "--metric (%s) is no number of %s. Maybe one of: %s."
              .formatted(metric, VIEW, String.join(", ", numbers)));
    }
  }

  private static Map<String, String> axes(String json) {
    Map<String, String> axes = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> axis : Json.parseTree("axes_json", json).properties()) {
      JsonNode value = axis.getValue();
      axes.put(axis.getKey(), value.isTextual() ? value.textValue() : value.toString());
    }
    return axes;
  }

  private void print(List<AxisIndex> indices, int points) {
    PrintWriter out = spec.commandLine().getOut();
    out.println("%s of %s, %d points:%n".formatted(metric, sweep, points));
    out.println(
        "%-28s %6s %11s %8s %14s %14s"
            .formatted("axis", "values", "first order", "total", "mean |effect|", "deviation"));
    for (AxisIndex index : indices) {
      out.println(
          "%-28s %6d %11s %8s %14s %14s"
              .formatted(
                  index.axis(),
                  index.values(),
                  text("%.4f", index.firstOrder()),
                  text("%.4f", index.total()),
                  text("%.6g", index.meanAbsoluteEffect()),
                  text("%.6g", index.effectDeviation())));
    }
    out.flush();
  }

  private static String text(String format, Double value) {
    return value == null ? "-" : format.formatted(value);
  }
}
