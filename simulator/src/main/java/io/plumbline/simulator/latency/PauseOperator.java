package io.plumbline.simulator.latency;

/**
 * What an iteration takes longer because the devices had nothing to do before it: caches are cold
 * then. Its size is tokens; how long the pause was in the measurement is {@link #PAUSE_SECONDS}.
 */
public enum PauseOperator implements Operator {
  AFTER_PAUSE;

  /** Pause before each timing of a profile. */
  public static final double PAUSE_SECONDS = 0.1;

  @Override
  public String profileName() {
    return "after_pause";
  }

  /** Which part of the measured time is lost after another pause: it grows with the pause. */
  static double share(double pauseSeconds) {
    return Math.min(1, pauseSeconds / PAUSE_SECONDS);
  }
}
