package io.plumbline.files.accelsim;

import io.plumbline.files.BadInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@code kernelslist.g}: the traces of one run in their order. Copies between host and device,
 * which take no simulated time, are left out.
 */
public final class KernelList {
  private KernelList() {}

  /**
   * The traces that a list names; those that are missing are in it all the same.
   *
   * @throws BadInputException if the list is missing or names no kernel
   */
  public static List<Path> read(Path list) {
    List<Path> kernels = new ArrayList<>();
    try (LineCursor lines = new LineCursor(list)) {
      while (lines.nextLine()) {
        if (lines.startsWith("kernel")) {
          kernels.add(found(list.resolveSibling(lines.rest())));
        }
      }
      if (kernels.isEmpty()) {
        throw lines.bad("the list names no kernel");
      }
    }
    return kernels;
  }

  /** A list may name a trace as it was before it was packed. */
  private static Path found(Path named) {
    for (String suffix : List.of("", ".xz", ".gz")) {
      Path file = named.resolveSibling(named.getFileName() + suffix);
      if (Files.exists(file)) {
        return file;
      }
    }
    return named;
  }
}
