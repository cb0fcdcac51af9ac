package io.plumbline.jobs.table;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.table.TableFiles.TableFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
      -- duckdb -init FILE opens a shell with them. It names the files whose rows count now; what
      -- is written later needs the script made again.
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
    Map<String, List<TableFile>> files = new TableFiles(folder).byTable();
    StringBuilder script = new StringBuilder(HEADER);
    for (Table table : Table.values()) {
      comment(script, table.description());
      script.append("CREATE OR REPLACE VIEW %s AS%n".formatted(table.tableName()));
      List<RecordColumn> columns = RecordColumn.of(table.rowType());
      List<TableFile> stored = files.getOrDefault(table.tableName(), List.of());
      script.append(stored.isEmpty() ? empty(columns) : stored(columns, stored, folder));
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

  /** Files in folders have columns in their names, packs have all inside: one query for each. */
  private static String stored(List<RecordColumn> columns, List<TableFile> files, Path folder) {
    String names = columns.stream().map(RecordColumn::name).collect(Collectors.joining(", "));
    return Stream.of(
            files.stream().filter(file -> !isPack(file)).toList(),
            files.stream().filter(DuckDbScript::isPack).toList())
        .filter(some -> !some.isEmpty())
        .map(some -> query(names, some, folder))
        .collect(Collectors.joining("\nUNION ALL\n", "", ";\n"));
  }

  private static boolean isPack(TableFile file) {
    return file.path().startsWith(PackFolder.PACKS + "/");
  }

  private static String query(String names, List<TableFile> files, Path folder) {
    String paths =
        files.stream()
            .map(file -> text(folder.resolve(file.path()).toString()))
            .collect(Collectors.joining(",\n  "));
    boolean inFolders = !isPack(files.get(0));
    String hidden =
        files.stream()
            .filter(file -> !file.hiddenRuns().isEmpty())
            .map(
                file ->
                    "NOT (filename = %s AND run_id IN (%s))"
                        .formatted(
                            text(folder.resolve(file.path()).toString()),
                            file.hiddenRuns().stream()
                                .map(DuckDbScript::text)
                                .collect(Collectors.joining(", "))))
            .collect(Collectors.joining("\n  AND "));
    return "SELECT %s%nFROM read_parquet([%s],%n  hive_partitioning = %s, hive_types_autocast = false, union_by_name = true, filename = true)%s"
        .formatted(names, paths, inFolders, hidden.isEmpty() ? "" : "\nWHERE " + hidden);
  }

  private static String text(String value) {
    return "'" + value.replace("'", "''") + "'";
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
