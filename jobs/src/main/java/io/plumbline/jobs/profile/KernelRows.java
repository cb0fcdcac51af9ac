package io.plumbline.jobs.profile;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.table.ParquetRows;
import io.plumbline.simulator.learning.Samples;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Rows of one table: which ones, and over which of its columns their times go.
 *
 * @param sizes columns of sizes, in the order of features
 * @param summed a column that counts to the last size; null for none
 * @param values text or whole numbers that columns must have
 * @param valuesIfThere the same of columns that a table may lack
 */
record KernelRows(
    Path file,
    List<String> sizes,
    String summed,
    Map<String, Object> values,
    Map<String, Object> valuesIfThere) {
  private static final String LATENCY = "latency";

  /** Columns that any of the tables has. */
  private static final List<String> KNOWN =
      List.of(
          "framework",
          "version",
          "device",
          "op_name",
          "kernel_source",
          "beam_width",
          "backend",
          "allreduce_dtype",
          "nccl_dtype",
          "num_gpus",
          "message_size",
          "gemm_dtype",
          "m",
          "n",
          "k",
          "moe_dtype",
          "num_tokens",
          "hidden_size",
          "inter_size",
          "topk",
          "num_experts",
          "moe_tp_size",
          "moe_ep_size",
          "distribution",
          "batch_size",
          "isl",
          "num_heads",
          "num_key_value_heads",
          "head_dim",
          "attn_dtype",
          "kv_cache_dtype",
          "step",
          "window_size",
          "model",
          "architecture",
          "mla_dtype",
          "gemm_type",
          "tp_size");

  /** All rows of a file, over nothing yet. */
  static KernelRows of(Path file) {
    return new KernelRows(file, List.of(), null, Map.of(), Map.of());
  }

  KernelRows over(String... columns) {
    return new KernelRows(file, List.of(columns), null, values, valuesIfThere);
  }

  /** Over two sizes, of which the second is a sum of two columns. */
  KernelRows overSum(String first, String second, String addend) {
    return new KernelRows(file, List.of(first, second), addend, values, valuesIfThere);
  }

  /** Only rows with this value; it replaces another of the same column. */
  KernelRows where(String column, Object value) {
    return new KernelRows(file, sizes, summed, with(values, column, value), valuesIfThere);
  }

  /** Only rows with this value, if the table has the column. */
  KernelRows whereAbsentOr(String column, Object value) {
    return new KernelRows(file, sizes, summed, values, with(valuesIfThere, column, value));
  }

  private static Map<String, Object> with(Map<String, Object> some, String column, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(some);
    more.put(column, value);
    return more;
  }

  /**
   * Reads them, in milliseconds.
   *
   * @throws BadInputException if there are none, saying which values a column has instead
   */
  Samples read() {
    List<String> required = new ArrayList<>(sizes);
    required.addAll(values.keySet());
    required.add(LATENCY);
    if (summed != null) {
      required.add(summed);
    }
    List<double[]> points = new ArrayList<>();
    Map<String, TreeSet<String>> seen = new TreeMap<>();
    new ParquetRows(file, required, KNOWN)
        .forEach(
            row -> {
              if (matches(row, seen)) {
                points.add(point(row));
              }
            });
    if (points.isEmpty()) {
      throw new BadInputException("%s: no rows with %s. It has %s".formatted(file, values, seen));
    }
    return samples(points);
  }

  /** Notes the values of the first column that does not match: what could be asked for instead. */
  private boolean matches(ParquetRows.Row row, Map<String, TreeSet<String>> seen) {
    for (Map.Entry<String, Object> wanted : values.entrySet()) {
      Object value = value(row, wanted);
      if (!wanted.getValue().equals(value)) {
        seen.computeIfAbsent(wanted.getKey(), unused -> new TreeSet<>()).add(String.valueOf(value));
        return false;
      }
    }
    for (Map.Entry<String, Object> wanted : valuesIfThere.entrySet()) {
      Object value = value(row, wanted);
      if (value != null && !wanted.getValue().equals(value)) {
        return false;
      }
    }
    return true;
  }

  private static Object value(ParquetRows.Row row, Map.Entry<String, Object> wanted) {
    return wanted.getValue() instanceof String
        ? row.text(wanted.getKey())
        : row.integer(wanted.getKey());
  }

  private double[] point(ParquetRows.Row row) {
    double[] point = new double[sizes.size() + 1];
    for (int i = 0; i < sizes.size(); i++) {
      point[i] = row.required(sizes.get(i), row.count(sizes.get(i)));
    }
    if (summed != null) {
      point[sizes.size() - 1] += row.required(summed, row.count(summed));
    }
    point[sizes.size()] = row.required(LATENCY, row.number(LATENCY));
    return point;
  }

  /** The last number of a point is its time. */
  private static Samples samples(List<double[]> points) {
    int features = points.get(0).length - 1;
    double[][] columns = new double[features][points.size()];
    double[] times = new double[points.size()];
    for (int row = 0; row < times.length; row++) {
      for (int f = 0; f < features; f++) {
        columns[f][row] = points.get(row)[f];
      }
      times[row] = points.get(row)[features];
    }
    return new Samples(columns, times);
  }
}
