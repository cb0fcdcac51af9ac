package io.plumbline.jobs.table;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Where packs are in a results folder: {@code packs/TABLE/PACK.parquet}, and their manifests. */
final class PackFolder {
  static final String SUFFIX = ".parquet";
  static final String MANIFEST_SUFFIX = ".json";

  /** Folder of the packs, in the results folder. */
  static final String PACKS = "packs";

  private static final String MANIFESTS = "manifest";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path folder;
  private final TextFiles manifests;
  private final Configuration conf;

  PackFolder(Path resultsDir, Configuration conf) {
    this.folder = new Path(resultsDir, PACKS);
    this.manifests = new TextFiles(new Path(folder, MANIFESTS).toString());
    this.conf = conf;
  }

  /** A name that no other pack has: the time in ms, then 48 random bits. */
  static String newName() {
    return "p%012x-%012x".formatted(System.currentTimeMillis(), RANDOM.nextLong() >>> 16);
  }

  Path tableFolder(Table table) {
    return new Path(folder, table.tableName());
  }

  Path file(Table table, String pack) {
    return new Path(tableFolder(table), pack + SUFFIX);
  }

  Path manifestFile(String pack) {
    return new Path(new Path(folder, MANIFESTS), pack + MANIFEST_SUFFIX);
  }

  /** Makes a pack visible, in one step. */
  void writeManifest(Pack pack) {
    manifests.write(pack.pack() + MANIFEST_SUFFIX, pack.toJson() + "\n");
  }

  /** All manifests, the oldest first. */
  List<Pack> manifests() {
    return list(new Path(folder, MANIFESTS), MANIFEST_SUFFIX).parallelStream()
        .map(file -> manifest(file.getPath().getName()))
        .filter(Objects::nonNull)
        .sorted(Comparator.comparing(Pack::pack))
        .toList();
  }

  /** Null if it was vacuumed since it was listed. */
  private Pack manifest(String name) {
    String text = manifests.read(name);
    return text == null
        ? null
        : Pack.ofJson(new Path(new Path(folder, MANIFESTS), name).toString(), text);
  }

  /** Files of manifests. */
  List<FileStatus> manifestFiles() {
    return list(new Path(folder, MANIFESTS), MANIFEST_SUFFIX);
  }

  /** The data files of all packs, visible ones and others. */
  List<FileStatus> dataFiles() {
    List<FileStatus> all = new ArrayList<>();
    Stream.concat(Stream.of(Table.RUN), RunRows.TABLES.stream())
        .forEach(table -> all.addAll(list(tableFolder(table), SUFFIX)));
    return all;
  }

  private List<FileStatus> list(Path path, String suffix) {
    try {
      FileSystem files = path.getFileSystem(conf);
      return Stream.of(files.listStatus(path))
          .filter(file -> file.getPath().getName().endsWith(suffix))
          .filter(file -> !file.getPath().getName().startsWith("_"))
          .toList();
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list %s".formatted(path), e);
    }
  }
}
