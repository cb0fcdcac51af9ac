package io.plumbline.trace.workload.vidur;

import io.plumbline.trace.random.NumpyRandom;
import io.plumbline.trace.random.PythonRandom;
import io.plumbline.trace.workload.TokenLengths;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Vidur's synthetic requests. The duration ends them if there is one, else the number, else the end
 * of recorded intervals.
 *
 * @param numRequests how many; null if something else ends them
 * @param duration seconds in which requests arrive; null if something else ends them
 * @param seed of both streams, Python's and NumPy's; 0 to 2^32 - 1
 * @see <a
 *     href="https://proceedings.mlsys.org/paper_files/paper/2024/hash/b74a8de47d2b3c928360e0a011f48351-Abstract-Conference.html">Agrawal
 *     et al.: Vidur, a large-scale simulation framework for LLM inference, MLSys 2024</a>
 */
public record VidurWorkload(
    VidurIntervals intervals, VidurLengths lengths, Integer numRequests, Double duration, long seed)
    implements Serializable {

  public VidurWorkload {
    if (numRequests != null && numRequests <= 0) {
      throw new IllegalArgumentException(
          "numRequests (%d) must be positive".formatted(numRequests));
    }
    if (duration != null && (!(duration > 0) || duration.isInfinite())) {
      throw new IllegalArgumentException("duration (%s) must be positive".formatted(duration));
    }
    if (duration != null && intervals instanceof VidurIntervals.Static) {
      throw new IllegalArgumentException(
          "static arrivals never reach the end of the duration (%s s). Maybe give num_requests only."
              .formatted(duration));
    }
    if (duration == null && numRequests == null && intervals.size() == Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "nothing ends these arrivals. Maybe give num_requests or a duration.");
    }
    new NumpyRandom(seed);
  }

  /**
   * Draws the requests.
   *
   * @throws IllegalArgumentException if a trace is too short, or a request has no prompt or output
   */
  public VidurRequests generate() {
    PythonRandom python = new PythonRandom(seed);
    NumpyRandom numpy = new NumpyRandom(seed);
    VidurLengths.Draws draws = lengths.start();
    DoubleStream.Builder arrivals = DoubleStream.builder();
    List<TokenLengths.Pair> pairs = new ArrayList<>();
    double arrival = 0;
    for (int i = 0; goesOn(i, arrival); i++) {
      requireLeft("intervals", intervals.size(), i);
      // The interval first: both may draw from the same stream.
      arrival += intervals.nextSeconds(i, python, numpy);
      requireLeft("lengths", lengths.size(), i);
      TokenLengths.Pair pair = draws.next(python);
      if (duration == null || arrival < duration) {
        arrivals.add(arrival);
        pairs.add(requireTokens(i, pair));
      }
    }
    if (pairs.isEmpty()) {
      throw new IllegalArgumentException(
          "no request arrives. Maybe raise the duration or take more of the trace.");
    }
    return VidurRequests.sorted(arrivals.build().toArray(), pairs, python);
  }

  private boolean goesOn(int drawn, double arrival) {
    if (duration != null) {
      return arrival < duration;
    }
    return drawn < (numRequests != null ? numRequests : intervals.size());
  }

  private void requireLeft(String what, int size, int drawn) {
    if (drawn >= size) {
      throw new IllegalArgumentException(
          "the trace has %d %s, but %s. Maybe ask for fewer or take another trace."
              .formatted(
                  size,
                  what,
                  duration != null
                      ? "the duration (%s s) needs more".formatted(duration)
                      : "%d requests are asked for"
                          .formatted(numRequests != null ? numRequests : intervals.size())));
    }
  }

  private static TokenLengths.Pair requireTokens(int request, TokenLengths.Pair pair) {
    if (pair.promptTokens() <= 0 || pair.outputTokens() <= 0) {
      throw new IllegalArgumentException(
          ("Request (%d) has %d prompt and %d output tokens, but needs one of each. "
                  + "Maybe raise min_tokens or change prefill_to_decode_ratio.")
              .formatted(request, pair.promptTokens(), pair.outputTokens()));
    }
    return pair;
  }
}
