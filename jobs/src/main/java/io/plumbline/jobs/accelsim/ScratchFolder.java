package io.plumbline.jobs.accelsim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where one run has its files: a list with one kernel, which Accel-Sim looks for beside the list,
 * and the configuration as the overrides leave it. Other files of the configuration are linked,
 * since Accel-Sim looks for some of them where it runs.
 */
final class ScratchFolder implements AutoCloseable {
  private final Path folder;

  ScratchFolder(KernelRun run) {
    try {
      folder = Files.createTempDirectory("plumbline-kernel");
      fill(run);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot lay out " + run.describe(), e);
    }
  }

  private void fill(KernelRun run) throws IOException {
    Path configuration = Path.of(run.configuration());
    try (Stream<Path> others = Files.list(configuration)) {
      for (Path other : others.filter(Files::isRegularFile).toList()) {
        Files.createSymbolicLink(folder.resolve(other.getFileName()), other);
      }
    }
    for (String part : List.of("gpgpusim.config", "trace.config")) {
      Files.delete(folder.resolve(part));
      Files.copy(configuration.resolve(part), folder.resolve(part));
    }
    StringBuilder overrides = new StringBuilder("\n");
    run.overrides()
        .forEach(
            (option, value) ->
                overrides.append('-').append(option).append(' ').append(value).append('\n'));
    // The last one counts, and it is the last file.
    Files.writeString(folder.resolve("trace.config"), overrides, StandardOpenOption.APPEND);
    Path trace = Path.of(run.trace());
    Path traces = Files.createDirectories(folder.resolve(run.application()).resolve("traces"));
    Files.createSymbolicLink(traces.resolve(trace.getFileName()), trace);
    Files.writeString(list(run), trace.getFileName() + "\n");
  }

  Path path() {
    return folder;
  }

  Path list(KernelRun run) {
    return folder.resolve(run.application()).resolve("traces").resolve("kernelslist.g");
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  @Override
  public void close() {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
          Files.delete(path);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + folder, e);
    }
  }
}
