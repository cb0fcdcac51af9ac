package io.plumbline.jobs.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.jobs.error.ErrorMetrics;
import io.plumbline.jobs.report.ReportData.Distribution;
import io.plumbline.jobs.report.ReportData.RequestPoint;
import io.plumbline.jobs.report.ReportData.SweepPoint;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** ECharts options of the plots; colours are left to the page, which knows light from dark. */
final class Charts {
  /** Two curves further apart than this share no linear axis. */
  private static final double LOG_RATIO = 5;

  private static final int MANY_POINTS = 100;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final ObjectMapper JSON = new ObjectMapper();

  private Charts() {}

  /** Share of values below x, both sides. */
  static ObjectNode cdf(Distribution both, String referenceName, String simulatedName) {
    ObjectNode option = frame("ms", isFarApart(both) ? "log" : "value", "% of values", "value");
    ((ObjectNode) option.get("yAxis")).put("max", 100);
    addCurve(option, referenceName, both.referenceNs());
    addCurve(option, simulatedName, both.simulatedNs());
    return option;
  }

  /** Each simulated quantile against the measured one, and the line on which both are equal. */
  static ObjectNode quantiles(Distribution both, String referenceWord) {
    String type = isFarApart(both) ? "log" : "value";
    ObjectNode option = frame(referenceWord + ", ms", type, "simulated, ms", type);
    ArrayNode equal = lineOf(option, "equal");
    ArrayNode quantiles = lineOf(option, "simulated");
    for (int i = 0; i < both.referenceNs().size(); i++) {
      double reference = rounded(both.referenceNs().get(i) / NANOS_PER_MILLI);
      equal.addArray().add(reference).add(reference);
      quantiles.addArray().add(reference).add(rounded(both.simulatedNs().get(i) / NANOS_PER_MILLI));
    }
    return option;
  }

  /** Percent error of every percentile, a series per metric. */
  static ObjectNode errorByPercentile(Map<String, Distribution> distributions) {
    ObjectNode option = frame("percentile", "value", "error %", "value");
    for (String metric : Metrics.MAIN) {
      Distribution both = distributions.get(metric);
      if (both != null) {
        ArrayNode data = lineOf(option, Metrics.title(metric));
        int last = both.referenceNs().size() - 1;
        for (int i = 0; i <= last; i++) {
          Double error =
              ErrorMetrics.percentError(both.referenceNs().get(i), both.simulatedNs().get(i));
          if (error != null) {
            data.addArray().add(rounded(100.0 * i / last)).add(rounded(error));
          }
        }
      }
    }
    return option;
  }

  private static ArrayNode lineOf(ObjectNode option, String name) {
    return series(option, name, "line").put("showSymbol", false).putArray("data");
  }

  /** What a plot shows, for those who do not see it: axes, and the range of each series. */
  static String words(String title, ObjectNode option) {
    StringBuilder words =
        new StringBuilder(
            "%s: %s against %s."
                .formatted(
                    title, option.at("/yAxis/name").asText(), option.at("/xAxis/name").asText()));
    for (JsonNode series : option.get("series")) {
      DoubleSummaryStatistics y = new DoubleSummaryStatistics();
      DoubleSummaryStatistics x = new DoubleSummaryStatistics();
      for (JsonNode point : series.get("data")) {
        x.accept(point.get(0).asDouble());
        y.accept(point.get(1).asDouble());
      }
      if (x.getCount() > 0) {
        words.append(
            String.format(
                Locale.ROOT,
                " %s: %.4g to %.4g over %.4g to %.4g.",
                series.get("name").asText(),
                y.getMin(),
                y.getMax(),
                x.getMin(),
                x.getMax()));
      }
    }
    return words.toString();
  }

  private static boolean isFarApart(Distribution both) {
    double reference = median(both.referenceNs());
    double simulated = median(both.simulatedNs());
    boolean positive = both.referenceNs().get(0) > 0 && both.simulatedNs().get(0) > 0;
    return positive && Math.max(reference, simulated) > LOG_RATIO * Math.min(reference, simulated);
  }

