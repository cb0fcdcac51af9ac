package io.plumbline.files.fetch;

import io.plumbline.files.fetch.FetchOptions.Check;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Brings what a folder lacks of what a source offers, and writes down what it brought. */
final class FolderDownload {
  private final Web web;
  private final Retries retries;
  private final PrintWriter notices;

  FolderDownload(Web web, Retries retries, PrintWriter notices) {
    this.web = web;
    this.retries = retries;
    this.notices = notices;
  }

  /**
   * Does it.
   *
   * @param check how a file that is there already is known to be the right one
   * @throws FetchException if a file cannot be had; those before it stay
   */
  void run(SourceSpec source, Listing listing, Wanted wanted, Path folder, Check check) {
    List<RemoteFile> files =
        listing.files().stream().filter(file -> wanted.admits(file.path())).toList();
    requireAll(source, files, wanted);
    files.forEach(file -> requireBelow(folder, file));
    Map<String, KnownFile> recorded = FolderRecord.in(folder);
    List<RemoteFile> lacking = new ArrayList<>();
    for (RemoteFile file : files) {
      if (!isThere(file.file(), recorded.get(file.path()), folder.resolve(file.path()), check)) {
        lacking.add(file);
      }
    }
    requireRoom(folder, lacking);
    notices.printf(
        "%d of %d files to download from %s to %s%n",
        lacking.size(), files.size(), source.describe(), folder);
    for (RemoteFile file : lacking) {
      notices.printf("%s%s%n", file.path(), size(file));
      Path target = folder.resolve(file.path());
      new Download(web, retries, notices, file, listing.access(), target).run();
      // After each file, so that an interrupted call leaves a record of what it brought.
      new FolderRecord(source.describe(), listing.revision(), List.of(file.file()))
          .writeInto(folder);
    }
  }

  private static void requireAll(SourceSpec source, List<RemoteFile> files, Wanted wanted) {
    List<String> offered = files.stream().map(RemoteFile::path).toList();
    List<String> absent = wanted.names().stream().filter(n -> !offered.contains(n)).toList();
    if (!absent.isEmpty()) {
      throw new FetchException(
          "%s has no %s. Maybe leave it out with --exclude, or try another --from."
              .formatted(source.describe(), String.join(", ", absent)));
    }
    if (offered.isEmpty()) {
      throw new FetchException("%s has none of the files".formatted(source.describe()));
    }
  }

  private static void requireBelow(Path folder, RemoteFile file) {
    if (!Reference.isBelow(file.path())) {
      throw new FetchException(
          "the source names a file outside of %s: %s".formatted(folder, file.path()));
    }
  }

  private static boolean isThere(KnownFile offered, KnownFile recorded, Path path, Check check) {
    boolean sameSize =
        Files.isRegularFile(path)
            && (offered.sizeBytes() == null || offered.sizeBytes() == path.toFile().length());
    if (!sameSize || offered.checksum() == null) {
      return sameSize;
    }
    if (check == Check.CHECKSUM) {
      return offered.checksum().of(path).equals(offered.checksum());
    }
    return recorded == null || offered.checksum().equals(recorded.checksum());
  }

  private static String size(RemoteFile file) {
    Long bytes = file.file().sizeBytes();
    return bytes == null ? "" : ", " + ByteSize.text(bytes);
  }

  private static void requireRoom(Path folder, List<RemoteFile> lacking) {
    long needed = 0;
    for (RemoteFile file : lacking) {
      Long size = file.file().sizeBytes();
      Path part = folder.resolve(file.path() + ".part");
      needed += size == null ? 0 : Math.max(0, size - part.toFile().length());
    }
    Path existing = folder;
    while (!Files.exists(existing)) {
      existing = existing.getParent();
    }
    try {
      long free = Files.getFileStore(existing).getUsableSpace();
      if (needed > free) {
        throw new FetchException(
            "%s: %s are needed, and the disk has %s. Maybe make room, or set another folder."
                .formatted(folder, ByteSize.text(needed), ByteSize.text(free)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot ask for the room on the disk of " + existing, e);
    }
  }
}
