package io.plumbline.simulator.metrics;

/** Weighs each value with the time it held; a value that held for no time does not count. */
final class TimeWeightedMeter implements Meter {
  private final double startSeconds;
  private double sinceSeconds;
  private double value;
  private double integral;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;

  /** The value is 0 at the start. */
  TimeWeightedMeter(double startSeconds) {
    this.startSeconds = startSeconds;
    this.sinceSeconds = startSeconds;
  }

  @Override
  public void set(double seconds, double newValue) {
    end(seconds);
    value = newValue;
  }

  @Override
  public void end(double seconds) {
    if (seconds > sinceSeconds) {
      integral += value * (seconds - sinceSeconds);
      min = Math.min(min, value);
      max = Math.max(max, value);
      sinceSeconds = seconds;
    }
  }

  @Override
  public double min() {
    return passed() ? min : value;
  }

  @Override
  public double max() {
    return passed() ? max : value;
  }

  @Override
  public double mean() {
    if (!passed()) {
      return value;
    }
    // Rounding may carry the mean of equal values past them.
    return Math.max(min, Math.min(max, integral / (sinceSeconds - startSeconds)));
  }

  private boolean passed() {
    return sinceSeconds > startSeconds;
  }
}
