package io.plumbline.jobs.process;

import java.io.Serializable;
import java.util.Map;

/**
 * What a process may take, its children included.
 *
 * @param seconds of wall time
 * @param memoryMib resident memory; null for no limit
 */
public record Limits(double seconds, Long memoryMib) implements Serializable {
  public Limits {
    if (!(seconds > 0)) {
      throw new IllegalArgumentException("seconds (%s) must be positive".formatted(seconds));
    }
    if (memoryMib != null && memoryMib <= 0) {
      throw new IllegalArgumentException("memoryMib (%d) must be positive".formatted(memoryMib));
    }
  }

  /** A day, and whatever memory there is. */
  public static Map<String, Object> defaultValues() {
    return Map.of("seconds", 86_400.0);
  }

  public static Limits defaults() {
    return new Limits(86_400, null);
  }
}
