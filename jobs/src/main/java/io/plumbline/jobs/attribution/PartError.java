package io.plumbline.jobs.attribution;

/**
 * Error of one part of the requests' time.
 *
 * @param referenceNanos mean over requests, as are the others
 * @param simulatedNanos in the simulated run
 * @param absoluteErrorNanos of the sizes of the requests' errors
 * @param percentOfE2e mean error over the mean E2E of the reference, in percent; over the parts
 *     they add up to the error of the mean E2E
 */
public record PartError(
    String part,
    double referenceNanos,
    double simulatedNanos,
    double absoluteErrorNanos,
    double percentOfE2e) {

  /** Mean error; above 0 where the simulation is slower. */
  public double errorNanos() {
    return simulatedNanos - referenceNanos;
  }
}
