package io.plumbline.jobs.ingest;

import io.plumbline.files.BadInputException;
import io.plumbline.files.Names;
import io.plumbline.files.TextFiles;
import io.plumbline.files.csv.CsvRow;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.jobs.table.SummaryMetric;
import io.plumbline.jobs.table.SummaryPoint;
import io.plumbline.trace.run.Origin;
import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The measured series and the comparison of simulators in the artifact of LLMServingSim's paper
 * (ISPASS 2026): {@code .tsv} files that start with {@code time_s} or {@code framework}, and the
 * logs of power that some of them are from, {@code gpu_power_log….txt} (time, GPU, utilization,
 * watts) and {@code server_power_log….csv} (time, watts).
 *
 * <p>A series counts from its own start; the logs have wall-clock times, the server's in whole
 * seconds. A reading without a value, as at the end of a log that was stopped, is left out, and so
 * is {@code X} in the comparison: the simulator cannot do that. Which tokens the throughput counts
 * and whose clock the means are from, the files do not say.
 *
 * @see <a href="https://github.com/casys-kaist/LLMServingSim">LLMServingSim, branch
 *     ispass26-artifact</a>
 */
public final class LlmServingSimFiguresImporter implements Importer {
  private static final String TIME = "time_s";
  private static final String FRAMEWORK = "framework";
  private static final String NOT_POSSIBLE = "X";
  private static final String GPU_LOG = "gpu_power_log";
  private static final String SERVER_LOG = "server_power_log";
  private static final String GPU_TIMES = "yyyy/MM/dd HH:mm:ss.SSS";
  private static final String SERVER_TIMES = "yyyy-MM-dd HH:mm:ss";

  /** What a column of a series is. */
  private record Gauge(String metric, String unit) {}

  private static final Gauge GPU_UTILIZATION = new Gauge("gpu_utilization", "%");
  private static final Gauge GPU_POWER = new Gauge("gpu_power", "W");
  private static final Gauge SERVER_POWER = new Gauge("server_power", "W");
  private static final Map<String, Gauge> GAUGES = gauges();

  private static Map<String, Gauge> gauges() {
    Map<String, Gauge> gauges = new LinkedHashMap<>();
    gauges.put("throughput", new Gauge("token_throughput", "tokens/s"));
    gauges.put("power_w", SERVER_POWER);
    gauges.put("gpu_mem_mb", new Gauge("gpu_memory_used", "MB"));
    gauges.put("prefix_hit_pct", new Gauge("prefix_hits", "%"));
    gauges.put("shared_cpu_mem_mb", new Gauge("shared_cpu_memory_used", "MB"));
    gauges.put("shared_cpu_prefix_hit_pct", new Gauge("shared_cpu_prefix_hits", "%"));
    return gauges;
  }

  @Override
  public List<Part> parts(Path path) {
    return Part.eachFile(
        path,
        file -> {
          String name = file.getFileName().toString();
          return name.endsWith(".tsv") || name.startsWith(GPU_LOG) || name.startsWith(SERVER_LOG);
        });
  }

  @Override
  public String fileNames() {
    return "files ….tsv, gpu_power_log….txt and server_power_log….csv";
  }

  @Override
  public void read(Part part, Findings findings) {
    Path file = part.file();
    String name = file.getFileName().toString();
    if (name.startsWith(GPU_LOG)) {
      Log log = new Log(GPU_TIMES, findings);
      CsvTable.withoutHeader(file, "time", "gpu", "utilization", "power_w")
          .forEach(
              row -> {
                String gpu = row.required("gpu").strip();
                log.read(row, gpu, "utilization", GPU_UTILIZATION);
                log.read(row, gpu, "power_w", GPU_POWER);
              });
    } else if (name.startsWith(SERVER_LOG)) {
      Log log = new Log(SERVER_TIMES, findings);
      CsvTable.withoutHeader(file, "time", "power_w")
          .forEach(row -> log.read(row, null, "power_w", SERVER_POWER));
    } else {
      readTsv(file, findings);
    }
  }

