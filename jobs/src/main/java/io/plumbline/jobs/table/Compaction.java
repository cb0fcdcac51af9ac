package io.plumbline.jobs.table;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.filter2.compat.FilterCompat;

/**
 * Writes runs that are in small packs, or in folders of their own, into larger packs. What a pack
 * replaces is named in its manifest, so that readers see one or the other; {@link Vacuum} removes
 * the old files later.
 */
public final class Compaction {
  private final PartitionWriter partitions;
  private final PackFolder folder;
  private final int runsPerPack;

  /**
   * What is to be joined, or was.
   *
   * @param packs that are replaced
   * @param folders runs that are taken over from folders of their own
   * @param into new packs
   */
  public record Result(int packs, int folders, int into) {}

  /** Sources of one new pack. */
  private record Group(List<Pack> packs, List<RunCatalog.Key> folders) {
    int size(RunCatalog catalog) {
      return folders.size()
          + packs.stream().mapToInt(pack -> pack.size() - catalog.hidden(pack).size()).sum();
    }
  }

  /**
   * A compaction of a results folder.
   *
   * @param runsPerPack runs of a new pack; packs of half as many stay as they are
   */
  public Compaction(String resultsDir, int runsPerPack) {
    this.partitions = new PartitionWriter(resultsDir);
    this.folder = new PackFolder(partitions.resultsDir(), partitions.conf());
    this.runsPerPack = runsPerPack;
  }

  /** Says what would be joined. */
  public Result plan() {
    return result(groups(RunCatalog.of(partitions)));
  }

  /** Joins it. Others may read and write meanwhile. */
  public Result run() {
    RunCatalog catalog = RunCatalog.of(partitions);
    List<Group> groups = groups(catalog);
    groups.forEach(group -> join(group, catalog));
    return result(groups);
  }

  private static Result result(List<Group> groups) {
    return new Result(
        groups.stream().mapToInt(group -> group.packs().size()).sum(),
        groups.stream().mapToInt(group -> group.folders().size()).sum(),
        groups.size());
  }

  private List<Group> groups(RunCatalog catalog) {
    List<Group> groups = new ArrayList<>();
    Group open = new Group(new ArrayList<>(), new ArrayList<>());
    groups.add(open);
    for (Pack pack : catalog.packs()) {
      // Hidden rows cost every query a join, so such a pack is written anew whatever its size.
      if (pack.size() < runsPerPack / 2 || !catalog.hidden(pack).isEmpty()) {
        open.packs().add(pack);
        open = next(open, groups, catalog);
      }
    }
    List<RunCatalog.Key> folders = new ArrayList<>(catalog.inFolders().keySet());
    folders.sort(Comparator.comparing(RunCatalog.Key::origin).thenComparing(RunCatalog.Key::runId));
    for (RunCatalog.Key key : folders) {
      open.folders().add(key);
      open = next(open, groups, catalog);
    }
    groups.removeIf(
        group ->
            group.folders().isEmpty()
                && (group.packs().isEmpty()
                    || (group.packs().size() == 1
                        && catalog.hidden(group.packs().get(0)).isEmpty())));
    return groups;
  }

  private Group next(Group open, List<Group> groups, RunCatalog catalog) {
    if (open.size(catalog) < runsPerPack) {
      return open;
    }
    Group next = new Group(new ArrayList<>(), new ArrayList<>());
    groups.add(next);
    return next;
  }

  private void join(Group group, RunCatalog catalog) {
    try (PackWriter writer = new PackWriter(partitions, "compact")) {
      for (Pack pack : group.packs()) {
        copy(pack, catalog, writer);
      }
      for (RunCatalog.Key key : group.folders()) {
        copyFolder(key, writer);
        writer.takeOver(key.origin(), key.runId(), catalog.inFolders().get(key));
      }
      writer.publish(group.packs().stream().map(Pack::pack).toList());
    }
  }

  private void copy(Pack pack, RunCatalog catalog, PackWriter writer) {
    Set<RunCatalog.Key> hidden = catalog.hidden(pack);
    for (Table table : RunRows.TABLES) {
      if (pack.has(table)) {
        copyRows(
            folder.file(table, pack.pack()),
            table,
            List.of(),
            row -> {
              if (hidden.isEmpty() || !hidden.contains(key(row))) {
                writer.write(table, row);
              }
            });
      }
    }
    copyRows(
        folder.file(Table.RUN, pack.pack()),
        Table.RUN,
        List.of(),
        row -> {
          RunRow run = (RunRow) row;
          RunCatalog.Key key = new RunCatalog.Key(run.origin(), run.runId());
          if (!hidden.contains(key)) {
            writer.add(run, catalog.inPacks().get(key).runs().attempts());
          }
        });
    pack.overFolders()
        .forEach(
            (name, writtenMillis) -> {
              int slash = name.indexOf('/');
              writer.takeOver(name.substring(0, slash), name.substring(slash + 1), writtenMillis);
            });
  }

  private void copyFolder(RunCatalog.Key key, PackWriter writer) {
    List<String> partition = List.of(key.origin(), key.runId());
    for (Table table : RunRows.TABLES) {
      if (partitions.exists(table, partition)) {
        copyRows(file(table, partition), table, partition, row -> writer.write(table, row));
      }
    }
    copyRows(file(Table.RUN, partition), Table.RUN, partition, row -> writer.add((RunRow) row, 0));
  }

  private Path file(Table table, List<String> partition) {
    return new Path(partitions.folder(table, partition), PartitionWriter.FILE);
  }

  private void copyRows(Path file, Table table, List<String> partition, Consumer<Record> rows) {
    RowReader.forEach(
        file,
        table,
        table.rowType().asSubclass(Record.class),
        partition,
        FilterCompat.NOOP,
        partitions.conf(),
        rows::accept);
  }

  private static RunCatalog.Key key(Record row) {
    List<RecordColumn> columns = RecordColumn.of(row.getClass());
    // All tables of runs begin with origin and run_id.
    return new RunCatalog.Key(
        (String) columns.get(0).value(row), (String) columns.get(1).value(row));
  }
}
