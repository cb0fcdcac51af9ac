package io.plumbline.files.fetch;

/** Something cannot be fetched and trying again at once would not help; complete for a person. */
final class FetchException extends RuntimeException {
  private static final long serialVersionUID = 1;

  FetchException(String message) {
    super(message);
  }

  FetchException(String message, Throwable cause) {
    super(message, cause);
  }
}
