package io.plumbline.files.reallm;

import io.plumbline.files.BadInputException;
import io.plumbline.files.csv.CsvRow;
import io.plumbline.files.csv.CsvTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One file of a kernel library: shapes and their latencies, in the order of the file.
 *
 * @param shapes sizes by row
 * @param seconds latency by row
 */
public record KernelLatencies(long[][] shapes, double[] seconds) {
  private static final List<String> ENDINGS = List.of("_latency.csv", "_lat.csv");
  private static final String LATENCY = "latency";

  /** Where a folder has the latencies of a kind of kernel on a device; null if nowhere. */
  public static Path find(Path folder, String device, String kind) {
    for (String ending : ENDINGS) {
      Path file = folder.resolve(device + "_" + kind + ending);
      if (Files.exists(file)) {
        return file;
      }
    }
    return null;
  }

  /** Whether a file is called as those of a library are. */
  public static boolean isOne(Path file) {
    return ENDINGS.stream().anyMatch(file.toString()::endsWith);
  }

  /**
   * Reads a file.
   *
   * @param sizes columns of a shape's sizes, in order: B, M, K, N of products, else M, N
   * @throws BadInputException naming file, line, column and value
   */
  public static KernelLatencies read(Path file, List<String> sizes) {
    List<long[]> shapes = new ArrayList<>();
    List<Double> seconds = new ArrayList<>();
    List<String> columns = new ArrayList<>(sizes);
    columns.add(LATENCY);
    new CsvTable(file, columns.toArray(new String[0]))
        .forEach(
            row -> {
              shapes.add(sizes.stream().mapToLong(size -> size(row, size)).toArray());
              seconds.add(latency(row));
            });
    if (shapes.isEmpty()) {
      throw new BadInputException("%s: no rows below the header".formatted(file));
    }
    return new KernelLatencies(
        shapes.toArray(new long[0][]), seconds.stream().mapToDouble(one -> one).toArray());
  }

  private static double latency(CsvRow row) {
    double seconds = row.number(LATENCY);
    if (!(seconds > 0)) {
      throw row.bad(LATENCY, "must be positive, in seconds");
    }
    return seconds;
  }

  private static long size(CsvRow row, String column) {
    String text = row.required(column).strip();
    try {
      long size = Long.parseLong(text);
      if (size > 0) {
        return size;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw row.bad(column, "must be a positive integer");
  }
}
