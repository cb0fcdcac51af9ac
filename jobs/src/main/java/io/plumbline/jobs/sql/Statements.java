package io.plumbline.jobs.sql;

import java.util.ArrayList;
import java.util.List;

/**
 * Statements of a text: each ends with a semicolon that stands outside of quotes and comments; the
 * last one may go without.
 */
public final class Statements {
  private final List<String> complete = new ArrayList<>();
  private final String rest;

  private Statements(String text) {
    int start = 0;
    boolean blank = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (text.startsWith("--", i)) {
        i = endOf(text, "\n", i);
      } else if (text.startsWith("/*", i)) {
        i = endOf(text, "*/", i + 2) + 1;
      } else if (c == '\'' || c == '"' || c == '`') {
        i = endOfQuoted(text, i);
        blank = false;
      } else if (c == ';') {
        if (!blank) {
          complete.add(text.substring(start, i).strip());
        }
        start = i + 1;
        blank = true;
      } else if (!Character.isWhitespace(c)) {
        blank = false;
      }
    }
    rest = blank ? "" : text.substring(Math.min(start, text.length())).strip();
  }

  /** Takes a text apart. */
  public static Statements of(String text) {
    return new Statements(text);
  }

  /** The statements that ended, without their semicolons. */
  public List<String> complete() {
    return List.copyOf(complete);
  }

  /** What stands behind the last semicolon; empty if that is only blanks and comments. */
  public String rest() {
    return rest;
  }

  /** All statements, the last one ended or not. */
  public List<String> all() {
    List<String> all = new ArrayList<>(complete);
    if (!rest.isEmpty()) {
      all.add(rest);
    }
    return all;
  }

  /** Place of the last character of what ends at a mark; the end of the text if it never does. */
  private static int endOf(String text, String mark, int from) {
    int end = text.indexOf(mark, from);
    return end < 0 ? text.length() - 1 : end;
  }

  /** Spark escapes with a backslash inside quotes, but not inside backticks. */
  private static int endOfQuoted(String text, int start) {
    char quote = text.charAt(start);
    for (int i = start + 1; i < text.length(); i++) {
      if (text.charAt(i) == '\\' && quote != '`') {
        i++;
      } else if (text.charAt(i) == quote) {
        return i;
      }
    }
    return text.length();
  }
}
