package io.plumbline.files.conf;

import io.plumbline.files.BadInputException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Collects what is wrong with an input, so that a person sees all of it at once. Several threads
 * may add.
 */
public final class Problems {
  private static final Pattern FILE_AND_LINE = Pattern.compile("(.*?):(\\d+)(:.*)?");

  private record Problem(int file, int line, int column, String text) {}

  private final Set<Problem> problems = new LinkedHashSet<>();
  private final List<String> files = new ArrayList<>();

  /** A problem of a node, shown at its file, line and path. */
  public void add(ConfNode at, String message) {
    add(at.file(), at.line(), at.column(), at.where(), message);
  }

  /**
   * A problem at a place.
   *
   * @param where "file:line: path", or any other words for the place
   */
  public void add(String where, String message) {
    Matcher matcher = FILE_AND_LINE.matcher(where);
    boolean located = matcher.matches() && matcher.group(2).length() < 10;
    add(
        located ? matcher.group(1) : where,
        located ? Integer.parseInt(matcher.group(2)) : 0,
        0,
        where,
        message);
  }

  synchronized void add(String file, int line, int column, String where, String message) {
    if (!files.contains(file)) {
      files.add(file);
    }
    // A value that many points of a sweep share is wrong once.
    problems.add(new Problem(files.indexOf(file), line, column, where + ": " + message));
  }

  public synchronized boolean isEmpty() {
    return problems.isEmpty();
  }

  /** How many. */
  public synchronized int size() {
    return problems.size();
  }

  /**
   * Ends the collection.
   *
   * @param headline what they are problems of, e.g. the name of the file
   * @throws BadInputException listing all problems in file order, if there are any
   */
  public void throwIfAny(String headline) {
    if (problems.isEmpty()) {
      return;
    }
    StringBuilder message = new StringBuilder();
    message.append(problems.size()).append(problems.size() == 1 ? " problem" : " problems");
    message.append(" in ").append(headline).append(':');
    problems.stream()
        .sorted(
            Comparator.comparingInt(Problem::file)
                .thenComparingInt(Problem::line)
                .thenComparingInt(Problem::column))
        .forEach(problem -> message.append("\n  ").append(problem.text().replace("\n", "\n    ")));
    throw new BadInputException(message.toString());
  }
}
