package io.plumbline.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.simulator.metrics.VidurBatchMetric;
import io.plumbline.simulator.metrics.VidurMetrics;
import io.plumbline.simulator.metrics.VidurOperation;
import io.plumbline.simulator.metrics.VidurOperationTimes;
import io.plumbline.simulator.metrics.VidurRequestMetric;
import io.plumbline.simulator.metrics.VidurSeries;
import io.plumbline.trace.run.IterationRequests;
import io.plumbline.trace.run.IterationTiming;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.run.Utilization;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Compares metrics with those that the original Vidur wrote about a recorded run. */
final class GoldenMetrics {
  private static final String ID = "Request Id";
  private static final String BATCH = "Batch Id";
  private static final String INTER_ARRIVAL = "request_inter_arrival_delay";

  private GoldenMetrics() {}

  /** All columns of all rows of {@code request_metrics.csv}, to the last bit. */
  static void assertRequestMetrics(GoldenVidur golden, VidurMetrics metrics) {
    Map<String, double[]> columns = new TreeMap<>();
    for (VidurRequestMetric metric : VidurRequestMetric.values()) {
      columns.put(metric.columnName(), metrics.requests(metric));
    }
    columns.put(INTER_ARRIVAL, metrics.interArrivalSeconds());

    Set<Integer> rows = new TreeSet<>();
    for (Map<String, String> row : golden.requestMetrics()) {
      int request = Integer.parseInt(row.get(ID));
      rows.add(request);
      assertThat(row.keySet()).hasSize(columns.size() + 1).containsAll(columns.keySet());
      columns.forEach(
          (name, values) ->
              assertThat(values[request])
                  .as("%s of request %d", name, request)
                  .isEqualTo(Double.valueOf(number(row.get(name)))));
    }
    assertThat(rows)
        .containsExactlyElementsOf(
            IntStream.range(0, golden.workload.size()).filter(metrics::hasRow).boxed().toList());
  }

  /** What the metrics store wrote about the run as a whole, for the few runs that kept it. */
  static void assertRunMetrics(GoldenVidur golden, VidurMetrics metrics) {
    if (golden.hasMetrics()) {
      assertUtilization(golden, metrics);
      assertSeries(golden, metrics);
      assertBatches(golden, metrics);
      assertOperations(golden, metrics);
    }
  }

  /** Our iterations, rounded to nanoseconds, carry what Vidur's Chrome trace shows. */
  static void assertChromeTrace(GoldenVidur golden, RunTrace trace) {
    long startNanos = golden.workload.request(0).arrivalNanos();
    Map<String, IterationTiming> byBatchAndStage = new HashMap<>();
    for (IterationTiming it : trace.iterations()) {
      byBatchAndStage.put(it.iteration() + "/" + it.stage(), it);
    }
    List<GoldenVidur.Slice> slices = golden.chromeTrace();
    // A run that stops at a time limit has batches that are not done.
    assertThat(slices.size())
        .isBetween(
            trace.iterations().size()
                - golden.configInt("", "num_pipeline_stages")
                    * golden.configInt("", "num_replicas"),
            trace.iterations().size());
    for (GoldenVidur.Slice slice : slices) {
      IterationTiming it = byBatchAndStage.get(slice.batch() + "/" + slice.stage());
      assertThat(it.replica()).isEqualTo(slice.replica());
      assertThat((it.startNanos() - startNanos) / 1e3)
          .isCloseTo(slice.startMicros(), within(0.001));
      assertThat(it.durationNanos() / 1e3).isCloseTo(slice.durationMicros(), within(0.0015));
      IterationRequests requests = trace.iterationRequests();
      assertThat(joined(requests.size(slice.batch()), i -> requests.requestId(slice.batch(), i)))
          .isEqualTo(slice.requestIds());
      assertThat(joined(requests.size(slice.batch()), i -> requests.tokens(slice.batch(), i)))
          .isEqualTo(slice.tokens());
    }
  }

  private static String joined(int count, IntUnaryOperator value) {
    return IntStream.range(0, count)
        .map(value)
        .mapToObj(String::valueOf)
        .collect(Collectors.joining(", "));
  }

