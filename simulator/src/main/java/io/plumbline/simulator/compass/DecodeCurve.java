package io.plumbline.simulator.compass;

import java.io.Serializable;

/**
 * Time of the attention of decodes in one kernel: launch + memory traffic x its factor + heads x
 * time per head + the longest context's share.
 *
 * @param launchSeconds of a kernel that does nothing
 * @param memoryFactor how many times as long as it should reading keys and values takes
 * @param headSeconds of every key-value head of every request
 * @param longestFactor times what one core alone would need for one head of the longest context
 */
public record DecodeCurve(
    double launchSeconds, double memoryFactor, double headSeconds, double longestFactor)
    implements Serializable {

  public DecodeCurve {
    Check.notNegative("launchSeconds", launchSeconds);
    Check.positive("memoryFactor", memoryFactor);
    Check.notNegative("headSeconds", headSeconds);
    Check.notNegative("longestFactor", longestFactor);
  }

  /**
   * Seconds.
   *
   * @param memorySeconds that reading all keys and values should take
   * @param heads key-value heads of all requests
   * @param longestSeconds that one core should take to read a head of the longest context
   */
  public double seconds(double memorySeconds, long heads, double longestSeconds) {
    return launchSeconds
        + memoryFactor * memorySeconds
        + headSeconds * heads
        + longestFactor * longestSeconds;
  }
}
