package io.plumbline.jobs.attribution;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Says in words what makes a prediction wrong: a list of rules, each of which looks at the evidence
 * for one cause. A new cause is a new rule in the list.
 */
public final class Diagnosis {
  /** What is off by less is not worth a word: error of a part, in percent of E2E. */
  static final double WORTH_PERCENT = 1;

  /** Steps that differ by less count as equal. */
  private static final double EQUAL_RATIO = 0.05;

  /**
   * A difference that varies by less of itself over the batches that occur does not depend on them.
   */
  private static final double INDEPENDENT = 0.25;

  /** Fewer iterations of a kind say nothing. */
  private static final int FEW = 10;

  private static final double EXTRAPOLATED = 0.05;
  private static final double COLD_RATIO = 3;
  private static final double NANOS_PER_MILLI = 1e6;

  private static final List<Function<Evidence, Finding>> RULES =
      List.of(
          Diagnosis::constantOfStep,
          Diagnosis::stepsOfDecodes,
          Diagnosis::timePerToken,
          Diagnosis::prefills,
          Diagnosis::queueing,
          Diagnosis::preemptions,
          Diagnosis::coldStart,
          Diagnosis::extrapolation);

  private Diagnosis() {}

  /** What is found, in the order of the rules; empty if nothing is. */
  static List<Finding> of(Evidence evidence) {
    List<Finding> findings = new ArrayList<>();
    RULES.stream()
        .map(rule -> rule.apply(evidence))
        .filter(Objects::nonNull)
        .forEach(findings::add);
    return findings;
  }

  /** A constant is missing from, or too much in, each iteration of decodes. */
  private static Finding constantOfStep(Evidence evidence) {
    if (!decodesDiffer(evidence) || !isConstant(evidence)) {
      return null;
    }
    Iterations real = evidence.reference();
    Iterations predicted = evidence.simulated();
    return new Finding(
        isOfDevices(evidence) ? "devices, per step" : "host overhead",
        "measured step %s, predicted %s, independent of batch (%s to %s requests)%s"
            .formatted(
                millis(real.decodeNanos()),
                millis(predicted.decodeNanos()),
                whole(real.fewDecodes()),
                whole(real.manyDecodes()),
                split(real, predicted)));
  }

  /** Whether the host's share of a step, where both sides know it, explains less than half. */
  private static boolean isOfDevices(Evidence evidence) {
    Double real = evidence.reference().decodeHostNanos();
    Double predicted = evidence.simulated().decodeHostNanos();
    double difference = evidence.reference().decodeNanos() - evidence.simulated().decodeNanos();
    return real != null && predicted != null && (real - predicted) / difference < 0.5;
  }

  private static String split(Iterations real, Iterations predicted) {
    return real.decodeHostNanos() == null || predicted.decodeHostNanos() == null
        ? ""
        : "; of that the host's %s and %s"
            .formatted(millis(real.decodeHostNanos()), millis(predicted.decodeHostNanos()));
  }

  /** The difference grows with the batch. */
  private static Finding stepsOfDecodes(Evidence evidence) {
    if (!decodesDiffer(evidence) || isConstant(evidence)) {
      return null;
    }
    Iterations real = evidence.reference();
    Iterations predicted = evidence.simulated();
    return new Finding(
        "decode steps",
        "measured step %s, predicted %s; one more request takes %s measured, %s predicted%s"
            .formatted(
                millis(real.decodeNanos()),
                millis(predicted.decodeNanos()),
                micros(real.nanosPerDecode()),
                micros(predicted.nanosPerDecode()),
                split(real, predicted)));
  }

  private static boolean decodesDiffer(Evidence evidence) {
    return evidence.hasIterations()
        && evidence.reference().decodes() >= FEW
        && evidence.simulated().decodes() >= FEW
        && differ(evidence.reference().decodeNanos(), evidence.simulated().decodeNanos());
  }

  private static boolean isConstant(Evidence evidence) {
    Iterations real = evidence.reference();
    Iterations predicted = evidence.simulated();
    if (real.nanosPerDecode() == null || predicted.nanosPerDecode() == null) {
      return real.fewDecodes().equals(real.manyDecodes());
    }
    double difference = Math.abs(real.decodeNanos() - predicted.decodeNanos());
    double over = real.manyDecodes() - real.fewDecodes();
    return Math.abs(real.nanosPerDecode() - predicted.nanosPerDecode()) * over
        < INDEPENDENT * difference;
  }

