package io.plumbline.jobs.compass;

import io.plumbline.files.BadInputException;
import io.plumbline.files.csv.CsvRow;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.jobs.table.SourceRow;
import io.plumbline.jobs.table.SourceWriter;
import io.plumbline.jobs.table.Table;
import io.plumbline.simulator.compass.HardwareSystem;
import io.plumbline.simulator.compass.MapperMode;
import io.plumbline.simulator.compass.MatmulOperator;
import io.plumbline.trace.Sha256;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Sizes of operators as a CSV file: columns operator, m, n, k, batch, elements, bytes, of which a
 * field may hold several numbers with spaces between them; a row stands for all combinations.
 */
public final class OperatorGrid {
  private final Path file;
  private final List<OperatorQuery> queries = new ArrayList<>();
  private final Sha256 hash = new Sha256();

  /**
   * Reads a grid.
   *
   * @throws BadInputException naming the line and column that is wrong
   */
  public OperatorGrid(Path file) {
    this.file = file;
    new CsvTable(file, "operator")
        .andAtMost("m", "n", "k", "batch", "elements", "bytes")
        .forEach(this::add);
    if (queries.isEmpty()) {
      throw new BadInputException("%s: no operator in it".formatted(file));
    }
  }

  /** How many operators the grid has. */
  public int size() {
    return queries.size();
  }

  private void add(CsvRow row) {
    for (Long m : numbers(row, "m")) {
      for (Long n : numbers(row, "n")) {
        for (Long k : numbers(row, "k")) {
          for (Long batch : numbers(row, "batch")) {
            for (Long elements : numbers(row, "elements")) {
              for (Long bytes : numbers(row, "bytes")) {
                add(row, m, n, k, batch, elements, bytes);
              }
            }
          }
        }
      }
    }
  }

  private void add(CsvRow row, Long m, Long n, Long k, Long batch, Long elements, Long bytes) {
    try {
      OperatorQuery query =
          new OperatorQuery(row.required("operator"), m, n, k, batch, elements, bytes);
      queries.add(query);
      hash.putText(query.toString());
    } catch (BadInputException e) {
      throw new BadInputException("%s: %s".formatted(row.where(), e.getMessage()), e);
    }
  }

  /** The numbers of a field; one null if it is empty. */
  private static List<Long> numbers(CsvRow row, String column) {
    String text = row.text(column);
    List<Long> numbers = new ArrayList<>();
    if (text == null) {
      numbers.add(null);
      return numbers;
    }
    for (String word : text.strip().split("\\s+", -1)) {
      try {
        numbers.add(Long.parseLong(word));
      } catch (NumberFormatException e) {
        throw row.bad(column, "must be integers with spaces between them");
      }
    }
    return numbers;
  }

  /**
   * Predicts all operators and writes them to {@code operator_timing}; nothing is written unless
   * all can be predicted.
   *
   * @return the source under which they are found
   */
  public String write(HardwareSystem system, MapperMode mode, String resultsDir) {
    MatmulOperator matmuls = new MatmulOperator(system.device(), mode);
    String sourceId = "o" + hash.putText(system.toString()).putText(mode.word()).shortHex();
    try (SourceWriter writer = new SourceWriter(resultsDir, sourceId)) {
      for (OperatorQuery query : queries) {
        double seconds = query.seconds(system, matmuls);
        writer.write(Table.OPERATOR_TIMING, query.timing(system).row(sourceId, seconds * 1e9));
      }
      writer.publish(
          new SourceRow(
              sourceId,
              "llmcompass-model",
              file.getFileName().toString(),
              system.name(),
              null,
              null,
              0,
              queries.size(),
              0,
              0,
              0,
              0));
    }
    return sourceId;
  }
}
