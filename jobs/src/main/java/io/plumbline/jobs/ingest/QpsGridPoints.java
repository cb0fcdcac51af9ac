package io.plumbline.jobs.ingest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.files.Json;
import io.plumbline.files.TextFiles;
import io.plumbline.files.csv.CsvRow;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.jobs.table.SummaryMetric;
import io.plumbline.jobs.table.SummaryPoint;
import io.plumbline.jobs.table.SummaryPoint.Clock;
import io.plumbline.trace.run.Origin;
import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The points of the grid, {@code latency_metrics….csv} of vLLM or of Vidur.
 *
 * <p>vLLM's times are milliseconds: {@code Total_Gen} is the E2E from sending on, {@code
 * Schedule_Delay} how late the client sent, and {@code E2E_Latency} their sum, which keeps a name
 * of its own. Vidur's are seconds: {@code Exec} is the time in the model, without the waiting
 * between iterations, so it is not our execution either. Files that were put together have a column
 * {@code source} with the path that a row is from. The device is that path's {@code compute_…} or
 * else its first folder, as the source names it, and the rate of a Vidur row its {@code qps…}.
 */
final class QpsGridPoints {
  private static final Pattern RATE = Pattern.compile("/qps([0-9]+(?:\\.[0-9]+)?)/");
  private static final Pattern DEVICE = Pattern.compile("(?:^|/)compute_([^/]+)/");
  private static final int DIGITS_OF_SECONDS = 9;
  private static final int DIGITS_OF_MILLIS = 6;
  private static final String SOURCE = "source";
  private static final String TIMESTAMP = "Timestamp";

  private static final String[] DEPLOYMENT = {
    TIMESTAMP, "Model", "Num_Replicas", "Tensor_Parallel", "Pipeline_Parallel"
  };

  private static final List<String> STATISTICS = List.of("Avg", "P50", "P90", "P99");

  /** Columns NAME_Avg, NAME_P50 and so on: a metric of ours, or one that only they have. */
  private record Family(String prefix, SummaryMetric metric, String otherwise) {
    Family(String prefix, SummaryMetric metric) {
      this(prefix, metric, null);
    }

    Stream<String> columns() {
      return STATISTICS.stream().map(statistic -> prefix + "_" + statistic);
    }
  }

  private static final List<Family> VLLM =
      List.of(
          new Family("Total_Gen", SummaryMetric.E2E),
          new Family("First_Token", SummaryMetric.TTFT),
          new Family("Inter_Token", SummaryMetric.TBT),
          new Family("Schedule_Delay", SummaryMetric.CLIENT_DELAY),
          new Family("E2E_Latency", null, "e2e_with_client_delay"));

  private static final List<Family> VIDUR =
      List.of(
          new Family("E2E", SummaryMetric.E2E),
          new Family("TTFT", SummaryMetric.TTFT),
          new Family("ITL", SummaryMetric.TBT),
          new Family("Exec", null, "model_execution"));

  /** Settings that are no column of ours. */
  private static final List<String> SETTINGS =
      List.of("Max_Batch_Tokens", "Max_Num_Seqs", "Max_Tokens", "Temperature", "Top_P");

  private static final List<String> LOAD =
      List.of(
          "Concurrency",
          "QPS",
          "Throughput",
          "Total_Requests",
          "Total_Input_Tokens",
          "Total_Output_Tokens");

  private QpsGridPoints() {}

  static List<Part> parts(Path path) {
    return Part.eachFile(
        path,
        file -> {
          String name = file.getFileName().toString();
          return name.contains("latency_metrics") && name.endsWith(".csv");
        });
  }

  static void read(Part part, Findings findings) {
    if (isVidur(part.file())) {
      table(part, VIDUR, List.of(SOURCE)).forEach(row -> addVidur(part, row, findings));
    } else {
      List<String> others =
          Stream.of(List.of(SOURCE), SETTINGS, LOAD).flatMap(List::stream).toList();
      table(part, VLLM, others).forEach(row -> addVllm(part, row, findings));
    }
  }

