package io.plumbline.reference;

import io.plumbline.reference.djl.DjlEngine;
import io.plumbline.reference.djl.DjlOptions;
import io.plumbline.reference.djl.Dtype;
import io.plumbline.reference.djl.Operators;
import io.plumbline.reference.djl.WeightsSpec;
import io.plumbline.reference.replay.DeviceChoice;
import io.plumbline.reference.replay.PreparedRun;
import io.plumbline.reference.serving.KvCacheSpec;
import io.plumbline.reference.serving.SarathiSpec;
import io.plumbline.reference.serving.SchedulerSpec;
import io.plumbline.reference.serving.ServingPlan;
import io.plumbline.reference.serving.ServingRun;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.workload.Workload;
import java.util.Objects;

/**
 * A serving engine of our own over PyTorch through DJL, on this machine (docs/engine.md).
 *
 * @param device where
 * @param dtype number format of weights, activations and KV cache
 * @param scheduler which rules form the batches
 * @param kvCache size and rules of the paged KV cache
 * @param weights where they come from
 * @param operators how the model's operators are called
 * @param threads threads inside one operation, on the CPU; more than the free cores makes times
 *     erratic
 * @param seed seed of weights and prompts; 32 bits, as PyTorch through DJL takes no more
 * @param warmupRequests requests served before the clock starts
 */
public record DjlPytorchSpec(
    DeviceChoice device,
    Dtype dtype,
    SchedulerSpec scheduler,
    KvCacheSpec kvCache,
    WeightsSpec weights,
    Operators operators,
    int threads,
    int seed,
    int warmupRequests)
    implements EngineSpec {

  public DjlPytorchSpec {
    Objects.requireNonNull(device, "device must not be null");
    Objects.requireNonNull(dtype, "dtype must not be null");
    Objects.requireNonNull(scheduler, "scheduler must not be null");
    Objects.requireNonNull(kvCache, "kvCache must not be null");
    Objects.requireNonNull(weights, "weights must not be null");
    Objects.requireNonNull(operators, "operators must not be null");
    if (threads <= 0) {
      throw new IllegalArgumentException("threads (%d) must be positive".formatted(threads));
    }
    if (warmupRequests < 0) {
      throw new IllegalArgumentException(
          "warmupRequests (%d) must be zero or more".formatted(warmupRequests));
    }
  }

  /** The device that is there, float32, random weights, one thread, one warm-up request. */
  public static DjlPytorchSpec defaults() {
    return new DjlPytorchSpec(
        DeviceChoice.AUTO,
        Dtype.FLOAT32,
        SarathiSpec.defaults(),
        KvCacheSpec.defaults(),
        new WeightsSpec.RandomSpec(),
        Operators.TORCH_SCRIPT,
        1,
        0,
        1);
  }

  @Override
  public PreparedRun prepare(ModelSpec model, Workload workload) {
    ServingPlan plan = ServingPlan.of(model, workload, scheduler, kvCache);
    DjlEngine engine = DjlEngine.open(plan, options());
    return new ServingRun(plan, engine, engine.facts(), seed);
  }

  DjlOptions options() {
    return new DjlOptions(device, dtype, operators, weights, threads, seed);
  }
}
