package io.plumbline.jobs.table;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Finds and removes files that no reader looks at any more: of packs without a manifest, of packs
 * that others have replaced, of runs in folders that a pack has taken over, and marks of processes
 * that died. All of it must have been so for some time, since a reader that began before may still
 * be reading, and a writer may be about to write the manifest.
 */
public final class Vacuum {
  private final PartitionWriter partitions;
  private final PackFolder folder;
  private final long beforeMillis;

  /**
   * Files to remove, in the order in which they go.
   *
   * @param bytes of all of them
   */
  public record Garbage(List<String> files, long bytes) {}

  /**
   * A vacuum of a results folder.
   *
   * @param beforeMillis what came to be later is left alone
   */
  public Vacuum(String resultsDir, long beforeMillis) {
    this.partitions = new PartitionWriter(resultsDir);
    this.folder = new PackFolder(partitions.resultsDir(), partitions.conf());
    this.beforeMillis = beforeMillis;
  }

  /** Says what would be removed. */
  public Garbage find() {
    List<FileStatus> files = garbage();
    return new Garbage(
        files.stream().map(file -> file.getPath().toString()).toList(),
        files.stream().mapToLong(FileStatus::getLen).sum());
  }

  /** Removes it. */
  public Garbage run() {
    Garbage garbage = find();
    try {
      for (String file : garbage.files()) {
        Path path = new Path(file);
        FileSystem files = path.getFileSystem(partitions.conf());
        files.delete(path, false);
        removeEmptyFolders(files, path.getParent());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot remove files of %s".formatted(partitions.resultsDir()), e);
    }
    return garbage;
  }

  /** The folders of a run, and no others: a table's or a pack's is filled again. */
  private static void removeEmptyFolders(FileSystem files, Path parent) throws IOException {
    if (parent.getName().startsWith("run_id=") && files.listStatus(parent).length == 0) {
      files.delete(parent, false);
    }
  }

  private List<FileStatus> garbage() {
    Map<String, FileStatus> manifestFiles = new HashMap<>();
    for (FileStatus file : folder.manifestFiles()) {
      manifestFiles.put(nameOf(file, PackFolder.MANIFEST_SUFFIX), file);
    }
    // Data first, then manifests: a pack that is published in between has its manifest in the list.
    List<FileStatus> data = folder.dataFiles();
    List<Pack> all = folder.manifests();
    List<Pack> old =
        all.stream()
            .filter(pack -> manifestFiles.containsKey(pack.pack()))
            .filter(pack -> isOld(manifestFiles.get(pack.pack())))
            .toList();
    RunCatalog then = RunCatalog.of(partitions, old);
    RunCatalog now = RunCatalog.of(partitions, all);

    List<FileStatus> garbage = new ArrayList<>(foldersTakenOver(then, now));
    Set<String> removed = new HashSet<>();
    Set<Pack> counting = new HashSet<>(then.packs());
    counting.addAll(now.packs());
    for (Pack pack : old) {
      if (!counting.contains(pack) && hasNothingToHide(pack, then, garbage)) {
        removed.add(pack.pack());
        garbage.add(manifestFiles.get(pack.pack()));
      }
    }
    Set<String> named = new HashSet<>();
    all.forEach(pack -> named.add(pack.pack()));
    named.removeAll(removed);
    data.stream()
        .filter(file -> !named.contains(nameOf(file, PackFolder.SUFFIX)))
        .filter(this::isOld)
        .forEach(garbage::add);
    marks().filter(this::isOld).forEach(garbage::add);
    return garbage;
  }

  private boolean isOld(FileStatus file) {
    return file.getModificationTime() < beforeMillis;
  }

  private static String nameOf(FileStatus file, String suffix) {
    String name = file.getPath().getName();
    return name.substring(0, name.length() - suffix.length());
  }

  /** Files of runs in folders that a pack has hidden since; those of {@code run} go first. */
  private List<FileStatus> foldersTakenOver(RunCatalog then, RunCatalog now) {
    List<FileStatus> files = new ArrayList<>();
    Stream.concat(Stream.of(Table.RUN), RunRows.TABLES.stream())
        .forEach(
            table -> {
              for (FileStatus file : partitions.files(table)) {
                RunCatalog.Key key = RunCatalog.key(file.getPath());
                if (isOld(file) && !then.countsInFolder(key) && !now.countsInFolder(key)) {
                  files.add(file);
                }
              }
            });
    return files;
  }

  /** A manifest that keeps a row in a folder hidden stays as long as that row. */
  private boolean hasNothingToHide(Pack pack, RunCatalog then, List<FileStatus> garbage) {
    if (pack.overFolders().isEmpty()) {
      return true;
    }
    Set<RunCatalog.Key> going = new HashSet<>();
    garbage.forEach(file -> going.add(RunCatalog.key(file.getPath())));
    return pack.overFolders().keySet().stream()
        .map(
            name ->
                new RunCatalog.Key(
                    name.substring(0, name.indexOf('/')), name.substring(name.indexOf('/') + 1)))
        .allMatch(
            key ->
                going.contains(key)
                    || then.countsInFolder(key)
                    || !partitions.exists(Table.RUN, List.of(key.origin(), key.runId())));
  }

  private Stream<FileStatus> marks() {
    Path marks = new Path(partitions.resultsDir(), RunMarks.FOLDER);
    try {
      return Stream.of(marks.getFileSystem(partitions.conf()).listStatus(marks));
    } catch (FileNotFoundException e) {
      return Stream.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list %s".formatted(marks), e);
    }
  }
}