  private static void assertUtilization(GoldenVidur golden, VidurMetrics metrics) {
    for (Utilization found : metrics.utilization()) {
      String of = "replica_%d".formatted(found.replica() + 1);
      if (found.stage() != null) {
        of += "_stage_%d".formatted(found.stage() + 1);
      }
      String name =
          of
              + switch (found.metric()) {
                case MEMORY -> "_memory_usage";
                case BUSY -> "_busy_time_percent";
                case MFU -> "_mfu";
              };
      assertClose(
          name,
          new double[] {found.minPercent(), found.maxPercent(), found.meanPercent()},
          golden.metricsSummary(name));
    }
  }

  private static void assertSeries(GoldenVidur golden, VidurMetrics metrics) {
    for (VidurSeries name : VidurSeries.values()) {
      String column = name.name().toLowerCase(Locale.ROOT);
      List<Map<String, String>> rows = golden.metricsTable(column + "_time_series");
      if (!rows.isEmpty()) {
        assertThat(metrics.series(name).seconds())
            .as(column)
            .containsExactly(column(rows, "Time (sec)"));
        assertThat(metrics.series(name).counts()).as(column).containsExactly(column(rows, column));
      }
    }
  }

  private static void assertBatches(GoldenVidur golden, VidurMetrics metrics) {
    List<Map<String, String>> rows = golden.metricsTable("batch_metrics");
    assertThat(metrics.batches()).containsExactly(column(rows, BATCH));
    for (VidurBatchMetric metric : VidurBatchMetric.values()) {
      String name = metric.columnName();
      double[] values = metrics.batches(metric);
      assertThat(values).as(name).containsExactly(column(rows, name));
      assertDistribution(golden, name, name, values, 1);
    }
    String name = "decode_token_execution_plus_preemption_time";
    assertDistribution(golden, name, name, metrics.decodeTokenSeconds(), 1);
  }

  /** Kept for one run only; means are sums of floats, so only the last digits may differ. */
  private static void assertOperations(GoldenVidur golden, VidurMetrics metrics) {
    List<Map<String, String>> operations = golden.metricsTable("operation_metrics");
    List<Map<String, String>> host = golden.metricsTable("cpu_operation_metrics");
    if (operations.isEmpty()) {
      return;
    }
    assertThat(operations.get(0).size() + host.get(0).size() - 2)
        .isEqualTo(VidurOperation.values().length);
    for (VidurOperation operation : VidurOperation.values()) {
      String name = operation.columnName();
      VidurOperationTimes times = metrics.operation(operation);
      List<Map<String, String>> rows = operations.get(0).containsKey(name) ? operations : host;
      assertClose(name, meanByBatch(times, rows.size()), column(rows, name));
      assertDistribution(golden, name + "_execution_time", name, times.ms(), times.repeats());
    }
  }

  private static double[] meanByBatch(VidurOperationTimes times, int batches) {
    double[] sum = new double[batches];
    int[] count = new int[batches];
    for (int i = 0; i < times.ms().length; i++) {
      sum[(int) times.batches()[i]] += times.ms()[i];
      count[(int) times.batches()[i]]++;
    }
    return IntStream.range(0, batches)
        .mapToDouble(batch -> count[batch] == 0 ? Double.NaN : sum[batch] / count[batch])
        .toArray();
  }

  private static void assertDistribution(
      GoldenVidur golden, String file, String column, double[] values, int repeats) {
    assertThat(VidurMetrics.distribution(values, repeats))
        .as(file)
        .containsExactly(column(golden.metricsTable(file), column));
  }

  private static void assertClose(String name, double[] found, double[] expected) {
    assertThat(found).as(name).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      if (!(Double.isNaN(found[i]) && Double.isNaN(expected[i]))) {
        assertThat(found[i])
            .as("%s, value %d", name, i)
            .isCloseTo(expected[i], within(1e-9 * Math.abs(expected[i])));
      }
    }
  }

  private static double[] column(List<Map<String, String>> rows, String name) {
    return rows.stream().mapToDouble(row -> number(row.get(name))).toArray();
  }

  private static double number(String field) {
    return field.isEmpty() ? Double.NaN : Double.parseDouble(field);
  }
}
