package io.plumbline.jobs.error;

import io.plumbline.files.BadInputException;

/**
 * Where a percent error stops to pass and where it starts to fail.
 *
 * @param passPercent largest size that passes
 * @param warnPercent largest size that only warns; everything above fails
 */
public record Thresholds(double passPercent, double warnPercent) {
  /** 5 % is what the simulators claim for themselves; 9 % is the worst that one of them reports. */
  public static final Thresholds DEFAULT = new Thresholds(5, 9);

  public Thresholds {
    if (!(passPercent >= 0 && warnPercent >= passPercent)) {
      throw new BadInputException(
          "thresholds need 0 <= pass <= warn, but pass is %s %% and warn %s %%"
              .formatted(passPercent, warnPercent));
    }
  }

  /**
   * The verdict on a percent error.
   *
   * @param percentError signed; null if the reference is 0 and the simulated value is not, which no
   *     threshold can pass
   */
  public Verdict judge(Double percentError) {
    if (percentError == null || Math.abs(percentError) > warnPercent) {
      return Verdict.FAIL;
    }
    return Math.abs(percentError) <= passPercent ? Verdict.PASS : Verdict.WARN;
  }
}
