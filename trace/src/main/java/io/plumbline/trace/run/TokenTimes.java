package io.plumbline.trace.run;

import java.io.Serializable;
import java.util.Arrays;

/** When each output token of each request was there: ns from the start of the run, flat arrays. */
public final class TokenTimes implements Serializable {
  private static final long serialVersionUID = 1;

  private final int[] firstIndex;
  private final long[] nanos;

  private TokenTimes(int[] firstIndex, long[] nanos) {
    this.firstIndex = firstIndex;
    this.nanos = nanos;
  }

  /**
   * Tokens by request, in order.
   *
   * @param perRequest {@code perRequest[r][k]} is the time of token k of request r; never falls
   */
  public static TokenTimes of(long[][] perRequest) {
    int[] firstIndex = new int[perRequest.length + 1];
    for (int r = 0; r < perRequest.length; r++) {
      firstIndex[r + 1] = Math.addExact(firstIndex[r], perRequest[r].length);
    }
    long[] nanos = new long[firstIndex[perRequest.length]];
    for (int r = 0; r < perRequest.length; r++) {
      System.arraycopy(perRequest[r], 0, nanos, firstIndex[r], perRequest[r].length);
      for (int k = 1; k < perRequest[r].length; k++) {
        if (perRequest[r][k] < perRequest[r][k - 1]) {
          throw new IllegalArgumentException(
              "Request (%d): token %d at %d ns is before token %d at %d ns"
                  .formatted(r, k, perRequest[r][k], k - 1, perRequest[r][k - 1]));
        }
      }
    }
    return new TokenTimes(firstIndex, nanos);
  }

  public int requests() {
    return firstIndex.length - 1;
  }

  /** Tokens of one request. */
  public int tokens(int request) {
    return firstIndex[request + 1] - firstIndex[request];
  }

  /** Time of one token in ns from the start of the run; token 0 is the first output token. */
  public long nanos(int request, int token) {
    return nanos[firstIndex[request] + token];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TokenTimes that
        && Arrays.equals(firstIndex, that.firstIndex)
        && Arrays.equals(nanos, that.nanos);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(nanos);
  }
}
