package io.plumbline.jobs.fidelity;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.error.Thresholds;
import java.io.Serializable;

/**
 * How a matrix is scored.
 *
 * @param seed of the bootstrap
 * @param resamples of the bootstrap
 * @param confidencePercent of the intervals
 * @param passPercent see {@link Thresholds}
 * @param warnPercent see {@link Thresholds}
 */
public record ScoringRules(
    long seed, int resamples, double confidencePercent, double passPercent, double warnPercent)
    implements Serializable {
  /** A thousand draws: the ends of an interval of 95 % are then 25 draws from the extremes. */
  public static final ScoringRules DEFAULT =
      new ScoringRules(
          1, 1000, 95, Thresholds.DEFAULT.passPercent(), Thresholds.DEFAULT.warnPercent());

  public ScoringRules {
    if (resamples < 2) {
      throw new BadInputException("resamples (%d) must be at least 2".formatted(resamples));
    }
    if (!(confidencePercent > 0 && confidencePercent < 100)) {
      throw new BadInputException(
          "confidence_percent (%s) must be between 0 and 100".formatted(confidencePercent));
    }
  }

  Thresholds thresholds() {
    return new Thresholds(passPercent, warnPercent);
  }
}
