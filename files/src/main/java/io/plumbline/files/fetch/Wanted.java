package io.plumbline.files.fetch;

import io.plumbline.files.BadInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The files of a reference that this call is about. */
final class Wanted {
  /**
   * One line of a reference.
   *
   * @param pattern as it is written
   * @param names of the files that it stands for; empty if only a source knows them
   */
  record Entry(String pattern, List<String> names) {}

  private final List<Entry> entries = new ArrayList<>();
  private final Predicate<String> admitted;

  /**
   * @param only patterns of the command line; all files if empty
   * @param without patterns of the command line
   */
  Wanted(Reference reference, List<String> only, List<String> without) {
    FilePatterns include = new FilePatterns(reference.wantedFiles());
    FilePatterns exclude = new FilePatterns(reference.exclude());
    FilePatterns narrower = ofOption("--include", only);
    FilePatterns narrowerWithout = ofOption("--exclude", without);
    Predicate<String> asked =
        path -> (only.isEmpty() || narrower.match(path)) && !narrowerWithout.match(path);
    admitted = path -> include.match(path) && !exclude.match(path) && asked.test(path);
    boolean narrowed = !only.isEmpty() || !without.isEmpty();
    for (String pattern : reference.wantedFiles()) {
      List<String> expanded = FilePatterns.expanded(pattern);
      List<String> names = expanded.stream().filter(FilePatterns::isName).filter(admitted).toList();
      // What a real pattern stands for is unknown here, so a narrower call cannot insist on it.
      boolean open = !FilePatterns.isName(expanded.get(0)) && !narrowed;
      if (open || !names.isEmpty()) {
        boolean whole = names.size() == expanded.size();
        entries.add(new Entry(whole || open ? pattern : String.join(", ", names), names));
      }
    }
    if (entries.isEmpty()) {
      throw new BadInputException(
          "%s: no file is left by --include and --exclude. It has: %s"
              .formatted(reference.name(), String.join(", ", reference.wantedFiles())));
    }
  }

  private static FilePatterns ofOption(String option, List<String> patterns) {
    try {
      return new FilePatterns(patterns);
    } catch (IllegalArgumentException e) {
      throw new BadInputException("%s: %s".formatted(option, e.getMessage()), e);
    }
  }

  List<Entry> entries() {
    return entries;
  }

  /** Names of all files whose names are known without asking a source. */
  List<String> names() {
    return entries.stream().flatMap(entry -> entry.names().stream()).toList();
  }

  /** Whether a file that a source offers is wanted. */
  boolean admits(String path) {
    return admitted.test(path);
  }
}
