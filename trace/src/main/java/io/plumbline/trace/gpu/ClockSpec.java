package io.plumbline.trace.gpu;

import java.io.Serializable;

/** Clock domains, in MHz. */
public record ClockSpec(double coreMhz, double networkMhz, double l2Mhz, double dramMhz)
    implements Serializable {
  public ClockSpec {
    if (Math.min(Math.min(coreMhz, networkMhz), Math.min(l2Mhz, dramMhz)) <= 0) {
      throw new IllegalArgumentException(
          "clocks (%s:%s:%s:%s MHz) must be positive"
              .formatted(coreMhz, networkMhz, l2Mhz, dramMhz));
    }
  }
}
