package io.plumbline.jobs.table;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Row records as Spark and Parquet see them. Spark's own bean encoder gives records an empty schema
 * without saying so, hence this.
 */
public final class RecordSchema {
  private RecordSchema() {}

  /** The Spark schema of a row record, columns in the order of its components. */
  public static StructType structType(Class<? extends Record> row) {
    return new StructType(
        RecordColumn.of(row).stream()
            .map(c -> DataTypes.createStructField(c.name(), c.type().spark(), c.nullable()))
            .toArray(StructField[]::new));
  }

  /** A record as a Spark row. */
  public static Row row(Record row) {
    return RowFactory.create(
        RecordColumn.of(row.getClass()).stream().map(column -> column.value(row)).toArray());
  }

  /** A Spark row, whose columns are found by name, as a record. */
  public static <R extends Record> R record(Row row, Class<R> type) {
    return record(
        RecordColumn.of(type).stream().map(column -> (Object) row.getAs(column.name())).toArray(),
        type);
  }

  /** The values of all columns, in their order, as a record. */
  static <R extends Record> R record(Object[] values, Class<R> type) {
    RecordComponent[] components = type.getRecordComponents();
    try {
      Constructor<R> constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      throw new IllegalStateException(
          "cannot make a %s of %s".formatted(type.getSimpleName(), Arrays.toString(values)), e);
    }
  }

  /** The schema inside the Parquet files: the row record without its partition columns. */
  static MessageType parquet(Class<? extends Record> row, Collection<String> partitionColumns) {
    List<Type> fields =
        inFile(row, partitionColumns).stream()
            .map(
                c ->
                    c.type()
                        .parquet(
                            c.name(),
                            c.nullable() ? Type.Repetition.OPTIONAL : Type.Repetition.REQUIRED))
            .toList();
    return new MessageType(row.getSimpleName(), fields);
  }

  static List<RecordColumn> inFile(
      Class<? extends Record> row, Collection<String> partitionColumns) {
    return RecordColumn.of(row).stream()
        .filter(column -> !partitionColumns.contains(column.name()))
        .toList();
  }
}
