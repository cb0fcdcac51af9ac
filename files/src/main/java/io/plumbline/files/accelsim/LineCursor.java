package io.plumbline.files.accelsim;

import io.plumbline.files.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reads a file line by line and token by token without making text of it: traces have millions of
 * lines. Tokens are separated by blanks.
 */
final class LineCursor implements AutoCloseable {
  private final Path file;
  private final InputStream stream;
  private byte[] buffer = new byte[1 << 16];
  private int filled;
  private int nextLine;
  private int lineEnd;
  private int position;
  private int lineNumber;

  LineCursor(Path file) {
    this.file = file;
    stream = CompressedFiles.open(file);
  }

  /** Goes to the next line; false at the end of the file. */
  boolean nextLine() {
    int end = nextLine;
    while (true) {
      while (end < filled && buffer[end] != '\n') {
        end++;
      }
      if (end < filled) {
        break;
      }
      int searched = end - nextLine;
      if (!fill()) {
        if (searched == 0) {
          return false;
        }
        end = filled;
        break;
      }
      end = nextLine + searched;
    }
    position = nextLine;
    lineEnd = end;
    nextLine = Math.min(end + 1, filled);
    lineNumber++;
    while (lineEnd > position && isBlank(buffer[lineEnd - 1])) {
      lineEnd--;
    }
    skipBlanks();
    return true;
  }

  /** Reads more bytes, which moves the line that is begun to the front. */
  private boolean fill() {
    int kept = filled - nextLine;
    if (kept == buffer.length) {
      buffer = Arrays.copyOf(buffer, 2 * buffer.length);
    } else {
      System.arraycopy(buffer, nextLine, buffer, 0, kept);
    }
    nextLine = 0;
    filled = kept;
    try {
      int count = stream.read(buffer, filled, buffer.length - filled);
      filled += Math.max(0, count);
      return count > 0;
    } catch (IOException e) {
      throw CompressedFiles.failure(file, e);
    }
  }

  boolean isEmpty() {
    return position == lineEnd;
  }

  /** Whether what is left of the line starts with a text. */
  boolean startsWith(String text) {
    if (lineEnd - position < text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (buffer[position + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** What is left of the line. */
  String rest() {
    return text(position, lineEnd);
  }

  boolean hasToken() {
    return position < lineEnd;
  }

  /** The bytes of what is left of the line, compared with earlier ones. */
  boolean restEquals(byte[] other) {
    return Arrays.equals(buffer, position, lineEnd, other, 0, other.length);
  }

  byte[] restBytes() {
    return Arrays.copyOfRange(buffer, position, lineEnd);
  }

  int restHash() {
    int hash = 1;
    for (int i = position; i < lineEnd; i++) {
      hash = 31 * hash + buffer[i];
    }
    return hash ^ hash >>> 15;
  }

  void skipToken(String what) {
    tokenEnd(what);
  }

  String token(String what) {
    int start = position;
    return text(start, tokenEnd(what));
  }

  /** A register: {@code R12} is 12. */
  int register(String what) {
    int start = position;
    int end = tokenEnd(what);
    if (buffer[start] != 'R') {
      throw bad(what, text(start, end), "must be a register such as R12");
    }
    long number = number(what, start, start + 1, end, 10);
    if (number < 0 || number > 255) {
      throw bad(what, text(start, end), "must be from R0 to R255");
    }
    return (int) number;
  }

  int integer(String what, int least, int most) {
    int start = position;
    int end = tokenEnd(what);
    long value = number(what, start, start, end, 10);
    if (value < least || value > most) {
      throw bad(what, text(start, end), "must be from %d to %d".formatted(least, most));
    }
    return (int) value;
  }

  long decimal(String what) {
    int start = position;
    int end = tokenEnd(what);
    return number(what, start, start, end, 10);
  }

  long hexadecimal(String what) {
    int start = position;
    int end = tokenEnd(what);
    boolean prefixed = end - start > 2 && buffer[start] == '0' && buffer[start + 1] == 'x';
    return number(what, start, prefixed ? start + 2 : start, end, 16);
  }

  private long number(String what, int tokenStart, int from, int end, int radix) {
    int at = from;
    boolean negative = at < end && buffer[at] == '-';
    if (negative) {
      at++;
    }
    if (at == end || end - at > 18) {
      throw bad(what, text(tokenStart, end), "must be a number");
    }
    long value = 0;
    for (; at < end; at++) {
      int digit = Character.digit(buffer[at], radix);
      if (digit < 0) {
        throw bad(what, text(tokenStart, end), "must be a number");
      }
      value = value * radix + digit;
    }
    return negative ? -value : value;
  }

  private int tokenEnd(String what) {
    if (position == lineEnd) {
      throw bad("the line ends before " + what);
    }
    int end = position;
    while (end < lineEnd && !isBlank(buffer[end])) {
      end++;
    }
    position = end;
    skipBlanks();
    return end;
  }

  private void skipBlanks() {
    while (position < lineEnd && isBlank(buffer[position])) {
      position++;
    }
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t' || b == '\r';
  }

  private String text(int from, int to) {
    return new String(buffer, from, to - from, StandardCharsets.UTF_8);
  }

  BadInputException bad(String what, String value, String why) {
    return bad("%s (%s) %s".formatted(what, value, why));
  }

  BadInputException bad(String complaint) {
    return new BadInputException("%s:%d: %s".formatted(file, lineNumber, complaint));
  }

  @Override
  public void close() {
    try {
      stream.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
