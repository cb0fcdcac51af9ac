package io.plumbline.trace.workload;

import java.io.Serializable;
import java.util.SplittableRandom;

/** How requests arrive. Every kind is a small record that draws its own next arrival. */
public sealed interface ArrivalProcess extends Serializable
    permits ArrivalProcess.AllAtZero, ArrivalProcess.FixedInterval, ArrivalProcess.Poisson {

  /**
   * Arrival of the next request in ns from the start.
   *
   * @param index position of the request, from 0
   * @param previousNanos arrival of the one before it; 0 for the first
   */
  long nextNanos(int index, long previousNanos, SplittableRandom random);

  /** The static (offline) scenario: the whole batch is there at the start. */
  record AllAtZero() implements ArrivalProcess {
    @Override
    public long nextNanos(int index, long previousNanos, SplittableRandom random) {
      return 0;
    }
  }

  /**
   * Evenly spaced, the first one at 0.
   *
   * @param intervalSeconds time between two arrivals
   */
  record FixedInterval(double intervalSeconds) implements ArrivalProcess {
    public FixedInterval {
      if (!(intervalSeconds >= 0) || Double.isInfinite(intervalSeconds)) {
        throw new IllegalArgumentException(
            "intervalSeconds (%s) must be zero or more".formatted(intervalSeconds));
      }
    }

    @Override
    public long nextNanos(int index, long previousNanos, SplittableRandom random) {
      return Math.round(index * intervalSeconds * 1e9);
    }
  }

  /**
   * A Poisson process: exponential gaps, the first request after one gap. The tail is not capped.
   *
   * @param requestsPerSecond mean rate
   */
  record Poisson(double requestsPerSecond) implements ArrivalProcess {
    public Poisson {
      if (!(requestsPerSecond > 0) || Double.isInfinite(requestsPerSecond)) {
        throw new IllegalArgumentException(
            "requestsPerSecond (%s) must be positive".formatted(requestsPerSecond));
      }
    }

    @Override
    public long nextNanos(int index, long previousNanos, SplittableRandom random) {
      // StrictMath: Math.log may differ between platforms, and with it every arrival.
      double gapSeconds = -StrictMath.log(1 - random.nextDouble()) / requestsPerSecond;
      return previousNanos + Math.round(gapSeconds * 1e9);
    }
  }
}
