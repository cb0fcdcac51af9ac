package io.plumbline.files.fetch;

import io.plumbline.files.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a download left behind beside its files, so that they can be checked without a hub.
 *
 * @param source for people
 * @param revision null if the source has none
 */
record FolderRecord(String source, String revision, List<KnownFile> files) {
  private static final String FILE = ".plumbline-fetch.json";

  /** Files by path that a folder's record has; none without a record. */
  static Map<String, KnownFile> in(Path folder) {
    Map<String, KnownFile> files = new LinkedHashMap<>();
    Path record = folder.resolve(FILE);
    if (Files.exists(record)) {
      Json.read(record, FolderRecord.class).files().forEach(f -> files.put(f.path(), f));
    }
    return files;
  }

  /** Writes it into a folder; files that an earlier record has and this one has not stay in it. */
  void writeInto(Path folder) {
    Map<String, KnownFile> all = new TreeMap<>(in(folder));
    files.forEach(file -> all.put(file.path(), file));
    FolderRecord merged = new FolderRecord(source, revision, List.copyOf(all.values()));
    Path fresh = folder.resolve(FILE + ".new");
    try {
      Files.writeString(fresh, Json.pretty(merged) + "\n");
      Files.move(fresh, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + folder.resolve(FILE), e);
    }
  }
}
