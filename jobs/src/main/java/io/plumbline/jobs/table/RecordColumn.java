package io.plumbline.jobs.table;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One column, read from one component of a row record.
 *
 * @param name the component's name in snake_case
 * @param description what it holds, with its unit
 * @param absent what null means; empty if it is never null
 */
record RecordColumn(
    String name, ColumnType type, String description, String absent, Method accessor) {

  private static final ClassValue<List<RecordColumn>> OF_RECORD =
      new ClassValue<>() {
        @Override
        protected List<RecordColumn> computeValue(Class<?> row) {
          return Arrays.stream(row.getRecordComponents()).map(RecordColumn::of).toList();
        }
      };

  static List<RecordColumn> of(Class<? extends Record> row) {
    return OF_RECORD.get(row);
  }

  private static RecordColumn of(RecordComponent component) {
    Column column = component.getAnnotation(Column.class);
    if (column == null) {
      throw new IllegalArgumentException(
          "%s.%s has no @Column"
              .formatted(component.getDeclaringRecord().getSimpleName(), component.getName()));
    }
    boolean boxedNumber = !component.getType().isPrimitive() && component.getType() != String.class;
    if (component.getType() != String.class && boxedNumber == column.absent().isEmpty()) {
      throw new IllegalArgumentException(
          "%s.%s: a boxed number needs @Column(absent = …) and a primitive must not have it"
              .formatted(component.getDeclaringRecord().getSimpleName(), component.getName()));
    }
    Method accessor = component.getAccessor();
    accessor.setAccessible(true);
    return new RecordColumn(
        snakeCase(component.getName()),
        ColumnType.of(component.getType()),
        column.value(),
        column.absent(),
        accessor);
  }

  private static String snakeCase(String camelCase) {
    return camelCase.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  boolean nullable() {
    return !absent.isEmpty();
  }

  /** The column's value in a row; never null where the column is not nullable. */
  Object value(Record row) {
    try {
      Object value = accessor.invoke(row);
      if (value == null && !nullable()) {
        throw new IllegalArgumentException(
            "%s: %s must not be null".formatted(row.getClass().getSimpleName(), name));
      }
      return value;
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("cannot read %s of %s".formatted(name, row), e);
    }
  }
}
