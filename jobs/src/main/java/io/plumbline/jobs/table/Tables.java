package io.plumbline.jobs.table;

import io.plumbline.files.BadInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The tables of a results folder as Spark sees them. */
public final class Tables {
  private static final String ORIGIN = "origin";
  private static final String RUN_ID = "run_id";
  private static final String FILE_NAME = "_pack_file";
  private static final String EXCLUDED_RULES = "spark.sql.optimizer.excludedRules";

  /**
   * Fails on correlated subqueries in the select list of a union, and a table is one. Unused
   * columns are pruned by another rule.
   */
  private static final String FAILING_RULE =
      "org.apache.spark.sql.catalyst.optimizer.PushProjectionThroughUnion";

  private final SparkSession spark;
  private final PartitionWriter partitions;
  private final PackFolder folder;
  private final RunCatalog catalog;

  private Tables(SparkSession spark, String resultsDir) {
    this.spark = spark;
    this.partitions = new PartitionWriter(resultsDir);
    this.folder = new PackFolder(partitions.resultsDir(), partitions.conf());
    // One look for all tables: what comes to be meanwhile is in none of them.
    this.catalog = RunCatalog.of(partitions);
  }

  /**
   * Registers every table of a results folder as a temporary view under its name, and the views
   * over them. A table that has no files yet is an empty one.
   *
   * @throws BadInputException if the files of a table do not have its columns
   */
  public static void register(SparkSession spark, String resultsDir) {
    excludeFailingRule(spark);
    Tables tables = new Tables(spark, resultsDir);
    RegisteredViews.of(spark).update(spark, tables::update);
  }

  private void update(RegisteredViews.Update views) {
    for (Table table : Table.values()) {
      Contents contents = contents(table);
      views.table(table.tableName(), contents, () -> open(table, contents));
    }
    for (View view : View.values()) {
      views.query(view.viewName(), view.sql());
    }
  }

  private static void excludeFailingRule(SparkSession spark) {
    String excluded = spark.conf().get(EXCLUDED_RULES, "");
    if (!excluded.contains(FAILING_RULE)) {
      spark
          .conf()
          .set(EXCLUDED_RULES, excluded.isEmpty() ? FAILING_RULE : excluded + "," + FAILING_RULE);
    }
  }

  /**
   * What the rows of a table are made of; of two that are equal the rows are the same.
   *
   * @param files in folders of single runs, sweeps, comparisons
   * @param elsewhere runs of which the rows in folders do not count
   * @param packs with rows of the table, and the runs whose rows there do not count
   */
  private record Contents(
      List<FileState> files,
      List<RunCatalog.Key> elsewhere,
      Map<Pack, Set<RunCatalog.Key>> packs) {}

  private record FileState(Path path, long length, long modifiedMillis) {}

  private Contents contents(Table table) {
    List<FileState> files =
        partitions.files(table).stream()
            .map(f -> new FileState(f.getPath(), f.getLen(), f.getModificationTime()))
            .toList();
    boolean ofRuns = table == Table.RUN || RunRows.TABLES.contains(table);
    List<RunCatalog.Key> elsewhere =
        !ofRuns
            ? List.of()
            : files.stream()
                .map(file -> RunCatalog.key(file.path()))
                .filter(key -> !catalog.countsInFolder(key))
                .toList();
    Map<Pack, Set<RunCatalog.Key>> packs = new LinkedHashMap<>();
    for (Pack pack : catalog.packs()) {
      if (pack.has(table)) {
        packs.put(pack, catalog.hidden(pack));
      }
    }
    return new Contents(files, elsewhere, packs);
  }

  private Dataset<Row> open(Table table, Contents contents) {
    StructType schema = RecordSchema.structType(table.rowType());
    Column[] inOrder = Stream.of(schema.fieldNames()).map(functions::col).toArray(Column[]::new);
    Dataset<Row> inFolders = inFolders(table, schema, contents);
    Dataset<Row> inPacks = inPacks(table, schema, List.copyOf(contents.packs().keySet()));
    if (inFolders == null && inPacks == null) {
      return spark.createDataFrame(List.of(), schema);
    }
    if (inFolders == null || inPacks == null) {
      return (inFolders == null ? inPacks : inFolders).select(inOrder);
    }
    return inFolders.select(inOrder).union(inPacks.select(inOrder));
  }

