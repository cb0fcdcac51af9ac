package io.plumbline.jobs.conformance;

import io.plumbline.files.BadInputException;
import io.plumbline.files.reallm.KernelLatencies;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Compares times of iterations with those that ReaLLM wrote down: each within 1e-9 of it, but where
 * rows of its kernel library are equally near, which is counted.
 */
public final class ReallmConformance {
  private final PrintWriter out;
  private final ConformanceReport report;

  public ReallmConformance(PrintWriter out) {
    this.out = out;
    this.report = new ConformanceReport(out);
  }

  /**
   * Runs every case below a folder; kernel libraries are looked for there, and beside a case.
   *
   * @return whether none failed
   * @throws BadInputException if there is no case, or a file of one cannot be read
   */
  public boolean run(Path dir) {
    if (!Files.isDirectory(dir)) {
      throw new BadInputException("no such folder: " + dir);
    }
    List<ReallmCase> cases = cases(dir);
    boolean isCase = cases.size() == 1 && cases.get(0).folder().equals(dir);
    Path above = isCase ? dir.toAbsolutePath().normalize().getParent() : dir;
    List<Path> libraries = libraries(above);
    int steps = 0;
    double ours = 0;
    double theirs = 0;
    for (ReallmCase one : cases) {
      ReallmCase.Outcome outcome = one.compare(libraries);
      report.add(outcome.result());
      steps += outcome.steps();
      ours += outcome.cpuSeconds();
      theirs += outcome.theirSeconds();
    }
    report.sum();
    out.printf(
        Locale.ROOT,
        "%d iterations in %.3f s of CPU, %.1f us each; the original noted %.1f s for predicting them: %.0f times%n",
        steps,
        ours,
        1e6 * ours / steps,
        theirs,
        theirs / ours);
    out.flush();
    return !report.anyFailed();
  }

  private static List<ReallmCase> cases(Path dir) {
    List<Path> folders =
        walk(dir)
            .filter(file -> file.getFileName().toString().equals(ReallmCase.STEPS))
            .map(Path::getParent)
            .filter(folder -> Files.exists(folder.resolve(ReallmCase.CONFIG)))
            .toList();
    if (folders.isEmpty()) {
      throw new BadInputException(
          "%s: no recorded run of ReaLLM is here; each is a folder with %s and %s. Maybe a folder above or below."
              .formatted(dir, ReallmCase.CONFIG, ReallmCase.STEPS));
    }
    return folders.stream().map(ReallmCase::new).toList();
  }

  private static List<Path> libraries(Path dir) {
    return walk(dir)
        .filter(file -> file.toString().endsWith(".csv"))
        .filter(file -> KernelLatencies.isOne(file))
        .map(Path::getParent)
        .distinct()
        .toList();
  }

  private static Stream<Path> walk(Path dir) {
    try (Stream<Path> files = Files.walk(dir)) {
      return files.sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
