package io.plumbline.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.simulator.metrics.VidurMetrics;
import io.plumbline.simulator.metrics.VidurRequestMetric;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Compares metrics with those that the original Vidur wrote about a recorded run. */
final class GoldenMetrics {
  private static final String ID = "Request Id";
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

  private static double number(String field) {
    return field.isEmpty() ? Double.NaN : Double.parseDouble(field);
  }
}
