package io.plumbline.reference.openai;

import io.plumbline.trace.run.RequestAttempt.TokenSource;
import java.util.Arrays;

/**
 * Tells tokens from chunks. A server that counts in every chunk has the last word. Of any other,
 * each chunk with text is taken for one token; if its count at the end is another, the tokens are
 * spread evenly over the chunks, the first and the last one where they were.
 */
final class TokenTally {
  private static final int UNKNOWN = -1;

  private long[] nanos = new long[16];
  private int[] counted = new int[16];
  private boolean[] content = new boolean[16];
  private int size;
  private int total = UNKNOWN;

  /** Notes a chunk of an answer that came at a time. */
  void add(long chunkNanos, Chunk chunk) {
    if (chunk.completionTokens() != null) {
      total = chunk.completionTokens();
    }
    if (!chunk.choice()) {
      return;
    }
    if (size == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * size);
      counted = Arrays.copyOf(counted, 2 * size);
      content = Arrays.copyOf(content, 2 * size);
    }
    nanos[size] = chunkNanos;
    counted[size] = chunk.completionTokens() == null ? UNKNOWN : chunk.completionTokens();
    content[size] = chunk.content();
    size++;
  }

  /** The server's count of output tokens; null if it did not say. */
  Integer completionTokens() {
    return total == UNKNOWN ? null : (Integer) total;
  }

  /**
   * What came, as tokens.
   *
   * @param nanos time of each token
   * @param chunks chunks that carried them
   * @param source how they were told; null if there are none
   */
  record Tokens(long[] nanos, int chunks, TokenSource source) {}

  Tokens tokens() {
    return countsInEveryChunk() ? reported() : assumed();
  }

  private boolean countsInEveryChunk() {
    int with = 0;
    for (int i = 0; i < size; i++) {
      if (counted[i] != UNKNOWN) {
        with++;
      } else if (content[i]) {
        return false;
      }
    }
    return with > 0;
  }

  private Tokens reported() {
    int tokens = 0;
    int chunks = 0;
    long[] times = new long[Math.max(0, total)];
    for (int i = 0; i < size; i++) {
      int upTo = Math.min(counted[i], times.length);
      if (upTo > tokens) {
        Arrays.fill(times, tokens, upTo, nanos[i]);
        tokens = upTo;
        chunks++;
      }
    }
    return tokens == times.length
        ? new Tokens(times, chunks, tokens == 0 ? null : TokenSource.REPORTED)
        : assumed();
  }

  private Tokens assumed() {
    long[] times = new long[size];
    int chunks = 0;
    for (int i = 0; i < size; i++) {
      if (content[i]) {
        times[chunks++] = nanos[i];
      }
    }
    if (chunks == 0 && total > 0 && size > 0) {
      // Tokens without any text: they were there with the chunk that ends the answer.
      times[chunks++] = nanos[size - 1];
    }
    if (total == UNKNOWN || total == chunks) {
      return new Tokens(
          Arrays.copyOf(times, chunks), chunks, chunks == 0 ? null : TokenSource.ASSUMED);
    }
    return new Tokens(spread(times, chunks, total), chunks, TokenSource.SPREAD);
  }

  private static long[] spread(long[] times, int chunks, int tokens) {
    long[] spread = new long[chunks == 0 ? 0 : tokens];
    for (int k = 0; k < spread.length; k++) {
      // k of tokens - 1 is at this chunk of chunks - 1, to the nearest.
      long last = Math.max(1, tokens - 1);
      spread[k] = times[(int) ((2L * k * (chunks - 1) + last) / (2 * last))];
    }
    return spread;
  }
}