  private static void readTsv(Path file, Findings findings) {
    String first = firstColumn(file);
    switch (first) {
      case TIME ->
          new CsvTable(file, TIME)
              .withOneOf(GAUGES.keySet().toArray(String[]::new))
              .andAtMost(GAUGES.keySet().toArray(String[]::new))
              .separatedByTabs()
              .forEach(row -> addReadings(row, findings));
      case FRAMEWORK ->
          new CsvTable(file, FRAMEWORK)
              .andAtMost("throughput_tok_s", "mean_ttft_ms", "mean_tpot_ms", "simulation_time_s")
              .separatedByTabs()
              .forEach(row -> addPoint(file, row, findings));
      default ->
          throw new BadInputException(
              "%s:1: unknown first column %s. %s"
                  .formatted(file, first, Names.hint(first, List.of(TIME, FRAMEWORK))));
    }
  }

  private static String firstColumn(Path file) {
    try (BufferedReader lines = TextFiles.open(file)) {
      String header = lines.readLine();
      if (header == null) {
        throw new BadInputException("%s: the file is empty".formatted(file));
      }
      return header.split("\t", 2)[0].strip();
    } catch (IOException e) {
      throw TextFiles.failure(file, e);
    }
  }

  private static void addReadings(CsvRow row, Findings findings) {
    long nanos = Nanos.atSecond(row.decimal(TIME));
    GAUGES.forEach(
        (column, gauge) -> {
          BigDecimal value = row.decimalOrNull(column);
          if (value != null) {
            findings.gauge(reading(null, nanos, gauge, value));
          }
        });
  }

  private static GaugeReading reading(String series, long nanos, Gauge gauge, BigDecimal value) {
    return new GaugeReading(series, nanos, gauge.metric(), gauge.unit(), value.doubleValue());
  }

  /** Latencies and simulation time of one setup are in two files, named after it. */
  private static String setup(Path file) {
    return file.getFileName().toString().replaceFirst("_(latency|sim_time)\\.tsv$", "");
  }

  private static void addPoint(Path file, CsvRow row, Findings findings) {
    String framework = row.required(FRAMEWORK);
    boolean measured = framework.equals("vLLM");
    SummaryPoint point =
        new SummaryPoint(
                measured ? Origin.MEASURED : Origin.SIMULATED, setup(file) + "/" + framework)
            .engine(framework.toLowerCase(Locale.ROOT), null);
    BigDecimal throughput = valueOrNull(row, "throughput_tok_s");
    if (throughput != null) {
      findings.summary(point, "token_throughput", "single", "tokens/s", throughput.doubleValue());
    }
    BigDecimal ttft = valueOrNull(row, "mean_ttft_ms");
    if (ttft != null) {
      findings.summary(point, SummaryMetric.TTFT, "mean", Nanos.ofMillis(ttft));
    }
    BigDecimal tpot = valueOrNull(row, "mean_tpot_ms");
    if (tpot != null) {
      findings.summary(point, SummaryMetric.TPOT, "mean", Nanos.ofMillis(tpot));
    }
    BigDecimal time = valueOrNull(row, "simulation_time_s");
    if (time != null) {
      findings.summary(point, SummaryMetric.SIMULATION_TIME, "single", Nanos.ofSeconds(time));
    }
  }

  private static BigDecimal valueOrNull(CsvRow row, String column) {
    return NOT_POSSIBLE.equals(row.text(column)) ? null : row.decimalOrNull(column);
  }

  /** Readings with wall-clock times, on their way to times from the first one. */
  private static final class Log {
    private final String pattern;
    private final DateTimeFormatter format;
    private final Findings findings;
    private LocalDateTime start;

    private Log(String pattern, Findings findings) {
      this.pattern = pattern;
      this.format = DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
      this.findings = findings;
    }

    private void read(CsvRow row, String series, String column, Gauge gauge) {
      LocalDateTime time = time(row);
      start = start == null ? time : start;
      BigDecimal value = row.decimalOrNull(column);
      if (value != null) {
        long nanos = Duration.between(start, time).toNanos();
        findings.gauge(reading(series, nanos, gauge, value));
      }
    }

    private LocalDateTime time(CsvRow row) {
      try {
        return LocalDateTime.parse(row.required("time"), format);
      } catch (DateTimeParseException e) {
        throw row.bad("time", "must be a time like " + pattern);
      }
    }
  }
}
