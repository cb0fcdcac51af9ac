package io.plumbline.files.fetch;

import io.plumbline.files.BadInputException;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.RecordBinder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A folder of the repository with a {@code reference.yaml}, such as models/llama-2-7b. */
public final class ReferenceFolder {
  static final String FILE = "reference.yaml";

  private final Path folder;
  private final Reference reference;

  private ReferenceFolder(Path folder) {
    this.folder = folder;
    reference = RecordBinder.bind(ConfNode.read(folder.resolve(FILE)), Reference.class);
  }

  /**
   * The folder itself if it is one of a reference, or else all such folders in it, by name.
   *
   * @throws BadInputException if there is none, or a file is wrong
   */
  public static List<ReferenceFolder> find(Path folder) {
    if (Files.exists(folder.resolve(FILE))) {
      return List.of(new ReferenceFolder(folder));
    }
    if (!Files.isDirectory(folder)) {
      throw new BadInputException("no such folder: " + folder);
    }
    try (Stream<Path> inside = Files.list(folder)) {
      List<ReferenceFolder> found =
          inside
              .filter(f -> Files.exists(f.resolve(FILE)))
              .sorted()
              .map(ReferenceFolder::new)
              .toList();
      if (found.isEmpty()) {
        throw new BadInputException(
            "neither %s nor a folder in it has a %s. Maybe: models/qwen3-0.6b"
                .formatted(folder, FILE));
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + folder, e);
    }
  }

  Path folder() {
    return folder;
  }

  Reference reference() {
    return reference;
  }

  /** Where the files are to be seen from the repository. */
  SourceLink link() {
    return new SourceLink(folder.resolve("source-data"));
  }
}
