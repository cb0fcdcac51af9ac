package io.plumbline.files.workload;

import io.plumbline.files.BadInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the files that a configuration names: relative to its own folder, then to the home of
 * Plumbline, then to the folder of external data. Absolute paths are taken as they are.
 */
public final class PathResolver {
  /** Environment variable with the folder of external data. */
  public static final String EXTERNAL_REF_ROOT = "EXTERNAL_REF_ROOT";

  private final List<Path> roots = new ArrayList<>();
  private final Path externalRoot;

  /**
   * Home is the system property {@code plumbline.home}, or else the working directory.
   *
   * @param confDir folder of the configuration file
   * @param externalRoot folder of external data; null if there is none
   */
  public PathResolver(Path confDir, Path externalRoot) {
    this(confDir, Path.of(System.getProperty("plumbline.home", "")), externalRoot);
  }

  /**
   * The same with a home.
   *
   * @param home folder of Plumbline
   */
  public PathResolver(Path confDir, Path home, Path externalRoot) {
    this(List.of(confDir, home), externalRoot);
  }

  /**
   * The same with more places.
   *
   * @param folders where files are looked for before the folder of external data, in this order
   */
  public PathResolver(List<Path> folders, Path externalRoot) {
    this.externalRoot = externalRoot;
    folders.forEach(folder -> roots.add(folder.toAbsolutePath()));
    if (externalRoot != null) {
      roots.add(externalRoot.toAbsolutePath());
    }
  }

  /** The first existing file or folder of that name; null if there is none. */
  public Path find(String path) {
    // An absolute path resolves to itself against any root.
    return candidates(path).stream().filter(Files::exists).findFirst().orElse(null);
  }

  private Set<Path> candidates(String path) {
    Set<Path> candidates = new LinkedHashSet<>();
    roots.forEach(root -> candidates.add(root.resolve(path).normalize()));
    return candidates;
  }

  /**
   * The first existing file or folder of that name.
   *
   * @throws BadInputException listing every place that was tried
   */
  public Path resolve(String path) {
    return resolveAny(List.of(path));
  }

  /**
   * The first existing file or folder of any of some names, the first of which counts most.
   *
   * @throws BadInputException listing every place that was tried
   */
  public Path resolveAny(List<String> names) {
    Set<Path> tried = new LinkedHashSet<>();
    for (String name : names) {
      Path found = find(name);
      if (found != null) {
        return found;
      }
      tried.addAll(candidates(name));
    }
    StringBuilder places = new StringBuilder();
    tried.forEach(place -> places.append("\n  ").append(place));
    throw new BadInputException(
        "no such file or folder: %s. Tried:%s\n%s"
            .formatted(String.join(" or ", names), places, hint()));
  }

  private String hint() {
    return externalRoot == null
        ? "Maybe set EXTERNAL_REF_ROOT to the folder with external data."
        : "Maybe set EXTERNAL_REF_ROOT to another folder; it is %s.".formatted(externalRoot);
  }
}
