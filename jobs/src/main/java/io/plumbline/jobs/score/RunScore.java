package io.plumbline.jobs.score;

import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunTrace;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * How far a simulated run is from the measured one, over requests.
 *
 * @param ttft from the engine's queue, or the arrival, to the first token
 * @param tpot per output token after the first
 * @param e2e likewise to the last token
 * @param extrapolatedFraction share of the predicted time outside of what was measured
 */
public record RunScore(
    String run, int requests, Error ttft, Error tpot, Error e2e, double extrapolatedFraction) {

  /**
   * Relative errors of one metric, in percent.
   *
   * @param mean of their absolute values: the mean absolute percentage error
   * @param median likewise
   * @param signedMean above 0 where the simulation is slower
   */
  public record Error(double mean, double median, double signedMean) {
    static Error of(
        List<RequestTiming> measured,
        List<RequestTiming> simulated,
        Function<RequestTiming, Number> metric) {
      double[] absolute = new double[measured.size()];
      int count = 0;
      double sum = 0;
      double signed = 0;
      for (int i = 0; i < measured.size(); i++) {
        Number real = metric.apply(measured.get(i));
        Number predicted = metric.apply(simulated.get(i));
        if (real != null && predicted != null && real.doubleValue() > 0) {
          double error = 100 * (predicted.doubleValue() / real.doubleValue() - 1);
          signed += error;
          sum += Math.abs(error);
          absolute[count++] = Math.abs(error);
        }
      }
      Arrays.sort(absolute, 0, count);
      double median =
          count % 2 == 1
              ? absolute[count / 2]
              : (absolute[count / 2 - 1] + absolute[count / 2]) / 2;
      return new Error(sum / count, median, signed / count);
    }
  }

  /**
   * Compares a run request by request.
   *
   * @param fromQueue whether the measured times count from the engine's queue, not from the client
   */
  static RunScore of(String run, List<RequestTiming> measured, boolean fromQueue, RunTrace trace) {
    List<RequestTiming> simulated = trace.requests();
    return new RunScore(
        run,
        measured.size(),
        Error.of(
            measured,
            simulated,
            fromQueue ? RequestTiming::engineTtftNanos : RequestTiming::ttftNanos),
        Error.of(measured, simulated, RequestTiming::tpotNanos),
        Error.of(
            measured,
            simulated,
            fromQueue ? RequestTiming::engineE2eNanos : RequestTiming::e2eNanos),
        trace.extrapolatedFraction());
  }

  /** What a calibration makes small: the mean errors of the three metrics together. */
  double total() {
    return ttft.mean() + tpot.mean() + e2e.mean();
  }
}
