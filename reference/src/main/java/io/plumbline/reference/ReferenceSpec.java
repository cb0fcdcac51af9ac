package io.plumbline.reference;

import io.plumbline.reference.replay.DeviceChoice;
import java.util.Objects;

/**
 * How a real run is made; what it runs (the model) and serves (the workload) stand beside it. The
 * longest context is not part of it, since it follows from these two.
 *
 * @param engine who runs the model
 * @param device where
 * @param threads threads inside one operation, on the CPU; more than the free cores makes times
 *     erratic
 * @param seed seed of weights and prompts; 32 bits, as PyTorch through DJL takes no more
 * @param warmupRequests requests served before the clock starts; they are not in the trace
 */
public record ReferenceSpec(
    EngineKind engine, DeviceChoice device, int threads, int seed, int warmupRequests) {

  public ReferenceSpec {
    Objects.requireNonNull(engine, "engine must not be null");
    Objects.requireNonNull(device, "device must not be null");
    if (threads <= 0) {
      throw new IllegalArgumentException("threads (%d) must be positive".formatted(threads));
    }
    if (warmupRequests < 0) {
      throw new IllegalArgumentException(
          "warmupRequests (%d) must be zero or more".formatted(warmupRequests));
    }
  }

  /** DJL on the device that is there, one thread, seed 0, one warm-up request. */
  public static ReferenceSpec defaults() {
    return new ReferenceSpec(EngineKind.DJL_PYTORCH, DeviceChoice.AUTO, 1, 0, 1);
  }
}
