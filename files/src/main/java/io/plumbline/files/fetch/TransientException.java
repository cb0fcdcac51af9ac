package io.plumbline.files.fetch;

import java.io.IOException;
import java.time.Duration;

/** A server failed in a way that may pass. */
final class TransientException extends IOException {
  private static final long serialVersionUID = 1;

  private final Duration retryAfter;

  TransientException(String message) {
    this(message, null);
  }

  TransientException(String message, Duration retryAfter) {
    super(message);
    this.retryAfter = retryAfter;
  }

  /** How long the server asks to be left alone; null if it does not say. */
  Duration retryAfter() {
    return retryAfter;
  }
}
