package io.plumbline.simulator.latency;

import io.plumbline.simulator.compass.BuiltInTunings;
import io.plumbline.simulator.compass.CompassTuning;
import io.plumbline.simulator.compass.HardwareSystem;
import io.plumbline.simulator.compass.KernelBounds;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.Deployment;

/**
 * LLMCompass's description of hardware, and its mapped products, with the kernels of today: flash
 * attention, fused element-wise work, launches inside of CUDA graphs. What such kernels reach of
 * the description's peaks is fitted to measured ones; docs/llmcompass.md says how near that comes.
 *
 * @param description of the hardware, with changes; its launch overheads do not count
 * @param tuning what kernels reach; null for what was fitted to the hardware, or to an A100 if
 *     nothing was
 */
public record LlmcompassTunedSpec(LlmcompassSpec description, CompassTuning tuning)
    implements PredictorSpec {

  /** The description of the device. */
  public static LlmcompassTunedSpec defaults() {
    return new LlmcompassTunedSpec(LlmcompassSpec.defaults(), null);
  }

  /** The same with a description in place of its name. */
  public LlmcompassTunedSpec describedBy(HardwareSystem system) {
    return new LlmcompassTunedSpec(description.describedBy(system), tuning);
  }

  @Override
  public ExecutionTimePredictor create(
      Deployment deployment,
      TableLimits limits,
      ProfileSource profiles,
      Compatibility compatibility) {
    HardwareSystem system = description.system(deployment);
    CompassTuning fitted = tuning == null ? BuiltInTunings.of(system.name()) : tuning;
    KernelBounds bounds =
        new KernelBounds(system, description.fittingMode(system), deployment.dtype().bytes());
    CompassOperators operators = new FusedOperators(bounds, fitted);
    return new LlmcompassPredictor(
        deployment, system, operators, new FlashAttention(deployment, bounds, fitted, operators));
  }

  @Override
  public void requireSupports(Deployment deployment) {
    description.requireSupports(deployment);
    KernelBounds.requireMemory(description.system(deployment));
  }
}
