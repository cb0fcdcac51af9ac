package io.plumbline.simulator.compass;

import java.io.Serializable;

/**
 * Time of a kernel between two bounds, computing and memory traffic, that hide each other in part:
 * launch + ((compute x its factor)^sharpness + (memory x its factor)^sharpness)^(1 / sharpness).
 *
 * @param launchSeconds of a kernel that does nothing
 * @param computeFactor how many times as long as it should computing takes
 * @param memoryFactor the same of memory traffic
 * @param sharpness 1 if nothing is hidden; the more, the nearer to the larger of both
 */
public record BoundCurve(
    double launchSeconds, double computeFactor, double memoryFactor, double sharpness)
    implements Serializable {

  public BoundCurve {
    Check.notNegative("launchSeconds", launchSeconds);
    Check.positive("computeFactor", computeFactor);
    Check.positive("memoryFactor", memoryFactor);
    if (!(sharpness >= 1) || sharpness > 1000) {
      throw new IllegalArgumentException(
          "sharpness (%s) must be from 1 to 1000".formatted(sharpness));
    }
  }

  /** Seconds, from those that computing and memory traffic should take. */
  public double seconds(double computeSeconds, double memorySeconds) {
    double compute = computeFactor * computeSeconds;
    double memory = memoryFactor * memorySeconds;
    double larger = Math.max(compute, memory);
    if (larger == 0) {
      return launchSeconds;
    }
    // Of shares of the larger one, so that no power of a small number vanishes.
    double share = Math.min(compute, memory) / larger;
    return launchSeconds + larger * Math.pow(1 + Math.pow(share, sharpness), 1 / sharpness);
  }
}
