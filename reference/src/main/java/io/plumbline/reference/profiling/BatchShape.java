package io.plumbline.reference.profiling;

/**
 * Size of a batch of equal requests.
 *
 * @param kind prefill of one request, or decodes
 * @param requests how many; 1 in a prefill
 * @param tokens of each in the iteration; 1 in decode
 * @param contextTokens of each that the cache holds before, which is what Vidur calls the KV cache
 *     size of a prefill; of a decode it is one more, with the token at hand
 */
public record BatchShape(Kind kind, int requests, int tokens, int contextTokens) {

  /** What a batch does. */
  public enum Kind {
    PREFILL,
    DECODE
  }

  public BatchShape {
    if (requests <= 0 || tokens <= 0 || contextTokens < 0) {
      throw new IllegalArgumentException(
          "a batch needs requests (%d) and tokens (%d), and no negative context (%d)"
              .formatted(requests, tokens, contextTokens));
    }
  }

  /** A chunk of one prompt. */
  static BatchShape prefill(int chunkTokens, int contextTokens) {
    return new BatchShape(Kind.PREFILL, 1, chunkTokens, contextTokens);
  }

  /**
   * Decodes.
   *
   * @param kvTokens context of each, the token at hand included
   */
  static BatchShape decode(int requests, int kvTokens) {
    return new BatchShape(Kind.DECODE, requests, 1, kvTokens - 1);
  }

  /** Context as Vidur's files count it. */
  int kvTokens() {
    return kind == Kind.DECODE ? contextTokens + 1 : contextTokens;
  }

  /** Tokens of the whole batch. */
  int totalTokens() {
    return requests * tokens;
  }
}
