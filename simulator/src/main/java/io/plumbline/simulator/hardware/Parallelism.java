package io.plumbline.simulator.hardware;

import java.io.Serializable;

/**
 * How one replica is spread over devices.
 *
 * @param tensor devices that share each layer
 * @param pipeline stages that share the layers
 * @param expert devices that share the experts of each layer, those of several replicas together; 1
 *     where every replica has all experts
 */
public record Parallelism(int tensor, int pipeline, int expert) implements Serializable {
  public Parallelism {
    Check.positive("tensor", tensor);
    Check.positive("pipeline", pipeline);
    Check.positive("expert", expert);
    if (expert > 1 && (expert % tensor != 0 || pipeline > 1)) {
      throw new IllegalArgumentException(
          "expert (%d) must be a multiple of tensor (%d), with one pipeline stage and not %d"
              .formatted(expert, tensor, pipeline));
    }
  }

  /** Every replica has all experts. */
  public Parallelism(int tensor, int pipeline) {
    this(tensor, pipeline, 1);
  }

  /** Devices of one replica. */
  public int devices() {
    return Math.multiplyExact(tensor, pipeline);
  }

  /** Replicas that share their experts, and so step together; 1 if each is on its own. */
  public int replicasInStep() {
    return Math.max(1, expert / tensor);
  }
}
