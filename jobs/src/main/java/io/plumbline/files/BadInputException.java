package io.plumbline.files;

/** Stub until the files module lands. */
public final class BadInputException extends RuntimeException {
  public BadInputException(String message) {
    super(message);
  }
}
