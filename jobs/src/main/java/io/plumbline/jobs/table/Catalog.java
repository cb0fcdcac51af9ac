package io.plumbline.jobs.table;

import io.plumbline.files.BadInputException;
import java.util.ArrayList;
import java.util.List;

/** What can be queried: every table and every view, with what is known of its columns. */
public final class Catalog {
  private Catalog() {}

  /** Whether rows are stored or follow from others. */
  public enum Kind {
    TABLE,
    VIEW
  }

  /**
   * A table or view.
   *
   * @param name its name in SQL
   * @param description one sentence on its rows
   */
  public record Relation(Kind kind, String name, String description, List<ColumnInfo> columns) {}

  /**
   * A column.
   *
   * @param type Spark's name of its type
   * @param description what it holds, with the unit
   * @param absent what null means; empty if it is never null
   */
  public record ColumnInfo(String name, String type, String description, String absent) {}

  /** All of them: tables first, then views, in the order of docs/tables.md. */
  public static List<Relation> relations() {
    List<Relation> relations = new ArrayList<>();
    for (Table table : Table.values()) {
      relations.add(relation(Kind.TABLE, table.tableName(), table.description(), table.rowType()));
    }
    for (View view : View.values()) {
      relations.add(relation(Kind.VIEW, view.viewName(), view.description(), view.rowType()));
    }
    return List.copyOf(relations);
  }

  /**
   * One of them.
   *
   * @throws BadInputException if there is none of that name
   */
  public static Relation relation(String name) {
    return relations().stream()
        .filter(relation -> relation.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new BadInputException(
                    "no table or view %s. Maybe one of: %s."
                        .formatted(
                            name,
                            String.join(", ", relations().stream().map(Relation::name).toList()))));
  }

  private static Relation relation(
      Kind kind, String name, String description, Class<? extends Record> rowType) {
    List<ColumnInfo> columns =
        RecordColumn.of(rowType).stream()
            .map(
                column ->
                    new ColumnInfo(
                        column.name(),
                        column.type().spark().simpleString(),
                        column.description(),
                        column.nullable() ? column.absent() : ""))
            .toList();
    return new Relation(kind, name, description, columns);
  }
}
