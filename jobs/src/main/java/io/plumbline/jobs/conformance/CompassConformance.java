package io.plumbline.jobs.conformance;

import io.plumbline.files.BadInputException;
import io.plumbline.files.csv.CsvRow;
import io.plumbline.files.csv.CsvTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Compares operators, blocks, areas and costs with tables that LLMCompass wrote: every number to
 * the last bit. A table is known by its columns; those of others are passed over. Each device of a
 * table is a case.
 */
public final class CompassConformance {
  private final PrintWriter out;
  private final ConformanceReport report;

  public CompassConformance(PrintWriter out) {
    this.out = out;
    this.report = new ConformanceReport(out);
  }

  /**
   * Compares all tables below a folder, or one table.
   *
   * @return whether none failed
   * @throws BadInputException if there is none, or one cannot be read
   */
  public boolean run(Path dir) {
    int tables = 0;
    for (Path file : filesBelow(dir)) {
      CompassTable table = CompassTable.of(columns(file));
      if (table != null) {
        tables++;
        compare(file, table);
      }
    }
    if (tables == 0) {
      throw new BadInputException(
          "%s: no table of LLMCompass is here. Maybe name the folder with matmul_orig.csv"
              .formatted(dir));
    }
    out.printf("%n%d tables below %s", tables, dir);
    report.sum();
    return !report.anyFailed();
  }

  private static List<Path> filesBelow(Path dir) {
    if (!Files.exists(dir)) {
      throw new BadInputException("%s: no such file or folder".formatted(dir));
    }
    try (Stream<Path> files = Files.walk(dir)) {
      return files.filter(file -> file.toString().endsWith(".csv")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> columns(Path file) {
    List<String> columns = new ArrayList<>();
    new CsvTable(file)
        .whileWanted(
            row -> {
              columns.addAll(row.columns());
              return false;
            });
    return columns;
  }

  private void compare(Path file, CompassTable table) {
    Map<String, CompassCase> byDevice = new LinkedHashMap<>();
    new CsvTable(file)
        .forEach(
            row ->
                byDevice
                    .computeIfAbsent(device(row, table), device -> new CompassCase())
                    .add(table, row));
    String name = file.getFileName().toString().replaceFirst("\\.csv$", "");
    byDevice.forEach((device, one) -> report.add(one.result("%s, %s".formatted(name, device))));
  }

  private static String device(CsvRow row, CompassTable table) {
    return row.required(table.deviceColumn());
  }
}
