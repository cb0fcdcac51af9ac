package io.plumbline.jobs.score;

import io.plumbline.files.Names;
import io.plumbline.jobs.error.ErrorMetrics;
import io.plumbline.simulator.latency.HostBoundSpec;
import io.plumbline.simulator.latency.PredictorSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How far the predictions of a grid are, as tables in Markdown and point by point. */
public final class GridTable {
  private static final String OTHERS = "of the source";

  private final List<ScoredPoint> points;
  private final List<Latencies> predictions;

  private GridTable(List<ScoredPoint> points, List<Latencies> predictions) {
    this.points = points;
    this.predictions = predictions;
  }

  /** Predicts all points, several at a time. */
  public static GridTable of(List<ScoredPoint> points) {
    return new GridTable(points, points.parallelStream().map(ScoredPoint::predict).toList());
  }

  /**
   * One line per device and predictor: of each percentile the median over the points of its
   * absolute error, in brackets with its sign. What another simulator had predicted for the same
   * points is a line of its own.
   */
  public String markdown() {
    Map<String, Errors> lines = new TreeMap<>();
    for (int i = 0; i < points.size(); i++) {
      ScoredPoint point = points.get(i);
      String device = "%s, %s".formatted(point.grid(), point.device());
      Latencies measured = point.measured().latencies();
      lines
          .computeIfAbsent(row(device, kind(point.spec().predictor())), key -> new Errors())
          .add(measured, predictions.get(i));
      for (Latencies other : point.others()) {
        lines.computeIfAbsent(row(device, OTHERS), key -> new Errors()).add(measured, other);
      }
    }
    StringBuilder text = new StringBuilder("| grid, device | predictor | points |");
    for (Latencies.Statistic statistic : Latencies.Statistic.values()) {
      text.append(' ').append(statistic.title()).append(" |");
    }
    text.append("\n|---|---|---|").append("---|".repeat(Latencies.Statistic.values().length));
    lines.forEach((row, errors) -> text.append('\n').append(row).append(errors.text()));
    return text.append('\n').toString();
  }

  private static String row(String device, String predictor) {
    return "| %s | %s |".formatted(device, predictor);
  }

  private static String kind(PredictorSpec predictor) {
    String kind = Names.kind(predictor.getClass());
    return predictor instanceof HostBoundSpec bound ? kind + " " + kind(bound.kernels()) : kind;
  }

  /** Signed errors by statistic. */
  private static final class Errors {
    private final Map<Latencies.Statistic, List<Double>> percent = new LinkedHashMap<>();
    private int count;

    private void add(Latencies measured, Latencies predicted) {
      count++;
      for (Latencies.Statistic statistic : Latencies.Statistic.values()) {
        Double error = predicted.percentError(measured, statistic);
        if (error != null) {
          percent.computeIfAbsent(statistic, key -> new ArrayList<>()).add(error);
        }
      }
    }

    private String text() {
      StringBuilder text = new StringBuilder(" %d |".formatted(count));
      for (Latencies.Statistic statistic : Latencies.Statistic.values()) {
        List<Double> errors = percent.get(statistic);
        text.append(
            errors == null
                ? " – |"
                : String.format(
                    Locale.ROOT,
                    " %.1f %% (%+.1f) |",
                    median(errors.stream().mapToDouble(Math::abs).toArray()),
                    median(errors.stream().mapToDouble(e -> e).toArray())));
      }
      return text.toString();
    }

    private static double median(double[] values) {
      return ErrorMetrics.percentile(values, 0.5);
    }
  }

  /** One line per point: what it is, then measured and predicted nanoseconds. */
  public String csv() {
    StringBuilder text =
        new StringBuilder(
            "grid,device,model,replicas,tensor_parallel,requests_per_second,requests,point");
    for (Latencies.Statistic statistic : Latencies.Statistic.values()) {
      String name = statistic.name().toLowerCase(Locale.ROOT);
      text.append(",%s_measured_ns,%s_predicted_ns".formatted(name, name));
    }
    for (int i = 0; i < points.size(); i++) {
      ScoredPoint point = points.get(i);
      MeasuredPoint measured = point.measured();
      text.append(
          "%n%s,%s,%s,%d,%d,%s,%d,%s"
              .formatted(
                  point.grid(),
                  point.device(),
                  point.model(),
                  measured.deployed().replicas(),
                  measured.deployed().tensorParallel(),
                  measured.load().requestsPerSecond(),
                  point.workloads().get(0).size(),
                  measured.name()));
      for (Latencies.Statistic statistic : Latencies.Statistic.values()) {
        text.append(',').append(nanos(measured.latencies().get(statistic)));
        text.append(',').append(nanos(predictions.get(i).get(statistic)));
      }
    }
    return text.append('\n').toString();
  }

  private static String nanos(Double value) {
    return value == null ? "" : Long.toString(Math.round(value));
  }
}
