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
      readGpuLog(file, findings);
    } else if (name.startsWith(SERVER_LOG)) {
      readServerLog(file, findings);
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

  private static void readGpuLog(Path file, Findings findings) {
    Clock clock = new Clock(GPU_TIMES);
    CsvTable.withoutHeader(file, "time", "gpu", "utilization", "power_w")
        .forEach(
            row -> {
              long nanos = clock.nanos(row.where(), row.required("time"));
              String gpu = row.required("gpu").strip();
              findings.gauge(reading(gpu, nanos, GPU_UTILIZATION, row.decimal("utilization")));
              findings.gauge(reading(gpu, nanos, GPU_POWER, row.decimal("power_w")));
            });
  }

  /** Not CSV: where a reading was stopped after its time, the next one stands in the same line. */
  private static void readServerLog(Path file, Findings findings) {
    Clock clock = new Clock(SERVER_TIMES);
    try (BufferedReader lines = TextFiles.open(file)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        String where = "%s:%d".formatted(file, number);
        int beforeWatts = line.lastIndexOf(',');
        if (beforeWatts < 0) {
          throw new BadInputException(
              "%s: must be a time and watts. Maybe the file was cut off.".formatted(where));
        }
        long nanos = 0;
        for (String time : line.substring(0, beforeWatts).split(",", -1)) {
          nanos = clock.nanos(where, time);
        }
        String watts = line.substring(beforeWatts + 1);
        if (!watts.isEmpty()) {
          findings.gauge(reading(null, nanos, SERVER_POWER, watts(where, watts)));
        }
      }
    } catch (IOException e) {
      throw TextFiles.failure(file, e);
    }
  }

  private static BigDecimal watts(String where, String text) {
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new BadInputException("%s: watts (%s) must be a number".formatted(where, text), e);
    }
  }

  /** Wall-clock times as times from the first one. */
  private static final class Clock {
    private final String pattern;
    private final DateTimeFormatter format;
    private LocalDateTime start;

    private Clock(String pattern) {
      this.pattern = pattern;
      this.format = DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
    }

    private long nanos(String where, String text) {
      LocalDateTime time;
      try {
        time = LocalDateTime.parse(text, format);
      } catch (DateTimeParseException e) {
        throw new BadInputException(
            "%s: time (%s) must be like %s".formatted(where, text, pattern), e);
      }
      start = start == null ? time : start;
      return Duration.between(start, time).toNanos();
    }
  }
}
