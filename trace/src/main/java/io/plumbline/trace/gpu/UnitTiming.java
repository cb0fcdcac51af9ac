package io.plumbline.trace.gpu;

import java.io.Serializable;

/**
 * A functional unit.
 *
 * @param latencyCycles cycles in the pipeline
 * @param initiationCycles cycles until it takes the next instruction
 */
public record UnitTiming(int latencyCycles, int initiationCycles) implements Serializable {
  public UnitTiming {
    if (latencyCycles < 1 || initiationCycles < 0) {
      throw new IllegalArgumentException(
          "latency (%d) must be positive and initiation (%d) not negative"
              .formatted(latencyCycles, initiationCycles));
    }
  }
}
