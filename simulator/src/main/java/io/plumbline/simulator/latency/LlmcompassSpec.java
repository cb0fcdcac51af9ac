package io.plumbline.simulator.latency;

import io.plumbline.simulator.compass.Accelerator;
import io.plumbline.simulator.compass.BuiltInHardware;
import io.plumbline.simulator.compass.HardwareSystem;
import io.plumbline.simulator.compass.MapperMode;
import io.plumbline.simulator.compass.SharedMatmuls;
import io.plumbline.simulator.compass.SystolicArray;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.Deployment;

/**
 * Latency from a description of the hardware, as LLMCompass predicts it (Zhang et al., ISCA 2024):
 * tiles, buffers and arrays of a device that may not exist yet. Whatever is given besides the
 * description replaces what that says, so that a sweep may have hardware as its axes.
 *
 * @param hardware name of a built-in description, or a file of one; null for that of the device
 * @param description the description itself; null to take {@code hardware}
 * @param mode mappings that are tried; null for those that suit the description
 * @param cores cores that compute, likewise the next ones; null for what the description says
 * @param launchShare share of the launch overheads that count: 1 for PyTorch without graphs
 */
public record LlmcompassSpec(
    String hardware,
    HardwareSystem description,
    MapperMode mode,
    Integer cores,
    Double clockHz,
    Long globalBufferBytes,
    Double globalBufferBytesPerCycle,
    Double memoryBytesPerSecond,
    Integer arrayHeight,
    Integer arrayWidth,
    Long localBufferBytes,
    double launchShare)
    implements PredictorSpec {

  public LlmcompassSpec {
    if (!(launchShare >= 0) || launchShare > 1) {
      throw new IllegalArgumentException(
          "launchShare (%s) must be from 0 to 1".formatted(launchShare));
    }
    if (mode == MapperMode.EXHAUSTIVE) {
      throw new IllegalArgumentException(
          "mode (exhaustive) has no mapping for small batches. Maybe mode: gpu");
    }
  }

  /** The description of the device, with all launch overheads. */
  public static LlmcompassSpec defaults() {
    return new LlmcompassSpec(null, null, null, null, null, null, null, null, null, null, null, 1);
  }

  /** The same with a description in place of its name. */
  public LlmcompassSpec describedBy(HardwareSystem system) {
    return new LlmcompassSpec(
        hardware,
        system,
        mode,
        cores,
        clockHz,
        globalBufferBytes,
        globalBufferBytesPerCycle,
        memoryBytesPerSecond,
        arrayHeight,
        arrayWidth,
        localBufferBytes,
        launchShare);
  }

  @Override
  public ExecutionTimePredictor create(
      Deployment deployment,
      TableLimits limits,
      ProfileSource profiles,
      Compatibility compatibility) {
    HardwareSystem system = system(deployment);
    CompassOperators operators =
        new UnfusedOperators(
            system,
            SharedMatmuls.of(system.device(), fittingMode(system)),
            deployment.dtype().bytes(),
            launchShare);
    return new LlmcompassPredictor(
        deployment, system, operators, new UnfusedAttention(deployment, operators));
  }

  @Override
  public void requireSupports(Deployment deployment) {
    deployment.requireUnquantized("llmcompass");
    HardwareSystem system = system(deployment);
    if (system.links() == null && deployment.parallelism().devices() > 1) {
      throw new IllegalArgumentException(
          "llmcompass needs the links of %s. Maybe choose a description that has them, or one device"
              .formatted(system.name()));
    }
  }

  /** The hardware with all changes. */
  public HardwareSystem system(Deployment deployment) {
    HardwareSystem base = description;
    if (base == null) {
      String name = hardware == null ? deployment.device().name() : hardware;
      base = BuiltInHardware.of(name);
      if (base == null) {
        throw new IllegalArgumentException(
            "there is no hardware description %s. Maybe hardware: FILE.json, or one of: %s"
                .formatted(name, String.join(", ", BuiltInHardware.names())));
      }
    }
    return new HardwareSystem(base.name(), changed(base.device()), base.links(), base.die());
  }

  private Accelerator changed(Accelerator base) {
    SystolicArray array = base.array();
    return new Accelerator(
        or(cores, base.cores()),
        or(clockHz, base.clockHz()),
        or(globalBufferBytes, base.globalBufferBytes()),
        or(globalBufferBytesPerCycle, base.globalBufferBytesPerCycle()),
        or(memoryBytesPerSecond, base.memoryBytesPerSecond()),
        base.memoryBytes(),
        new SystolicArray(
            or(arrayHeight, array.height()),
            or(arrayWidth, array.width()),
            array.macPerCycle(),
            array.inputBytes(),
            array.outputBytes()),
        base.arraysPerCore(),
        or(localBufferBytes, base.localBufferBytes()),
        base.vector(),
        base.overheads());
  }

  private static <T> T or(T given, T described) {
    return given == null ? described : given;
  }

  /** The mode that is given, or the one that suits the hardware. */
  MapperMode fittingMode(HardwareSystem system) {
    return mode == null ? MapperMode.fitting(system.device()) : mode;
  }
}
