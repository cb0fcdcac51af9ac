package io.plumbline.jobs.compass;

import io.plumbline.jobs.card.HardwareTemplate;
import io.plumbline.simulator.compass.HardwareSystem;

/** Finds hardware descriptions for commands, which know no cards. */
public final class Hardware {
  private Hardware() {}

  /** The built-in description of a name, or that of a JSON template. */
  public static HardwareSystem find(String nameOrFile) {
    return HardwareTemplate.find(nameOrFile);
  }
}
