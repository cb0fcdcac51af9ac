package io.plumbline.files.fetch;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Names and patterns of files: {@code *} and {@code ?} as in a shell, {@code **} across folders,
 * and <code>{00001..00015}</code> for numbered files.
 */
final class FilePatterns {
  private static final Pattern RANGE = Pattern.compile("\\{([0-9]+)\\.\\.([0-9]+)}");
  private static final int MOST_NUMBERS = 10_000;

  private final List<PathMatcher> matchers = new ArrayList<>();

  /**
   * @throws IllegalArgumentException naming a pattern that is none
   */
  FilePatterns(List<String> patterns) {
    for (String pattern : patterns) {
      for (String plain : expanded(pattern)) {
        try {
          matchers.add(FileSystems.getDefault().getPathMatcher("glob:" + plain));
        } catch (PatternSyntaxException e) {
          throw new IllegalArgumentException(
              "pattern (%s) is not one of files: %s".formatted(pattern, e.getDescription()), e);
        }
      }
    }
  }

  boolean match(String path) {
    Path file = Path.of(path);
    return matchers.stream().anyMatch(matcher -> matcher.matches(file));
  }

  /** The pattern with each number of its range, or alone if it has none. */
  static List<String> expanded(String pattern) {
    Matcher range = RANGE.matcher(pattern);
    if (!range.find()) {
      return List.of(pattern);
    }
    String first = range.group(1);
    int from = Integer.parseInt(first);
    int to = Integer.parseInt(range.group(2));
    if (to < from || to - from >= MOST_NUMBERS) {
      throw new IllegalArgumentException(
          "pattern (%s) must count upwards, at most %d files".formatted(pattern, MOST_NUMBERS));
    }
    String format = "%0" + first.length() + "d";
    List<String> expanded = new ArrayList<>();
    for (int number = from; number <= to; number++) {
      expanded.add(
          pattern.substring(0, range.start())
              + format.formatted(number)
              + pattern.substring(range.end()));
    }
    return expanded;
  }

  /** Whether a pattern, after its range, says exactly how a file is called. */
  static boolean isName(String pattern) {
    return pattern.chars().noneMatch(c -> "*?[{\\".indexOf(c) >= 0);
  }
}
