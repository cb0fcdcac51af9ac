package io.plumbline.files.accelsim;

import io.plumbline.files.BadInputException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Options of Accel-Sim from its configuration files: lines {@code -name value}, where a quoted
 * value may go over several lines and {@code #} begins a comment. Later files override earlier
 * ones; each value remembers where it is from.
 */
final class GpuOptions {
  private final Map<String, Value> values = new HashMap<>();
  private final List<Path> files;

  /**
   * @param text the value without quotes and comments
   * @param place file and line
   */
  private record Value(String text, String place) {}

  GpuOptions(List<Path> files) {
    this.files = files;
    files.forEach(this::read);
  }

  private void read(Path file) {
    try (LineCursor lines = new LineCursor(file)) {
      int number = 0;
      while (lines.nextLine()) {
        number++;
        if (!lines.startsWith("-")) {
          continue;
        }
        String place = "%s:%d".formatted(file, number);
        StringBuilder text = new StringBuilder(withoutComment(lines.rest()));
        while (quotes(text) % 2 == 1) {
          if (!lines.nextLine()) {
            throw new BadInputException("%s: the quoted value does not end".formatted(place));
          }
          number++;
          text.append(withoutComment(lines.rest()));
        }
        add(text.toString(), place);
      }
    }
  }

  private void add(String line, String place) {
    String[] parts = line.strip().split("\\s+", 2);
    if (parts.length == 2) {
      values.put(parts[0].substring(1), new Value(parts[1].replace("\"", "").strip(), place));
    }
  }

  private static String withoutComment(String line) {
    int comment = line.indexOf('#');
    return comment < 0 ? line : line.substring(0, comment).stripTrailing();
  }

  private static long quotes(CharSequence text) {
    return text.chars().filter(c -> c == '"').count();
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  String text(String name) {
    Value value = values.get(name);
    if (value == null) {
      throw new BadInputException("%s: there is no option -%s".formatted(files, name));
    }
    return value.text();
  }

  int integer(String name) {
    return integerOf(name, text(name));
  }

  int integer(String name, int ifAbsent) {
    return has(name) ? integer(name) : ifAbsent;
  }

  /** A number of a value that has several. */
  int integerOf(String name, String part) {
    try {
      return Integer.parseInt(part.strip());
    } catch (NumberFormatException e) {
      throw bad(name, "must have a whole number where it has %s".formatted(part));
    }
  }

  double decimalOf(String name, String part) {
    try {
      return Double.parseDouble(part.strip());
    } catch (NumberFormatException e) {
      throw bad(name, "must have a number where it has %s".formatted(part));
    }
  }

  /** The parts of a value, at least so many. */
  String[] parts(String name, String separators, int least) {
    String[] parts = text(name).split(separators, -1);
    if (parts.length < least) {
      throw bad(name, "must have %d parts".formatted(least));
    }
    return parts;
  }

  BadInputException bad(String name, String why) {
    Value value = values.get(name);
    return new BadInputException(
        "%s: -%s (%s) %s".formatted(value.place(), name, value.text(), why));
  }
}
