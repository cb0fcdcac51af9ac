package io.plumbline.trace.workload.vidur;

import io.plumbline.trace.random.PythonRandom;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.TokenLengths;
import io.plumbline.trace.workload.Workload;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Vidur's requests: as a workload in whole nanoseconds, and their arrivals as exact as Vidur keeps
 * them.
 */
public final class VidurRequests implements Serializable {
  private static final long serialVersionUID = 1;

  private final Workload workload;
  private final double[] arrivalSeconds;
  private final PythonRandom python;

  private VidurRequests(Workload workload, double[] arrivalSeconds, PythonRandom python) {
    this.workload = workload;
    this.arrivalSeconds = arrivalSeconds;
    this.python = python;
  }

  /** Sorts by arrival; those of one time stay in order. The ids are positions after that. */
  static VidurRequests sorted(
      double[] arrivalSeconds, List<TokenLengths.Pair> lengths, PythonRandom python) {
    int[] order =
        IntStream.range(0, arrivalSeconds.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> arrivalSeconds[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    List<Request> requests = new ArrayList<>(order.length);
    double[] sorted = new double[order.length];
    for (int i = 0; i < order.length; i++) {
      sorted[i] = arrivalSeconds[order[i]];
      TokenLengths.Pair pair = lengths.get(order[i]);
      requests.add(
          new Request(i, Math.round(sorted[i] * 1e9), pair.promptTokens(), pair.outputTokens()));
    }
    return new VidurRequests(new Workload(requests), sorted, python);
  }

  /** The requests with arrivals rounded to nanoseconds. */
  public Workload workload() {
    return workload;
  }

  /** Arrivals in seconds by request id, unrounded; a copy. */
  public double[] arrivalSeconds() {
    return arrivalSeconds.clone();
  }

  /**
   * Python's generator as it stands after the requests, a copy. Vidur's random router goes on
   * drawing from it.
   */
  public PythonRandom python() {
    return python.copy();
  }
}
