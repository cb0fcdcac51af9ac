package io.plumbline.reference.openai;

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
    String what = message(cause);
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    // The JDK puts what it was doing in front of what happened to it.
    return root == cause || what.contains(message(root)) ? what : what + ": " + message(root);
  }

  private static String message(Throwable failure) {
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }
}
