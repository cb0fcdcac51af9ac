package io.plumbline.simulator.metrics;

/**
 * Vidur's mean of a series that starts with a 0 at time 0: over the points if it is of memory, else
 * over time, but without the time after a point at 0, and up to the last point only.
 */
final class VidurMeter implements Meter {
  private final boolean overTime;
  private double lastSeconds;
  private double lastValue;
  private double total;
  private double weight;
  private double max;

  VidurMeter(boolean overTime) {
    this.overTime = overTime;
    this.weight = overTime ? 0 : 1;
  }

  @Override
  public void set(double seconds, double value) {
    if (!overTime) {
      total += value;
      weight++;
    } else if (lastSeconds != 0) {
      total += lastValue * (seconds - lastSeconds);
      weight += seconds - lastSeconds;
    }
    max = Math.max(max, value);
    lastSeconds = seconds;
    lastValue = value;
  }

  @Override
  public void end(double seconds) {}

  @Override
  public double min() {
    return 0;
  }

  @Override
  public double max() {
    return max;
  }

  @Override
  public double mean() {
    return weight > 0 ? total / weight : 0;
  }
}
