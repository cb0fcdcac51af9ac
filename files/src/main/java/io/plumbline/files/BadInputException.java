package io.plumbline.files;

/**
 * A user's input is wrong. The message is complete for a person: what, where (file, line, path),
 * the value and, where there is one, a hint that starts with "Maybe".
 */
public final class BadInputException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public BadInputException(String message) {
    super(message);
  }

  public BadInputException(String message, Throwable cause) {
    super(message, cause);
  }
}
