package io.plumbline.jobs.table;

import java.util.List;

/** Writes {@code docs/tables.md}: every table with its columns, types and units. */
final class TablesDocument {
  private TablesDocument() {}

  static String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("# Tables\n\n");
    text.append("Generated from the row records in `io.plumbline.jobs.table`; do not edit.\n");
    text.append("Regenerate: `mvn test -pl jobs -am -Dplumbline.tables.write=true`.\n\n");
    text.append(
        "Every table is a folder of Parquet files in `results/`. Columns marked *folder*\n");
    text.append(
        "are folder names, such as `origin=measured`, instead of being inside the files.\n");
    text.append("Where a unit is given, it follows the semicolon.\n");
    for (Table table : Table.values()) {
      text.append("\n## %s\n\n%s\n\n".formatted(table.tableName(), table.description()));
      appendColumns(text, table.rowType(), table.partitionColumns());
    }
    text.append("\n# Views\n\n");
    text.append("Queries over the tables that `plumbline sql` has ready under these names.\n");
    for (View view : View.values()) {
      text.append("\n## %s\n\n%s\n\n".formatted(view.viewName(), view.description()));
      appendColumns(text, view.rowType(), List.of());
    }
    return text.toString();
  }

  private static void appendColumns(
      StringBuilder text, Class<? extends Record> rowType, List<String> folderColumns) {
    text.append("| column | type | what | null means |\n|---|---|---|---|\n");
    for (RecordColumn column : RecordColumn.of(rowType)) {
      boolean folder = folderColumns.contains(column.name());
      text.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(
                  column.name(),
                  column.type().spark().simpleString() + (folder ? " (*folder*)" : ""),
                  column.description(),
                  column.nullable() ? column.absent() : "-"));
    }
  }
}
