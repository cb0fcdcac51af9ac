package io.plumbline.jobs.score;

import io.plumbline.files.BadInputException;

/** What the fit that predicts a run has not seen. */
public enum LeaveOut {
  /** The run itself; it is fitted to the other runs of its device. */
  RUN {
    @Override
    boolean trains(ScoredRun other, ScoredRun scored) {
      return other.device().equals(scored.device()) && !other.name().equals(scored.name());
    }

    @Override
    boolean trains(ScoredPoint other, String device, String model) {
      throw new BadInputException(
          "--leave-out run: a grid has too many points to leave out each. Maybe model or device.");
    }
  },
  /** All runs of its model; it is fitted to other models on its device. */
  MODEL {
    @Override
    boolean trains(ScoredRun other, ScoredRun scored) {
      return other.device().equals(scored.device()) && !other.model().equals(scored.model());
    }

    @Override
    boolean trains(ScoredPoint other, String device, String model) {
      return other.device().equals(device) && !other.model().equals(model);
    }
  },
  /** All runs of its device; it is fitted to all other devices. */
  DEVICE {
    @Override
    boolean trains(ScoredRun other, ScoredRun scored) {
      return !other.device().equals(scored.device());
    }

    @Override
    boolean trains(ScoredPoint other, String device, String model) {
      return !other.device().equals(device);
    }
  };

  abstract boolean trains(ScoredRun other, ScoredRun scored);

  /**
   * Whether a point of a grid may be fitted to.
   *
   * @param device device card of what the fit predicts
   * @param model model card likewise
   */
  abstract boolean trains(ScoredPoint other, String device, String model);
}