  /** The rows in folders of single runs, sweeps, comparisons; null if there are none. */
  private Dataset<Row> inFolders(Table table, StructType schema, Contents contents) {
    if (contents.files().isEmpty()) {
      return null;
    }
    requireColumnsOfOldestAndNewest(table, contents.files());
    Dataset<Row> rows =
        spark.read().schema(schema).parquet(partitions.folder(table, List.of()).toString());
    List<Row> elsewhere =
        contents.elsewhere().stream()
            .map(key -> RowFactory.create(key.origin(), key.runId()))
            .toList();
    return elsewhere.isEmpty() ? rows : without(rows, elsewhere, ORIGIN, RUN_ID);
  }

  /** The rows in packs; null if there are none. */
  private Dataset<Row> inPacks(Table table, StructType schema, List<Pack> packs) {
    if (packs.isEmpty()) {
      return null;
    }
    requireColumnsOfOldestAndNewest(table, packs);
    List<Pack> whole = packs.stream().filter(pack -> catalog.hidden(pack).isEmpty()).toList();
    Dataset<Row> rows = whole.isEmpty() ? null : read(table, whole, schema);
    if (whole.size() == packs.size()) {
      return rows;
    }
    List<Pack> partly = packs.stream().filter(pack -> !whole.contains(pack)).toList();
    List<Row> hidden = new ArrayList<>();
    for (Pack pack : partly) {
      String file = folder.file(table, pack.pack()).getName();
      catalog
          .hidden(pack)
          .forEach(key -> hidden.add(RowFactory.create(file, key.origin(), key.runId())));
    }
    Dataset<Row> others =
        without(
                read(table, partly, schema)
                    .withColumn(FILE_NAME, functions.col("_metadata.file_name")),
                hidden,
                FILE_NAME,
                ORIGIN,
                RUN_ID)
            .drop(FILE_NAME);
    return rows == null ? others : rows.union(others);
  }

  private Dataset<Row> read(Table table, List<Pack> packs, StructType schema) {
    String[] paths =
        packs.stream()
            .map(pack -> folder.file(table, pack.pack()).toString())
            .toArray(String[]::new);
    return spark.read().schema(schema).parquet(paths);
  }

  /** The rows whose values in some columns of text are not among those given. */
  private Dataset<Row> without(Dataset<Row> rows, List<Row> hidden, String... columns) {
    StructType type = new StructType();
    for (String column : columns) {
      type = type.add(column, DataTypes.StringType);
    }
    Dataset<Row> those = functions.broadcast(spark.createDataFrame(hidden, type));
    Column same = functions.lit(true);
    for (String column : columns) {
      same = same.and(rows.col(column).equalTo(those.col(column)));
    }
    return rows.join(those, same, "left_anti");
  }

  /** Columns only drift when the code changes, so the oldest and the newest file show it. */
  private void requireColumnsOfOldestAndNewest(Table table, List<FileState> files) {
    Comparator<FileState> byAge = Comparator.comparingLong(FileState::modifiedMillis);
    Set<String> expected = columns(RecordSchema.parquet(table.rowType(), table.partitionColumns()));
    Stream.of(files.stream().min(byAge), files.stream().max(byAge))
        .forEach(file -> requireColumns(table, file.orElseThrow().path(), expected));
  }

  private void requireColumnsOfOldestAndNewest(Table table, Collection<Pack> packs) {
    Comparator<Pack> byAge = Comparator.comparing(Pack::pack);
    Set<String> expected = columns(RecordSchema.parquet(table.rowType(), List.of()));
    Stream.of(packs.stream().min(byAge), packs.stream().max(byAge))
        .map(pack -> folder.file(table, pack.orElseThrow().pack()))
        .forEach(file -> requireColumns(table, file, expected));
  }

  private void requireColumns(Table table, Path file, Set<String> expected) {
    Set<String> found;
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(file, partitions.conf()))) {
      found = columns(reader.getFileMetaData().getSchema());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read %s".formatted(file), e);
    }
    if (!found.equals(expected)) {
      throw new BadInputException(
          "%s does not have the columns of table %s: missing %s, unexpected %s. Maybe another version of Plumbline wrote it; write it again or remove its folder."
              .formatted(
                  file.toUri().getPath(),
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
