package io.plumbline.reference;

import io.plumbline.reference.djl.DjlEngine;
import io.plumbline.reference.replay.DeviceChoice;
import io.plumbline.reference.replay.PreparedRun;
import io.plumbline.reference.replay.Replay;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.workload.Workload;
import java.util.Objects;

/**
 * PyTorch through DJL on this machine: a decoder of the model's shape with random float32 weights.
 *
 * @param device where
 * @param threads threads inside one operation, on the CPU; more than the free cores makes times
 *     erratic
 * @param seed seed of weights and prompts; 32 bits, as PyTorch through DJL takes no more
 * @param warmupRequests requests served before the clock starts
 */
public record DjlPytorchSpec(DeviceChoice device, int threads, int seed, int warmupRequests)
    implements EngineSpec {

  public DjlPytorchSpec {
    Objects.requireNonNull(device, "device must not be null");
    if (threads <= 0) {
      throw new IllegalArgumentException("threads (%d) must be positive".formatted(threads));
    }
    if (warmupRequests < 0) {
      throw new IllegalArgumentException(
          "warmupRequests (%d) must be zero or more".formatted(warmupRequests));
    }
  }

  /** The device that is there, one thread, seed 0, one warm-up request. */
  public static DjlPytorchSpec defaults() {
    return new DjlPytorchSpec(DeviceChoice.AUTO, 1, 0, 1);
  }

  @Override
  public PreparedRun prepare(ModelSpec model, Workload workload) {
    int maxContextTokens = Replay.maxContextTokens(model, workload);
    return new Replay(
        DjlEngine.open(model, device, threads, maxContextTokens, seed), model, workload, seed);
  }
}
