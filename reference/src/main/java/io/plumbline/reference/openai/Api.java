package io.plumbline.reference.openai;

/** Which of a server's two ways to ask for text is used. */
public enum Api {
  /** {@code /completions}: a bare prompt, as token ids or text. */
  COMPLETIONS("/completions"),
  /** {@code /chat/completions}: one user message, around which the server puts its template. */
  CHAT("/chat/completions");

  private final String path;

  Api(String path) {
    this.path = path;
  }

  /** Path below the base URL. */
  String path() {
    return path;
  }
}
