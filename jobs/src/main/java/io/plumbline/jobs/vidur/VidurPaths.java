package io.plumbline.jobs.vidur;

import io.plumbline.files.BadInputException;
import io.plumbline.files.conf.Problems;
import io.plumbline.files.workload.PathResolver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the files that a setup of Vidur names, and names them as Plumbline does. Vidur takes them
 * relative to the folder it was started in, which may be the working directory, one above the
 * setup's file (Vidur writes its {@code config.json} below that folder), or {@code vidur} in the
 * folder of external data.
 */
public final class VidurPaths {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([A-Za-z_][A-Za-z0-9_]*)}?");

  private final Path home;
  private final PathResolver vidur;
  private final PathResolver plumbline;
  private final Path externalRoot;

  /**
   * The places for a setup.
   *
   * @param setup its file; null if it came as flags
   * @param home folder of Plumbline
   * @param externalRoot folder of external data; null if there is none
   */
  public VidurPaths(Path setup, Path home, Path externalRoot) {
    List<Path> folders = new ArrayList<>();
    folders.add(Path.of(""));
    if (setup != null) {
      for (Path p = setup.toAbsolutePath().normalize().getParent(); p != null; p = p.getParent()) {
        folders.add(p);
      }
    }
    if (externalRoot != null) {
      folders.add(externalRoot.resolve("vidur"));
    }
    this.home = home;
    this.vidur = new PathResolver(folders, externalRoot);
    this.plumbline = new PathResolver(List.of(Path.of(""), home), externalRoot);
    this.externalRoot = externalRoot == null ? null : externalRoot.toAbsolutePath().normalize();
  }

  /** Folder of the cards. */
  Path modelsDir() {
    return home.resolve("models");
  }

  /** Where a configuration of Plumbline with the names given here finds its files. */
  public PathResolver resolver() {
    return plumbline;
  }

  /**
   * A file as a configuration of Plumbline names it: below the folder of external data if it is
   * there, so that the configuration can be moved, else by its whole path.
   *
   * @param option what messages call the file's option
   * @param problems that there is no such file is added to them; it keeps its name then
   */
  String named(String option, String path, Problems problems) {
    try {
      return named(vidur.resolve(expanded(path)));
    } catch (BadInputException e) {
      problems.add(option, e.getMessage());
      return path;
    }
  }

  /** The same; null if there is no such file. */
  String namedIfFound(String path) {
    Path found = vidur.find(expanded(path));
    return found == null ? null : named(found);
  }

  private String named(Path found) {
    if (externalRoot != null && found.startsWith(externalRoot)) {
      String relative = externalRoot.relativize(found).toString();
      // A file of the same name may lie in a place that is searched before.
      if (found.equals(plumbline.find(relative))) {
        return relative;
      }
    }
    return found.toString();
  }

  /** Environment variables, as the shell that ran Vidur put them in; unknown ones stay. */
  private static String expanded(String path) {
    return VARIABLE
        .matcher(path)
        .replaceAll(
            found -> {
              String value = System.getenv(found.group(1));
              return Matcher.quoteReplacement(value == null ? found.group() : value);
            });
  }
}