  /** Where no iterations are known. */
  private static Finding timePerToken(Evidence evidence) {
    Evidence.Requests requests = evidence.requests();
    if (evidence.hasIterations()
        || requests.referenceTpotNanos() == null
        || requests.simulatedTpotNanos() == null
        || !isWorth(evidence, "decode")
        || !differ(requests.referenceTpotNanos(), requests.simulatedTpotNanos(), 0.01)) {
      return null;
    }
    return new Finding(
        "decode steps",
        "median time per output token %s measured, %s predicted"
            .formatted(
                millis(requests.referenceTpotNanos()), millis(requests.simulatedTpotNanos())));
  }

  private static Finding prefills(Evidence evidence) {
    if (!evidence.hasIterations()) {
      PartError prefill = evidence.part("prefill");
      return prefill == null || !isWorth(evidence, "prefill")
          ? null
          : new Finding("prefill", meansOf(prefill, "a prefill"));
    }
    Iterations real = evidence.reference();
    Iterations predicted = evidence.simulated();
    if (real.prefills() < FEW
        || predicted.prefills() < FEW
        || real.nanosPerPromptToken() == null
        || predicted.nanosPerPromptToken() == null
        || !differ(real.nanosPerPromptToken(), predicted.nanosPerPromptToken())
        || !isWorth(evidence, "prefill")) {
      return null;
    }
    return new Finding(
        "prefill",
        "a prompt token takes %s measured, %s predicted, and an iteration with any %s and %s besides"
            .formatted(
                micros(real.nanosPerPromptToken()),
                micros(predicted.nanosPerPromptToken()),
                millis(real.nanosPerPrefill()),
                millis(predicted.nanosPerPrefill())));
  }

  private static Finding queueing(Evidence evidence) {
    PartError queueing = evidence.part("queueing");
    if (queueing == null || !isWorth(evidence, "queueing")) {
      return null;
    }
    double all = evidence.parts().stream().mapToDouble(p -> Math.abs(p.errorNanos())).sum();
    return Math.abs(queueing.errorNanos()) < all / 2
        ? null
        : new Finding(
            "queueing",
            meansOf(queueing, "waiting")
                + ", most of the error: near saturation, small errors of steps add up in the queue");
  }

  private static Finding preemptions(Evidence evidence) {
    Evidence.Requests requests = evidence.requests();
    double real = requests.referencePreemptions();
    double predicted = requests.simulatedPreemptions();
    if (Math.abs(real - predicted) < Math.max(FEW, 0.1 * real)) {
      return null;
    }
    return new Finding(
        "preemptions",
        "%d measured, %d predicted: the KV caches are not of the same size, or not filled alike"
            .formatted(requests.referencePreemptions(), requests.simulatedPreemptions()));
  }

  private static Finding coldStart(Evidence evidence) {
    Evidence.Requests requests = evidence.requests();
    Double first = requests.firstErrorPercent();
    Double later = requests.laterErrorPercent();
    if (first == null || later == null || first < WORTH_PERCENT || first < COLD_RATIO * later) {
      return null;
    }
    return new Finding(
        "cold start",
        "E2E of the first %d requests is off by %.1f %%, of the others by %.1f %%"
            .formatted(Evidence.Requests.FIRST, first, later));
  }

  private static Finding extrapolation(Evidence evidence) {
    Double fraction = evidence.extrapolatedFraction();
    return fraction == null || fraction < EXTRAPOLATED
        ? null
        : new Finding(
            "extrapolation",
            "%.0f %% of the predicted time lie outside of what was measured"
                .formatted(100 * fraction));
  }

  private static boolean isWorth(Evidence evidence, String part) {
    return Stream.of(evidence.part(part))
        .filter(Objects::nonNull)
        .anyMatch(p -> Math.abs(p.percentOfE2e()) >= WORTH_PERCENT);
  }

  private static boolean differ(double real, double predicted) {
    return differ(real, predicted, EQUAL_RATIO);
  }

  private static boolean differ(double real, double predicted, double ratio) {
    return Math.abs(predicted - real) > ratio * Math.abs(real);
  }

  private static String meansOf(PartError part, String what) {
    return "%s takes %s measured, %s predicted"
        .formatted(what, millis(part.referenceNanos()), millis(part.simulatedNanos()));
  }

  private static String millis(double nanos) {
    return String.format(Locale.ROOT, "%.1f ms", nanos / NANOS_PER_MILLI);
  }

  private static String micros(double nanos) {
    return String.format(Locale.ROOT, "%.1f us", nanos / 1e3);
  }

  private static String whole(double number) {
    return String.format(Locale.ROOT, "%.0f", number);
  }
}
