package io.plumbline.simulator.hardware;

import java.io.Serializable;

/**
 * How one replica is spread over devices.
 *
 * @param tensor devices that share each layer
 * @param pipeline stages that share the layers
 */
public record Parallelism(int tensor, int pipeline) implements Serializable {
  public Parallelism {
    Check.positive("tensor", tensor);
    Check.positive("pipeline", pipeline);
  }

  /** Devices of one replica. */
  public int devices() {
    return Math.multiplyExact(tensor, pipeline);
  }
}
