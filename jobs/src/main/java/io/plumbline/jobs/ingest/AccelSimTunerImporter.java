package io.plumbline.jobs.ingest;

import io.plumbline.files.BadInputException;
import io.plumbline.files.TextFiles;
import io.plumbline.jobs.table.MicrobenchmarkRow;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the microbenchmarks of Accel-Sim's tuner printed, one after the other: {@code running ./NAME
 * microbenchmark} and lines {@code WHAT = VALUE (UNIT)}, most of them followed by the cycles that
 * the measurement took. The device is the one that {@code system_config} names.
 *
 * <p>Only latencies and throughputs are taken, as they were printed, broken ones included: a
 * program whose counter ran over says so by its cycles. What the driver says of the device, what is
 * worked out from that ({@code Max Theortical …}), and the options for the simulator are left out.
 *
 * @see <a href="https://github.com/accel-sim/accel-sim-framework">Accel-Sim, util/tuner</a>
 */
public final class AccelSimTunerImporter implements Importer {
  private static final Pattern PROGRAM = Pattern.compile("running \\./(\\S+) microbenchmark");
  private static final Pattern RESULT = Pattern.compile("([A-Za-z][^=]*?)\\s*=\\s*([0-9].*)");
  private static final Pattern VALUE =
      Pattern.compile("([0-9][0-9.]*(?:[eE][-+]?[0-9]+)?)\\s*\\(?([A-Za-z%][A-Za-z/%]*)\\)?");
  private static final String DEVICE = "Device Name = ";
  private static final String CYCLES = "Total Clk number";
  private static final String WORKED_OUT = "Max Theortical";

  /** Units of what is measured, as they are printed and as they are called here. */
  private static final Map<String, String> UNITS =
      Map.ofEntries(
          Map.entry("clk", "cycles"),
          Map.entry("cycles", "cycles"),
          Map.entry("byte/clk", "byte/clk"),
          Map.entry("Byte/Clk", "byte/clk"),
          Map.entry("byte/clk/SM", "byte/clk/SM"),
          Map.entry("GB/s", "GB/s"),
          Map.entry("GB/sec", "GB/s"),
          Map.entry("GB/s/SM", "GB/s/SM"),
          Map.entry("flop/clk/SM", "flop/clk/SM"),
          Map.entry("flops/clk/SM", "flop/clk/SM"),
          Map.entry("FMA/clk/SM", "FMA/clk/SM"),
          Map.entry("thread/clk/SM", "thread/clk/SM"),
          Map.entry("%", "%"));

  @Override
  public List<Part> parts(Path path) {
    return Part.eachFile(
        path,
        file -> {
          String name = file.getFileName().toString();
          return name.equals("output.file") || name.matches(".*ubench.*\\.txt");
        });
  }

  @Override
  public String fileNames() {
    return "output.file, or ….txt with ubench in its name";
  }

  @Override
  public void read(Part part, Findings findings) {
    List<String> lines = lines(part.file());
    String device =
        lines.stream()
            .filter(line -> line.startsWith(DEVICE))
            .map(line -> line.substring(DEVICE.length()).strip())
            .findFirst()
            .orElse(null);
    Program program = null;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      Matcher start = PROGRAM.matcher(line);
      if (start.matches()) {
        if (program != null) {
          program.flush(null);
        }
        program = new Program(start.group(1), device, findings);
      } else if (program != null) {
        program.take("%s:%d".formatted(part.file(), i + 1), line);
      }
    }
    if (program == null) {
      throw new BadInputException(
          "%s: no line like: running ./l1_lat microbenchmark".formatted(part.file()));
    }
    program.flush(null);
  }

  private static List<String> lines(Path file) {
    try (BufferedReader reader = TextFiles.open(file)) {
      return reader.lines().toList();
    } catch (IOException e) {
      throw TextFiles.failure(file, e);
    }
  }

  /** The results of one program; they wait for the cycles, which are printed after them. */
  private static final class Program {
    private final String name;
    private final String device;
    private final Findings findings;
    private final List<MicrobenchmarkRow> waiting = new ArrayList<>();
    private String variant;

    private Program(String name, String device, Findings findings) {
      this.name = name;
      this.device = device;
      this.findings = findings;
    }

    private void take(String where, String line) {
      Matcher result = RESULT.matcher(line);
      if (line.endsWith(":")) {
        flush(null);
        variant = line.substring(0, line.length() - 1);
      } else if (result.matches() && result.group(1).equals(CYCLES)) {
        flush(cycles(where, result.group(2)));
      } else if (result.matches() && !line.startsWith(WORKED_OUT)) {
        addValues(where, result.group(1), result.group(2));
      }
    }

    private void addValues(String where, String metric, String values) {
      for (Matcher value = VALUE.matcher(values); value.find(); ) {
        String unit = UNITS.get(value.group(2));
        if (unit != null) {
          waiting.add(
              new MicrobenchmarkRow(
                  "",
                  device,
                  name,
                  variant,
                  metric,
                  unit,
                  number(where, metric, value.group(1)),
                  null));
        }
      }
    }

    private void flush(Long cycles) {
      for (MicrobenchmarkRow row : waiting) {
        findings.microbenchmark(row.took(cycles));
      }
      waiting.clear();
    }

    private static double number(String where, String metric, String text) {
      try {
        return Double.parseDouble(text);
      } catch (NumberFormatException e) {
        throw new BadInputException(
            "%s: %s (%s) must be a number".formatted(where, metric, text), e);
      }
    }

    private static long cycles(String where, String text) {
      try {
        return Long.parseLong(text.strip());
      } catch (NumberFormatException e) {
        throw new BadInputException(
            "%s: %s (%s) must be an integer".formatted(where, CYCLES, text), e);
      }
    }
  }
}
