package io.plumbline.reference.openai;

import java.net.ConnectException;
import java.util.concurrent.CompletionException;

/** What went wrong on the network, in words; the JDK leaves some of its exceptions without. */
final class Failures {
  private static final int MAX_LENGTH = 300;

  private Failures() {}

  /** A server's text on one line, and not too much of it. */
  static String shortened(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "…";
  }

  static String describe(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof ConnectException && cause.getMessage() == null) {
      return "connection refused";
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}
