package io.plumbline.reference.djl;

import ai.djl.Device;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import io.plumbline.reference.profiling.OperatorNanos;
import io.plumbline.reference.profiling.ProfiledOperator;
import io.plumbline.trace.model.ModelSpec;
import java.util.List;

/**
 * The forward of a decoder with a time-stamp after each operator. On a CPU it is the engine's
 * forward, line by line, and a stamp costs about 0.1 us. On a GPU, where calls only queue up, each
 * operator is called several times before a stamp waits for the device, so that launching and
 * computing overlap as they do in the engine.
 */
final class TimedForward implements AutoCloseable {
  private static final int GPU_CALLS = 8;

  private final TorchScriptModule module;
  private final List<ProfiledOperator> operators;
  private final int layers;
  private final int calls;

  TimedForward(ModelSpec model, Device device) {
    this.calls = device.isGpu() ? GPU_CALLS : 1;
    this.module =
        TorchScriptModule.compile(DecoderScript.timed(model, calls, device.isGpu()), device);
    this.operators = DecoderScript.timedOperators(model);
    this.layers = model.layers();
  }

  /**
   * What a forward gives.
   *
   * @param logits owned by the step
   */
  record Result(PtNDArray logits, OperatorNanos nanos) {}

  /** Runs the forward once; what is run per layer counts as the mean of the layers. */
  Result run(PtNDManager step, IValue[] arguments) {
    long startNanos = System.nanoTime();
    try (IValue result = module.call("forward", arguments)) {
      long nanos = System.nanoTime() - startNanos;
      PtNDArray[] parts = result.toTensorArray(step);
      try (PtNDArray stamps = parts[1]) {
        return new Result(parts[0], nanos(stamps.toLongArray(), nanos));
      }
    }
  }

  private OperatorNanos nanos(long[] stamps, long callNanos) {
    long[] sums = new long[ProfiledOperator.values().length];
    for (int i = 0; i < operators.size(); i++) {
      sums[operators.get(i).ordinal()] += stamps[i + 1] - stamps[i];
    }
    long stampedNanos = stamps[stamps.length - 1] - stamps[0];
    sums[ProfiledOperator.CALL.ordinal()] = Math.max(0, callNanos - stampedNanos) * calls;
    for (ProfiledOperator operator : ProfiledOperator.values()) {
      sums[operator.ordinal()] /= (long) calls * (operator.inEveryLayer() ? layers : 1);
    }
    return new OperatorNanos(sums);
  }

  @Override
  public void close() {
    module.close();
  }
}
