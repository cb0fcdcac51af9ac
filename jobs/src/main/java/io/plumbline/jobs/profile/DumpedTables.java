package io.plumbline.jobs.profile;

import io.plumbline.files.BadInputException;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.simulator.latency.AttentionOperator;
import io.plumbline.simulator.latency.HostOperator;
import io.plumbline.simulator.latency.Operator;
import io.plumbline.simulator.latency.OperatorTimes;
import io.plumbline.simulator.latency.TokenOperator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/**
 * Prediction tables as a simulator wrote them down, one file per operator: {@code OPERATOR.csv} or
 * {@code OPERATOR.csv.gz} with its key columns and {@code predicted_ms}. Times are given as they
 * stand there; an operator without a file, or a size without a row, is an error once it is asked
 * for, as a missing key is in the original.
 */
public final class DumpedTables implements OperatorTimes {

  private final Path folder;
  private final Map<Operator, Grid> grids = new LinkedHashMap<>();

  private DumpedTables(Path folder) {
    this.folder = folder;
    for (TokenOperator operator : TokenOperator.values()) {
      read(operator, "num_tokens");
    }
    for (HostOperator operator : HostOperator.values()) {
      read(operator, "batch_size");
    }
    read(AttentionOperator.DECODE, "batch_size", "kv_cache_size");
    read(AttentionOperator.PREFILL, "kv_cache_size", "prefill_chunk_size_squared");
  }

  private void read(Operator operator, String... keys) {
    Path file = file(operator);
    if (file != null) {
      grids.put(operator, Grid.read(file, keys));
    } else if (operator instanceof AttentionOperator) {
      throw new BadInputException(
          "%s has neither %2$s.csv nor %2$s.csv.gz. Maybe it is not a folder of prediction tables."
              .formatted(folder, operator.profileName()));
    }
  }

  /**
   * Reads all tables of a folder.
   *
   * @throws BadInputException naming what is missing or wrong
   */
  public static DumpedTables read(Path folder) {
    return new DumpedTables(folder);
  }

  /** One cell: the sizes that were asked for, and the answer. */
  @FunctionalInterface
  public interface CellConsumer {
    /**
     * @param first tokens or requests; of attention in a prefill, the context
     * @param second of attention in decode, the context; in a prefill, the square of the chunk
     */
    void accept(Operator operator, int first, long second, double ms);
  }

  /** Hands over every cell of every table. */
  public void forEach(CellConsumer consumer) {
    grids.forEach((operator, grid) -> grid.forEach(operator, consumer));
  }

  @Override
  public double tokenOperatorMs(TokenOperator operator, int tokens) {
    return ms(operator, tokens);
  }

  @Override
  public double hostOperatorMs(HostOperator operator, int batchSize) {
    return ms(operator, batchSize);
  }

  @Override
  public double decodeAttentionMs(int batchSize, int kvTokens) {
    return ms(AttentionOperator.DECODE, batchSize, kvTokens);
  }

  @Override
  public double prefillAttentionMs(int kvTokens, int chunkTokens) {
    return ms(AttentionOperator.PREFILL, kvTokens, (long) chunkTokens * chunkTokens);
  }

  private double ms(Operator operator, long... keys) {
    Grid grid = grids.get(operator);
    if (grid == null) {
      throw new IllegalArgumentException(
          "%s has no table %s, but the run needs one".formatted(folder, operator.profileName()));
    }
    double ms = grid.ms(keys[0], keys.length == 1 ? Grid.NO_KEY : keys[1]);
    if (Double.isNaN(ms)) {
      StringJoiner key = new StringJoiner(" and ");
      for (int i = 0; i < keys.length; i++) {
        key.add("%s %d".formatted(grid.keyNames().get(i), keys[i]));
      }
      throw new IllegalArgumentException("%s has no row for %s".formatted(file(operator), key));
    }
    return ms;
  }

  /** The file of an operator; null if there is none. */
  private Path file(Operator operator) {
    Path plain = folder.resolve(operator.profileName() + ".csv");
    Path packed = folder.resolve(operator.profileName() + ".csv.gz");
    return Files.exists(plain) ? plain : Files.exists(packed) ? packed : null;
  }

  /** Time by one key or two, each of which takes few values; NaN where there is no row. */
  private record Grid(List<String> keyNames, long[] first, long[] second, double[] cells) {
    /** What stands in place of a second key. */
    static final long NO_KEY = 0;

    static Grid read(Path file, String... keyNames) {
      LongStream.Builder firsts = LongStream.builder();
      LongStream.Builder seconds = LongStream.builder();
      DoubleStream.Builder times = DoubleStream.builder();
      List<String> columns = new ArrayList<>(List.of(keyNames));
      columns.add("predicted_ms");
      new CsvTable(file, columns.toArray(String[]::new))
          .forEach(
              row -> {
                firsts.add(row.count(keyNames[0]));
                seconds.add(keyNames.length == 1 ? NO_KEY : row.count(keyNames[1]));
                times.add(row.number("predicted_ms"));
              });
      long[] firstOfRow = firsts.build().toArray();
      long[] secondOfRow = seconds.build().toArray();
      double[] msOfRow = times.build().toArray();
      long[] first = Arrays.stream(firstOfRow).sorted().distinct().toArray();
      long[] second = Arrays.stream(secondOfRow).sorted().distinct().toArray();
      double[] cells = new double[Math.multiplyExact(first.length, second.length)];
      Arrays.fill(cells, Double.NaN);
      for (int i = 0; i < msOfRow.length; i++) {
        int row = Arrays.binarySearch(first, firstOfRow[i]);
        int column = Arrays.binarySearch(second, secondOfRow[i]);
        cells[row * second.length + column] = msOfRow[i];
      }
      return new Grid(List.of(keyNames), first, second, cells);
    }

    void forEach(Operator operator, CellConsumer consumer) {
      for (int i = 0; i < cells.length; i++) {
        if (!Double.isNaN(cells[i])) {
          int firstKey = Math.toIntExact(first[i / second.length]);
          consumer.accept(operator, firstKey, second[i % second.length], cells[i]);
        }
      }
    }

    double ms(long firstKey, long secondKey) {
      int row = Arrays.binarySearch(first, firstKey);
      int column = Arrays.binarySearch(second, secondKey);
      return row < 0 || column < 0 ? Double.NaN : cells[row * second.length + column];
    }
  }
}