  private static double median(List<Double> quantiles) {
    return quantiles.get(quantiles.size() / 2);
  }

  private static void addCurve(ObjectNode option, String name, List<Double> quantiles) {
    ObjectNode series = series(option, name, "line");
    series.put("showSymbol", false);
    ArrayNode data = series.putArray("data");
    for (int i = 0; i < quantiles.size(); i++) {
      data.addArray()
          .add(rounded(quantiles.get(i) / NANOS_PER_MILLI))
          .add(rounded(100.0 * i / (quantiles.size() - 1)));
    }
  }

  /** Percent error of every request, a series per metric. */
  static ObjectNode requestErrors(Map<String, List<RequestPoint>> requests) {
    ObjectNode option = frame("request", "value", "error %", "value");
    requests.forEach(
        (metric, points) -> {
          ObjectNode series = series(option, Metrics.title(metric), "scatter");
          // TPOT and E2E errors often coincide; a ring around a dot shows both.
          int size = points.size() > MANY_POINTS ? 4 : 8;
          series.put("symbolSize", metric.equals("e2e") ? size + 5 : size);
          series.put("symbol", metric.equals("e2e") ? "emptyCircle" : "circle");
          ArrayNode data = series.putArray("data");
          for (RequestPoint point : points) {
            Double percent = ErrorMetrics.percentError(point.referenceNs(), point.simulatedNs());
            if (percent != null) {
              data.addArray().add(point.requestId()).add(rounded(percent));
            }
          }
        });
    return option;
  }

  /** Throughput against tail latency, a series per scheduler. */
  static ObjectNode sweep(List<SweepPoint> points) {
    ObjectNode option = frame("output tokens / s", "value", "P99 TTFT ms", "log");
    Map<String, ArrayNode> byScheduler = new LinkedHashMap<>();
    for (SweepPoint point : points) {
      Double throughput = point.run().throughputTokensPerSecond();
      if (throughput == null || point.ttftP99Ns() == null || point.ttftP99Ns() <= 0) {
        continue;
      }
      String scheduler = point.run().scheduler() == null ? "simulated" : point.run().scheduler();
      byScheduler
          .computeIfAbsent(
              scheduler,
              name -> {
                ObjectNode series = series(option, name, "scatter");
                series.put("symbolSize", 10);
                return series.putArray("data");
              })
          .addArray()
          .add(rounded(throughput))
          .add(rounded(point.ttftP99Ns() / NANOS_PER_MILLI))
          .add(point.axesJson());
    }
    return option;
  }

  static ObjectNode frame(String xName, String xType, String yName, String yType) {
    ObjectNode option = JSON.createObjectNode();
    option.put("animation", false);
    option
        .putObject("grid")
        .put("left", 12)
        .put("right", 24)
        .put("top", 64)
        .put("bottom", 34)
        .put("containLabel", true);
    option
        .putObject("legend")
        .put("top", 4)
        .put("left", 8)
        .put("type", "scroll")
        .put("itemGap", 20);
    option.putObject("tooltip").put("trigger", "item").put("confine", true);
    option.set("xAxis", axis(xName, xType).put("nameLocation", "middle").put("nameGap", 28));
    option.set("yAxis", axis(yName, yType).put("nameLocation", "end"));
    option.putArray("series");
    return option;
  }

  private static ObjectNode axis(String name, String type) {
    ObjectNode axis = JSON.createObjectNode().put("name", name).put("type", type);
    return type.equals("value")
        ? axis.put("scale", !name.contains("%")).put("minInterval", name.equals("request") ? 1 : 0)
        : axis;
  }

  static ObjectNode series(ObjectNode option, String name, String type) {
    return ((ArrayNode) option.get("series")).addObject().put("name", name).put("type", type);
  }

  /** Six digits are more than a plot can show, and keep the page small. */
  static double rounded(double value) {
    return new BigDecimal(value).round(new MathContext(6)).doubleValue();
  }
}
