package io.plumbline.jobs.table;

import io.plumbline.files.BadInputException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * A script with which DuckDB has every table and view of a results folder under the names that
 * Spark has them, over the same Parquet files.
 */
public final class DuckDbScript {
  private static final String HEADER =
      """
      -- Tables and views of Plumbline's results for DuckDB; made by "plumbline sql --duckdb".
      -- duckdb -init FILE opens a shell with them. A table that got its first rows later needs
      -- the script made again.
      CREATE OR REPLACE MACRO get_json_object(json, path) AS json_extract_string(json, path);
      CREATE OR REPLACE MACRO percentile(value, share) AS quantile_cont(value, share);
      """;

  private DuckDbScript() {}

  /**
   * The script.
   *
   * @param resultsDir folder of the tables; a local one, as DuckDB knows no Hadoop
   * @throws BadInputException if it is a URI
   */
  public static String of(String resultsDir) {
    if (resultsDir.contains("://")) {
      throw new BadInputException(
          "DuckDB reads local files, and --results is %s. Maybe copy the folder here."
              .formatted(resultsDir));
    }
    Path folder = Path.of(resultsDir).toAbsolutePath().normalize();
    TableFiles files = new TableFiles(folder);
    StringBuilder script = new StringBuilder(HEADER);
    for (Table table : Table.values()) {
      comment(script, table.description());
      script.append("CREATE OR REPLACE VIEW %s AS%n".formatted(table.tableName()));
      script.append(
          files.has(table)
              ? stored(RecordColumn.of(table.rowType()), files.globs(table))
              : empty(RecordColumn.of(table.rowType())));
    }
    for (View view : View.values()) {
      comment(script, view.description());
      script.append("CREATE OR REPLACE VIEW %s AS%n".formatted(view.viewName()));
      script.append(inDuckDb(view.sql()).strip()).append(";\n");
    }
    return script.toString();
  }

  private static void comment(StringBuilder script, String description) {
    script.append("\n-- ").append(description).append('\n');
  }

  private static String stored(List<RecordColumn> columns, List<String> globs) {
    String names = columns.stream().map(RecordColumn::name).collect(Collectors.joining(", "));
    String quoted =
        globs.stream()
            .map(glob -> "'" + glob.replace("'", "''") + "'")
            .collect(Collectors.joining(", "));
    return "SELECT %s%nFROM read_parquet([%s], hive_partitioning = true, hive_types_autocast = false, union_by_name = true);%n"
        .formatted(names, quoted);
  }

  private static String empty(List<RecordColumn> columns) {
    return columns.stream()
        .map(
            column ->
                "CAST(NULL AS %s) AS %s".formatted(sqlType(column.type().spark()), column.name()))
        .collect(Collectors.joining(", ", "SELECT ", " WHERE false;\n"));
  }

  private static String sqlType(DataType type) {
    if (type.equals(DataTypes.StringType)) {
      return "VARCHAR";
    }
    return type.sql();
  }

  /** What Spark spells differently: anti joins, and doubles as 0.5D. */
  static String inDuckDb(String sparkSql) {
    return sparkSql
        .replace("LEFT ANTI JOIN", "ANTI JOIN")
        .replaceAll("\\b(\\d+(?:\\.\\d*)?(?:[eE][+-]?\\d+)?)D\\b", "CAST($1 AS DOUBLE)");
  }
}
