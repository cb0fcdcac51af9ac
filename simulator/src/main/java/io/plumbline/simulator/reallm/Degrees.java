package io.plumbline.simulator.reallm;

import java.io.Serializable;

/**
 * How one instance is spread over devices, as ReaLLM counts: {@code tp4_cp2}.
 *
 * @param data read as it is; nothing depends on it
 */
public record Degrees(int expert, int tensor, int pipeline, int context, int data)
    implements Serializable {
  public Degrees {
    if (expert < 1 || tensor < 1 || pipeline < 1 || context < 1 || data < 1) {
      throw new IllegalArgumentException(
          "degrees ep%d_tp%d_pp%d_cp%d_dp%d must all be positive"
              .formatted(expert, tensor, pipeline, context, data));
    }
  }

  /** Devices of one instance. */
  public long devices() {
    return (long) expert * tensor * pipeline * context;
  }
}
