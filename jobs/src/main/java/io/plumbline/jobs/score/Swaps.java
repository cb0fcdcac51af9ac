package io.plumbline.jobs.score;

import io.plumbline.simulator.latency.PredictorSpec;
import io.plumbline.simulator.latency.ScaledSpec;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunTrace;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * A run predicted again with one component swapped for what was measured of it: what is left of the
 * error then is not that component's. Of runs whose iterations nobody published this is the way to
 * tell where an error comes from.
 *
 * @param run its name
 * @param swaps nothing, decodes, prefills, and both
 */
public record Swaps(String run, List<Swap> swaps) {
  /** Simulations of a fit; each brings the median nearer by a factor of ten or so. */
  private static final int STEPS = 6;

  private static final double CLOSE = 0.001;

  public Swaps {
    swaps = List.copyOf(swaps);
  }

  /**
   * One prediction.
   *
   * @param swapped which iterations take as long as measured; "nothing" for the prediction as it is
   * @param prefillFactor by which iterations with prompt tokens were made longer
   * @param decodeFactor likewise of decodes alone
   */
  public record Swap(String swapped, double prefillFactor, double decodeFactor, RunScore score) {}

  /** All swaps of a run that is here. */
  public static Swaps of(ScoredRun run) {
    Swap nothing = new Swap("nothing", 1, 1, run.score());
    Swap decodes = fit(run, "decodes", false, true);
    Swap prefills = fit(run, "prefills", true, false);
    Swap both = fit(run, "both", true, true);
    return new Swaps(run.name(), List.of(nothing, decodes, prefills, both));
  }

  /** Scales until the medians are those that were measured. */
  private static Swap fit(ScoredRun run, String swapped, boolean ofPrefills, boolean ofDecodes) {
    double prefill = 1;
    double decode = 1;
    RunTrace trace = run.simulate();
    for (int step = 0; step < STEPS; step++) {
      double prefillRatio = ofPrefills ? ratio(run, trace, Swaps::prefillNanos) : 1;
      double decodeRatio = ofDecodes ? ratio(run, trace, RequestTiming::tpotNanos) : 1;
      if (Math.abs(prefillRatio - 1) < CLOSE && Math.abs(decodeRatio - 1) < CLOSE) {
        break;
      }
      prefill *= prefillRatio;
      decode *= decodeRatio;
      trace = scaled(run, prefill, decode).simulate();
    }
    return new Swap(swapped, prefill, decode, run.score(trace));
  }

  private static ScoredRun scaled(ScoredRun run, double prefill, double decode) {
    PredictorSpec predictor = run.spec().predictor();
    return predictor instanceof ScaledSpec given
        ? run.with(
            new ScaledSpec(
                given.kernels(), given.prefillFactor() * prefill, given.decodeFactor() * decode))
        : run.with(new ScaledSpec(predictor, prefill, decode));
  }

  /** From the first iteration to the first token; null where a side does not know both. */
  private static Long prefillNanos(RequestTiming timing) {
    return timing.scheduledNanos() == null || timing.firstTokenNanos() == null
        ? null
        : timing.firstTokenNanos() - timing.scheduledNanos();
  }

  /** Measured over simulated median; 1 where one is not known. */
  private static double ratio(
      ScoredRun run, RunTrace trace, Function<RequestTiming, Number> metric) {
    double ratio = median(run.measured(), metric) / median(trace.requests(), metric);
    return ratio > 0 && !Double.isInfinite(ratio) ? ratio : 1;
  }

  private static double median(
      List<RequestTiming> timings, Function<RequestTiming, Number> metric) {
    double[] values =
        timings.stream()
            .map(metric)
            .filter(value -> value != null)
            .mapToDouble(Number::doubleValue)
            .toArray();
    Arrays.sort(values);
    int half = values.length / 2;
    if (values.length == 0) {
      return Double.NaN;
    }
    return values.length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
  }
}
