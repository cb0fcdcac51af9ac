package io.plumbline.trace.workload.vidur;

import io.plumbline.trace.random.PythonRandom;
import io.plumbline.trace.workload.TokenLengths;
import java.util.List;

/** Vidur's replay of recorded requests; nothing is drawn. */
public final class VidurReplay {
  private VidurReplay() {}

  /**
   * The requests as recorded.
   *
   * @param arrivalSeconds scaled already; must not fall
   * @param lengths scaled and cut already, all positive
   * @param seed of the stream that the random router draws from
   * @throws IllegalArgumentException naming the first request that breaks a rule
   */
  public static VidurRequests of(
      double[] arrivalSeconds, List<TokenLengths.Pair> lengths, long seed) {
    if (arrivalSeconds.length != lengths.size()) {
      throw new IllegalArgumentException(
          "%d arrivals, but %d lengths".formatted(arrivalSeconds.length, lengths.size()));
    }
    for (int i = 1; i < arrivalSeconds.length; i++) {
      if (arrivalSeconds[i] < arrivalSeconds[i - 1]) {
        throw new IllegalArgumentException(
            "Request (%d) arrives at %s s, before its predecessor at %s s. Maybe sort the trace by arrival."
                .formatted(i, arrivalSeconds[i], arrivalSeconds[i - 1]));
      }
    }
    return VidurRequests.sorted(arrivalSeconds, lengths, new PythonRandom(seed));
  }
}