  /** The files of both are called the same; only Vidur's have times in the model. */
  private static boolean isVidur(Path file) {
    try (BufferedReader lines = TextFiles.open(file)) {
      String header = lines.readLine();
      return header != null && header.contains("Exec_");
    } catch (IOException e) {
      throw TextFiles.failure(file, e);
    }
  }

  private static CsvTable table(Part part, List<Family> families, List<String> others) {
    return new CsvTable(part.file(), DEPLOYMENT)
        .withOneOf(families.get(0).columns().toArray(String[]::new))
        .andAtMost(
            Stream.concat(families.stream().flatMap(Family::columns), others.stream())
                .toArray(String[]::new));
  }

  private static void addVllm(Part part, CsvRow row, Findings findings) {
    int requests = row.integer("Total_Requests", 1);
    ObjectNode spec = JsonNodeFactory.instance.objectNode();
    for (String setting : SETTINGS) {
      BigDecimal value = row.decimalOrNull(setting);
      if (value != null) {
        spec.put(setting, value);
      }
    }
    SummaryPoint point =
        point(Origin.MEASURED, part, row)
            .engine("vllm", null)
            .concurrency(row.integerOrNull("Concurrency", 1))
            .requestRate(doubleOrNull(row, "QPS"))
            .requests(requests)
            .tokens(
                mean(row, "Total_Input_Tokens", requests),
                mean(row, "Total_Output_Tokens", requests))
            .clock(Clock.CLIENT)
            .spec(Json.write(spec));
    for (Family family : VLLM) {
      add(point, row, family, DIGITS_OF_MILLIS, findings);
    }
    Double throughput = doubleOrNull(row, "Throughput");
    if (throughput != null) {
      findings.summary(point, SummaryMetric.OUTPUT_TOKEN_THROUGHPUT, "single", throughput);
    }
  }

  private static void addVidur(Part part, CsvRow row, Findings findings) {
    Matcher rate = RATE.matcher(path(part, row));
    SummaryPoint point =
        point(Origin.SIMULATED, part, row)
            .engine("vidur", null)
            .requestRate(rate.find() ? Double.valueOf(rate.group(1)) : null)
            .clock(Clock.ENGINE);
    for (Family family : VIDUR) {
      add(point, row, family, DIGITS_OF_SECONDS, findings);
    }
  }

  private static SummaryPoint point(Origin origin, Part part, CsvRow row) {
    int replicas = row.integer("Num_Replicas", 1);
    int tensor = row.integer("Tensor_Parallel", 1);
    int pipeline = row.integer("Pipeline_Parallel", 1);
    return new SummaryPoint(origin, path(part, row) + "/" + row.required(TIMESTAMP))
        .model(row.required("Model"))
        .device(device(row))
        .devices(replicas * tensor * pipeline)
        .parallel(replicas, tensor, pipeline, null);
  }

  /** Where a row is from: the rows of several rates have the same names otherwise. */
  private static String path(Part part, CsvRow row) {
    return row.has(SOURCE) ? row.required(SOURCE) : part.name();
  }

  private static String device(CsvRow row) {
    String source = row.text(SOURCE);
    if (source == null || source.indexOf('/') < 0) {
      return null;
    }
    Matcher compute = DEVICE.matcher(source);
    return compute.find() ? compute.group(1) : source.substring(0, source.indexOf('/'));
  }

  private static void add(
      SummaryPoint point, CsvRow row, Family family, int nanosDigits, Findings findings) {
    for (String suffix : STATISTICS) {
      BigDecimal value = row.decimalOrNull(family.prefix() + "_" + suffix);
      if (value != null) {
        String statistic = suffix.equals("Avg") ? "mean" : suffix.toLowerCase(Locale.ROOT);
        double nanos = value.movePointRight(nanosDigits).doubleValue();
        if (family.metric() == null) {
          findings.summary(point, family.otherwise(), statistic, "ns", nanos);
        } else {
          findings.summary(point, family.metric(), statistic, nanos);
        }
      }
    }
  }

  private static Double doubleOrNull(CsvRow row, String column) {
    BigDecimal value = row.decimalOrNull(column);
    return value == null ? null : (Double) value.doubleValue();
  }

  private static Double mean(CsvRow row, String column, int requests) {
    Double total = doubleOrNull(row, column);
    return total == null ? null : (Double) (total / requests);
  }
}
