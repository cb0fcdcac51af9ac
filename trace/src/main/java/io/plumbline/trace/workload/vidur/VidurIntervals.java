package io.plumbline.trace.workload.vidur;

import io.plumbline.trace.random.CorrectlyRounded;
import io.plumbline.trace.random.NumpyRandom;
import io.plumbline.trace.random.PythonRandom;
import java.io.Serializable;

/** Time between two arrivals by Vidur's rules; the first request arrives after one interval. */
public sealed interface VidurIntervals extends Serializable
    permits VidurIntervals.Poisson,
        VidurIntervals.Gamma,
        VidurIntervals.Static,
        VidurIntervals.Trace {

  /**
   * Seconds from the request before.
   *
   * @param index position of the request, from 0
   */
  double nextSeconds(int index, PythonRandom python, NumpyRandom numpy);

  /** How many intervals there are. */
  default int size() {
    return Integer.MAX_VALUE;
  }

  /**
   * Exponential intervals cut at three means, so the rate is 5.2 % above {@code qps}.
   *
   * @param qps rate before the cut, requests per second
   */
  record Poisson(double qps) implements VidurIntervals {
    private static final double MOST_MEANS = 3;

    public Poisson {
      requirePositive("qps", qps);
    }

    @Override
    public double nextSeconds(int index, PythonRandom python, NumpyRandom numpy) {
      double seconds = -CorrectlyRounded.log(1 - python.nextDouble()) / qps;
      // In this order: 3 * (1 / 2.5) is one unit in the last place above 3 / 2.5.
      return Math.min(seconds, MOST_MEANS * (1 / qps));
    }
  }

  /**
   * Gamma intervals.
   *
   * @param qps mean rate, requests per second
   * @param cv coefficient of variation of the intervals; above 1 is burstier than Poisson
   */
  record Gamma(double qps, double cv) implements VidurIntervals {
    public Gamma {
      requirePositive("qps", qps);
      requirePositive("cv", cv);
    }

    @Override
    public double nextSeconds(int index, PythonRandom python, NumpyRandom numpy) {
      double shape = 1 / (cv * cv);
      return numpy.gamma(shape, 1 / (qps * shape));
    }
  }

  /** All at the start. */
  record Static() implements VidurIntervals {
    @Override
    public double nextSeconds(int index, PythonRandom python, NumpyRandom numpy) {
      return 0;
    }
  }

  /** The intervals between recorded arrivals. */
  final class Trace implements VidurIntervals {
    private static final long serialVersionUID = 1;

    private final double[] seconds;

    private Trace(double[] seconds) {
      this.seconds = seconds;
    }

    /**
     * Vidur floors every arrival to whole seconds before it scales it, and the first one gives no
     * request.
     *
     * @param nanosFromFirst recorded arrivals, counted from the earliest
     * @param timeScaleFactor arrivals are multiplied by it
     */
    public static Trace ofArrivals(long[] nanosFromFirst, double timeScaleFactor) {
      requirePositive("timeScaleFactor", timeScaleFactor);
      double[] seconds = new double[Math.max(0, nanosFromFirst.length - 1)];
      for (int i = 0; i < seconds.length; i++) {
        double next = Math.floorDiv(nanosFromFirst[i + 1], 1_000_000_000L) * timeScaleFactor;
        seconds[i] = next - Math.floorDiv(nanosFromFirst[i], 1_000_000_000L) * timeScaleFactor;
      }
      return new Trace(seconds);
    }

    @Override
    public double nextSeconds(int index, PythonRandom python, NumpyRandom numpy) {
      return seconds[index];
    }

    @Override
    public int size() {
      return seconds.length;
    }
  }

  private static void requirePositive(String what, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException("%s (%s) must be positive".formatted(what, value));
    }
  }
}
