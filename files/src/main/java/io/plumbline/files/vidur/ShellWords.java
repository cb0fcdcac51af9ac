package io.plumbline.files.vidur;

import io.plumbline.files.BadInputException;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits the text of a command as a POSIX shell does: quotes, backslashes, lines that go on, and
 * comments. Nothing is expanded, so {@code $NAME} stays as it is.
 */
final class ShellWords {
  /** A word and the line on which it begins. */
  record Word(int line, String text) {}

  private final String name;
  private final String text;
  private final List<Word> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private int line = 1;
  private int wordLine;

  private ShellWords(String name, String text) {
    this.name = name;
    this.text = text;
  }

  /**
   * The words of a text.
   *
   * @param name what messages call it
   * @throws BadInputException if a quote is not closed
   */
  static List<Word> split(String name, String text) {
    return new ShellWords(name, text.replace("\r\n", "\n")).split();
  }

  private List<Word> split() {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        i++;
        if (text.charAt(i) == '\n') {
          line++;
        } else {
          append(text.charAt(i));
        }
      } else if (c == '\'' || c == '"') {
        i = quoted(i);
      } else if (Character.isWhitespace(c)) {
        end();
        line += c == '\n' ? 1 : 0;
      } else if (c == '#' && wordLine == 0) {
        i = comment(i);
      } else {
        append(c);
      }
    }
    end();
    return words;
  }

  private void append(char c) {
    begin();
    word.append(c);
  }

  private void begin() {
    wordLine = wordLine == 0 ? line : wordLine;
  }

  private void end() {
    if (wordLine != 0) {
      words.add(new Word(wordLine, word.toString()));
      word.setLength(0);
      wordLine = 0;
    }
  }

  /** Up to the closing quote, whose position it gives. Single quotes protect backslashes too. */
  private int quoted(int open) {
    char quote = text.charAt(open);
    int openLine = line;
    begin();
    for (int i = open + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == quote) {
        return i;
      }
      boolean escapes = quote == '"' && c == '\\' && i + 1 < text.length();
      if (escapes && "\"\\$`\n".indexOf(text.charAt(i + 1)) >= 0) {
        i++;
        c = text.charAt(i);
        if (c == '\n') {
          line++;
          continue;
        }
      }
      line += c == '\n' ? 1 : 0;
      word.append(c);
    }
    throw new BadInputException(
        "%s:%d: the quote %c is not closed".formatted(name, openLine, quote));
  }

  private int comment(int hash) {
    int end = text.indexOf('\n', hash);
    // The line feed itself is handled by the caller.
    return end < 0 ? text.length() : end - 1;
  }
}
