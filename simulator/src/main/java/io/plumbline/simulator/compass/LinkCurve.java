package io.plumbline.simulator.compass;

import java.io.Serializable;

/**
 * Time of an all-reduce in one kernel: launch + transfers x their factor.
 *
 * @param launchSeconds of a message without bytes
 * @param transferFactor how many times as long as it should moving the bytes takes
 */
public record LinkCurve(double launchSeconds, double transferFactor) implements Serializable {
  public LinkCurve {
    Check.notNegative("launchSeconds", launchSeconds);
    Check.positive("transferFactor", transferFactor);
  }

  /** Seconds, from those that moving the bytes should take. */
  public double seconds(double transferSeconds) {
    return launchSeconds + transferFactor * transferSeconds;
  }
}
