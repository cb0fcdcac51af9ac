package io.plumbline.files.conf;

import io.plumbline.files.Names;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Turns the text of a scalar into a number, boolean, text or enum constant, coercing nothing. */
final class ScalarBinder {
  private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]*)");

  private static final Map<String, String> UNIT_OF_SUFFIX =
      Map.of(
          "_seconds", "in seconds",
          "_nanos", "in ns",
          "_ns", "in ns",
          "_tokens", "in tokens",
          "_bytes", "in bytes",
          "_per_second", "per second",
          "_factor", "as a factor",
          "_scale", "as a factor");

  private final Problems problems;

  ScalarBinder(Problems problems) {
    this.problems = problems;
  }

  static boolean binds(Class<?> type) {
    return type == int.class
        || type == Integer.class
        || type == long.class
        || type == Long.class
        || type == double.class
        || type == Double.class
        || type == boolean.class
        || type == Boolean.class
        || type == String.class
        || type.isEnum();
  }

  /** What a key expects, for a person: type and, where its name says so, the unit. */
  static String expectation(String key, Class<?> type) {
    String unit =
        UNIT_OF_SUFFIX.entrySet().stream()
            .filter(entry -> key.endsWith(entry.getKey()))
            .map(entry -> " " + entry.getValue())
            .findFirst()
            .orElse("");
    return expectation(type) + unit;
  }

  private static String expectation(Class<?> type) {
    if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
      return "an integer";
    }
    if (type == double.class || type == Double.class) {
      return "a number";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type.isEnum()) {
      return "one of " + String.join(", ", constants(type));
    }
    if (type == String.class) {
      return "text";
    }
    if (type.isSealed()) {
      return "a mapping with a kind";
    }
    if (type == ConfNode.class) {
      return "text or a mapping";
    }
    return List.class.isAssignableFrom(type) ? "a list" : "a mapping";
  }

  /** The value, or {@link RecordBinder#INVALID} after reporting why there is none. */
  Object bind(ConfNode node, Class<?> type) {
    if (node.kind() != ConfNode.Kind.SCALAR) {
      return invalid(
          node, "expected %s, found %s".formatted(expectation(type), describe(node.kind())));
    }
    String text = node.text();
    if (type == String.class) {
      return text;
    }
    if (type.isEnum()) {
      return constant(node, type);
    }
    if (node.quoted()) {
      return invalid(
          node,
          "expected %s, found the text \"%s\". Maybe remove the quotes."
              .formatted(expectation(type), text));
    }
    if (type == boolean.class || type == Boolean.class) {
      return text.equals("true") || text.equals("false")
          ? (Object) Boolean.valueOf(text)
          : invalid(node, "expected true or false, found " + text);
    }
    if (type == double.class || type == Double.class) {
      return number(node);
    }
    return integer(node, type);
  }

  private Object integer(ConfNode node, Class<?> type) {
    if (!INTEGER.matcher(node.text()).matches()) {
      return invalid(node, "expected an integer, found " + node.text());
    }
    try {
      return type == int.class || type == Integer.class
          ? (Object) Integer.valueOf(node.text())
          : (Object) Long.valueOf(node.text());
    } catch (NumberFormatException e) {
      boolean isInt = type == int.class || type == Integer.class;
      return invalid(
          node,
          "%s is out of range (%d to %d)"
              .formatted(
                  node.text(),
                  isInt ? Integer.MIN_VALUE : Long.MIN_VALUE,
                  isInt ? Integer.MAX_VALUE : Long.MAX_VALUE));
    }
  }

  private Object number(ConfNode node) {
    if (!ConfNode.NUMBER.matcher(node.text()).matches()) {
      return invalid(node, "expected a number, found " + node.text());
    }
    double value = Double.parseDouble(node.text());
    return Double.isInfinite(value)
        ? invalid(node, "%s is out of range of a double".formatted(node.text()))
        : (Object) value;
  }

  private Object constant(ConfNode node, Class<?> type) {
    for (Object constant : type.getEnumConstants()) {
      if (Names.constant((Enum<?>) constant).equals(node.text())) {
        return constant;
      }
    }
    List<String> known = constants(type);
    String hint = Names.hint(node.text(), known);
    // Without a near one the hint lists them all, and so does the expectation.
    String advice = hint.startsWith("Maybe") ? ". " + hint : "";
    return invalid(
        node, "expected %s, found %s%s".formatted(expectation(type), node.text(), advice));
  }

  private static List<String> constants(Class<?> type) {
    return Stream.of(type.getEnumConstants()).map(c -> Names.constant((Enum<?>) c)).toList();
  }

  static String describe(ConfNode.Kind kind) {
    return switch (kind) {
      case MAPPING -> "a mapping";
      case SEQUENCE -> "a list";
      case SCALAR -> "a single value";
      case NULL -> "nothing (null)";
    };
  }

  private Object invalid(ConfNode node, String message) {
    problems.add(node, message);
    return RecordBinder.INVALID;
  }
}
