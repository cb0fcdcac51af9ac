package io.plumbline.jobs.table;

import io.plumbline.files.BadInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** The tables of a results folder as Spark sees them. */
public final class Tables {
  private final SparkSession spark;
  private final PartitionWriter partitions;

  private Tables(SparkSession spark, String resultsDir) {
    this.spark = spark;
    this.partitions = new PartitionWriter(resultsDir);
  }

  /**
   * Registers every table of a results folder as a temporary view under its name, and the views
   * over them. A table that has no files yet is an empty one.
   *
   * @throws BadInputException if the files of a table do not have its columns
   */
  public static void register(SparkSession spark, String resultsDir) {
    Tables tables = new Tables(spark, resultsDir);
    for (Table table : Table.values()) {
      tables.open(table).createOrReplaceTempView(table.tableName());
    }
    for (View view : View.values()) {
      spark.sql(view.sql()).createOrReplaceTempView(view.viewName());
    }
  }

  private Dataset<Row> open(Table table) {
    List<FileStatus> files = partitions.files(table);
    StructType schema = RecordSchema.structType(table.rowType());
    if (files.isEmpty()) {
      return spark.createDataFrame(List.of(), schema);
    }
    // Columns only drift when the code changes, so the oldest and the newest file show it.
    Comparator<FileStatus> byAge = Comparator.comparingLong(FileStatus::getModificationTime);
    Stream.of(files.stream().min(byAge), files.stream().max(byAge))
        .forEach(file -> requireColumns(table, file.orElseThrow()));
    Column[] inOrder = Stream.of(schema.fieldNames()).map(functions::col).toArray(Column[]::new);
    return spark
        .read()
        .schema(schema)
        .parquet(partitions.folder(table, List.of()).toString())
        .select(inOrder);
  }

  private void requireColumns(Table table, FileStatus file) {
    Set<String> expected = columns(RecordSchema.parquet(table.rowType(), table.partitionColumns()));
    Set<String> found;
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromStatus(file, partitions.conf()))) {
      found = columns(reader.getFileMetaData().getSchema());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read %s".formatted(file.getPath()), e);
    }
    if (!found.equals(expected)) {
      throw new BadInputException(
          "%s does not have the columns of table %s: missing %s, unexpected %s. Maybe another version of Plumbline wrote it; write it again or remove its folder."
              .formatted(
                  file.getPath().toUri().getPath(),
                  table.tableName(),
                  minus(expected, found),
                  minus(found, expected)));
    }
  }

  private static Set<String> columns(MessageType schema) {
    return schema.getFields().stream()
        .map(field -> field.asPrimitiveType().getPrimitiveTypeName() + " " + field.getName())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> minus(Set<String> columns, Set<String> others) {
    return columns.stream()
        .filter(column -> !others.contains(column))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
