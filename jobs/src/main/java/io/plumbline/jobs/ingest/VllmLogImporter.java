package io.plumbline.jobs.ingest;

import io.plumbline.files.BadInputException;
import io.plumbline.files.Names;
import io.plumbline.files.TextFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The readings that a vLLM server (engine v1) prints to its log: lines with {@code Engine 000: Avg
 * prompt throughput: …}. All other lines are left out.
 *
 * <p>Times are the server's wall clock in whole seconds, without a year, and count from the first
 * reading; throughputs are means since the reading before. Each engine of a server is a series.
 *
 * @see <a href="https://github.com/vllm-project/vllm">vLLM, vllm/v1/metrics/loggers.py</a>
 */
public final class VllmLogImporter implements Importer {
  private static final Pattern LINE =
      Pattern.compile(".*?(\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d) \\[[^]]*] Engine (\\d+): (.*)");
  private static final Pattern READING =
      Pattern.compile("([A-Za-z ]+): ([0-9]+(?:\\.[0-9]+)?) ?(tokens/s|reqs|%)");
  private static final String FIRST = ": Avg prompt throughput: ";

  /** Any year will do; a leap year has every day. */
  private static final int SOME_YEAR = 2024;

  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("MM-dd HH:mm:ss")
          .parseDefaulting(ChronoField.YEAR_OF_ERA, SOME_YEAR)
          .toFormatter();

  private record Gauge(String metric, String unit) {}

  private static final Map<String, Gauge> GAUGES = gauges();

  private static Map<String, Gauge> gauges() {
    Map<String, Gauge> gauges = new LinkedHashMap<>();
    gauges.put("Avg prompt throughput", new Gauge("prompt_token_throughput", "tokens/s"));
    gauges.put("Avg generation throughput", new Gauge("output_token_throughput", "tokens/s"));
    gauges.put("Running", new Gauge("running_requests", "requests"));
    gauges.put("Waiting", new Gauge("waiting_requests", "requests"));
    gauges.put("GPU KV cache usage", new Gauge("kv_cache_used", "%"));
    gauges.put("Prefix cache hit rate", new Gauge("prefix_hits", "%"));
    gauges.put("External prefix cache hit rate", new Gauge("external_prefix_hits", "%"));
    gauges.put("MM cache hit rate", new Gauge("multimodal_cache_hits", "%"));
    return gauges;
  }

  @Override
  public List<Part> parts(Path path) {
    return Part.eachFile(
        path, file -> file.getFileName().toString().matches("vllm.*\\.(txt|log)(\\.gz)?"));
  }

  @Override
  public String fileNames() {
    return "logs of a server, vllm….log or vllm….txt";
  }

  @Override
  public void read(Part part, Findings findings) {
    Path file = part.file();
    Clock clock = new Clock();
    try (BufferedReader lines = TextFiles.open(file)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (line.contains(FIRST)) {
          read("%s:%d".formatted(file, number), line, clock, findings);
        }
      }
    } catch (IOException e) {
      throw TextFiles.failure(file, e);
    }
  }

  private static void read(String where, String line, Clock clock, Findings findings) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      throw new BadInputException(
          "%s: must be like: INFO 12-31 23:59:59 [loggers.py:1] Engine 000: …".formatted(where));
    }
    long nanos = clock.nanos(where, matcher.group(1));
    String series = "engine " + Integer.parseInt(matcher.group(2));
    for (String text : matcher.group(3).split(", ", -1)) {
      Matcher reading = READING.matcher(text.strip());
      if (!reading.matches()) {
        throw new BadInputException(
            "%s: reading (%s) must be a name, a number and a unit. Maybe the log was cut off."
                .formatted(where, text));
      }
      Gauge gauge = GAUGES.get(reading.group(1));
      if (gauge == null) {
        throw new BadInputException(
            "%s: unknown reading %s. %s"
                .formatted(where, reading.group(1), Names.hint(reading.group(1), GAUGES.keySet())));
      }
      findings.gauge(
          new GaugeReading(
              series, nanos, gauge.metric(), gauge.unit(), Double.parseDouble(reading.group(2))));
    }
  }

  /** Wall-clock times as times from the first one, over the end of a year as well. */
  private static final class Clock {
    private LocalDateTime start;

    private long nanos(String where, String text) {
      LocalDateTime time;
      try {
        time = LocalDateTime.parse(text, TIME);
      } catch (DateTimeException e) {
        throw new BadInputException(
            "%s: time (%s) must be like MM-dd HH:mm:ss".formatted(where, text), e);
      }
      start = start == null ? time : start;
      return Duration.between(start, time.isBefore(start) ? time.plusYears(1) : time).toNanos();
    }
  }
}
