package io.plumbline.simulator.capacity;

import io.plumbline.simulator.batching.RequestProgress;
import java.util.Locale;

/** A latency that a service level objective may limit, as docs/metrics.md defines it. */
public enum LatencyMetric {
  /** First scheduled - arrival. */
  SCHEDULING_DELAY,
  /** First token - arrival. */
  TTFT,
  /** One gap between two output tokens of a request: many values per request. */
  TBT,
  /** (End - first token) / (output tokens - 1); requests with one output token have none. */
  TPOT,
  /** End - arrival. */
  E2E;

  /** The name in files and tables. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether its value is a time after arrival, so that waiting alone can exceed a limit. */
  boolean runsFromArrival() {
    return this == SCHEDULING_DELAY || this == TTFT || this == E2E;
  }

  /**
   * Value of one request in seconds; infinite where it never came to be. Not for {@link #TBT}.
   *
   * @param progress null for a request that no batch ever held
   */
  double seconds(RequestProgress progress) {
    if (progress == null) {
      return Double.POSITIVE_INFINITY;
    }
    double seconds =
        switch (this) {
          case SCHEDULING_DELAY -> progress.scheduledSeconds() - progress.arrivalSeconds();
          case TTFT -> progress.firstTokenSeconds() - progress.arrivalSeconds();
          case E2E -> progress.endSeconds() - progress.arrivalSeconds();
          case TPOT ->
              (progress.endSeconds() - progress.firstTokenSeconds())
                  / (progress.producedTokens() - 1);
          case TBT -> throw new IllegalStateException("TBT is no value of a request");
        };
    return Double.isNaN(seconds) ? Double.POSITIVE_INFINITY : seconds;
  }
}
