package io.plumbline.files;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** How names in files follow from names in code, and which known name a wrong one may mean. */
public final class Names {
  private Names() {}

  /** {@code promptTokens} and {@code PromptTokens} both give {@code prompt_tokens}. */
  public static String snake(String camel) {
    StringBuilder snake = new StringBuilder(camel.length() + 8);
    for (int i = 0; i < camel.length(); i++) {
      char c = camel.charAt(i);
      if (Character.isUpperCase(c) && i > 0 && startsWord(camel, i)) {
        snake.append('_');
      }
      snake.append(Character.toLowerCase(c));
    }
    return snake.toString();
  }

  private static boolean startsWord(String camel, int i) {
    boolean afterLower = !Character.isUpperCase(camel.charAt(i - 1));
    boolean beforeLower = i + 1 < camel.length() && Character.isLowerCase(camel.charAt(i + 1));
    return afterLower || beforeLower;
  }

  /** The {@code kind} of a permitted record: {@code SarathiSpec} is {@code sarathi}. */
  public static String kind(Class<?> permitted) {
    String name = permitted.getSimpleName();
    return snake(name.endsWith("Spec") ? name.substring(0, name.length() - 4) : name);
  }

  /** An enum constant as files have it: {@code RECOMPUTE} is {@code recompute}. */
  public static String constant(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** The known names, nearest to the wrong one first; equally near ones in their own order. */
  public static List<String> nearestFirst(String wrong, Collection<String> known) {
    return known.stream()
        .sorted(Comparator.comparingInt((String name) -> distance(wrong, name)))
        .toList();
  }

  /** A hint for a wrong name: the nearest known one if it is near, else all of them. */
  public static String hint(String wrong, Collection<String> known) {
    if (known.isEmpty()) {
      return "None is known here.";
    }
    String nearest = nearestFirst(wrong, known).get(0);
    int near = Math.max(2, nearest.length() / 3);
    return distance(wrong, nearest) <= near
        ? "Maybe: " + nearest
        : "Known: " + String.join(", ", known);
  }

  /** Levenshtein distance without regard to case. */
  private static int distance(String a, String b) {
    String left = a.toLowerCase(Locale.ROOT);
    String right = b.toLowerCase(Locale.ROOT);
    int[] row = new int[right.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int substitution = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitution, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[right.length()];
  }
}
