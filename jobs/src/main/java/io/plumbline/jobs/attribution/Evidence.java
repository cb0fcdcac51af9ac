package io.plumbline.jobs.attribution;

import java.util.List;

/**
 * What a diagnosis looks at.
 *
 * @param parts mean errors of the parts of the requests' time
 * @param reference iterations of the reference run; null where a side has none
 * @param simulated likewise of the simulated run
 * @param requests times that need no iterations
 * @param extrapolatedFraction share of the predicted time outside of what was measured; null if
 *     unknown
 */
record Evidence(
    List<PartError> parts,
    Iterations reference,
    Iterations simulated,
    Requests requests,
    Double extrapolatedFraction) {

  /**
   * Over the requests that both sides finished.
   *
   * @param referenceTpotNanos median; null if no request has two tokens
   * @param firstErrorPercent mean size of the E2E error of the {@link #FIRST} that arrived first
   * @param laterErrorPercent of all others
   */
  record Requests(
      long count,
      Double referenceTpotNanos,
      Double simulatedTpotNanos,
      long referencePreemptions,
      long simulatedPreemptions,
      Double firstErrorPercent,
      Double laterErrorPercent) {

    /** Requests that an engine may serve before it is warm. */
    static final int FIRST = 10;
  }

  /** The part of that name; null if the requests were not split so far. */
  PartError part(String name) {
    return parts.stream().filter(part -> part.part().equals(name)).findFirst().orElse(null);
  }

  boolean hasIterations() {
    return reference != null && simulated != null;
  }
}
