package io.plumbline.files.fetch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The symbolic link to a folder outside the repository; only ever the link is changed. */
final class SourceLink {
  private final Path link;

  SourceLink(Path link) {
    this.link = link;
  }

  Path path() {
    return link;
  }

  boolean isLink() {
    return Files.isSymbolicLink(link);
  }

  /** A user's own folder or file in the place of the link. */
  boolean isOccupied() {
    return !isLink() && Files.exists(link);
  }

  /** The folder that it leads to, or itself if it is one; null if there is none. */
  Path folder() {
    try {
      return Files.isDirectory(link) ? link.toRealPath() : null;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot follow " + link, e);
    }
  }

  /**
   * Nothing of the user's is where the link is to be.
   *
   * @throws FetchException if there is
   */
  void requireFree() {
    if (isOccupied()) {
      throw new FetchException(
          "%s is not a link, so it is left alone. Maybe move it away.".formatted(link));
    }
  }

  /** Makes it, or makes it lead elsewhere, in one step. */
  void pointTo(Path folder) {
    requireFree();
    Path fresh = link.resolveSibling(link.getFileName() + ".new");
    try {
      Files.deleteIfExists(fresh);
      Files.createSymbolicLink(fresh, folder);
      Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new FetchException("cannot link %s to %s: %s".formatted(link, folder, e), e);
    }
  }

  /** Removes the link and nothing that it leads to. */
  void remove() {
    if (!isLink()) {
      throw new IllegalStateException(link + " is not a link");
    }
    try {
      Files.delete(link);
    } catch (IOException e) {
      throw new FetchException("cannot remove the link %s: %s".formatted(link, e), e);
    }
  }
}
