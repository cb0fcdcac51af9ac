package io.plumbline.jobs.table;

import io.plumbline.trace.run.Origin;

/**
 * One kernel on one device, on its way to {@code kernel_timing}. Facts that are not set are
 * unknown. Setters return the timing itself.
 */
public final class KernelTiming {
  private final Origin origin;
  private final String kernel;
  private String device;
  private String tool;
  private String variant;
  private String suite;
  private String program;
  private String shape;
  private Integer kernels;
  private Double cycles;
  private Double warpInstructions;
  private Double l1ReadHitRate;
  private Double l2ReadHitRate;
  private Double dramUtilization;
  private Double meanPowerWatts;
  private String countersJson;

  /** A kernel of which nothing is known yet but its name. */
  public KernelTiming(Origin origin, String kernel) {
    this.origin = origin;
    this.kernel = kernel;
  }

  /** The name of the device; one that is known already stays. */
  public KernelTiming device(String value) {
    device = device == null ? value : device;
    return this;
  }

  /** What measured or simulated, and in which mode. */
  public KernelTiming tool(String name, String mode) {
    tool = name;
    variant = mode;
    return this;
  }

  /** The collection and the program that launched the kernel. */
  public KernelTiming program(String collection, String name) {
    suite = collection;
    program = name;
    return this;
  }

  /** What it ran on, and how many kernels are added up. */
  public KernelTiming launch(String text, Integer count) {
    shape = text;
    kernels = count;
    return this;
  }

  public KernelTiming cycles(Double value) {
    cycles = value;
    return this;
  }

  public KernelTiming warpInstructions(Double value) {
    warpInstructions = value;
    return this;
  }

  /** Parts of reads that hit, 0 to 1. */
  public KernelTiming readHitRates(Double l1, Double l2) {
    l1ReadHitRate = l1;
    l2ReadHitRate = l2;
    return this;
  }

  /** Part of the peak, 0 to 1. */
  public KernelTiming dramUtilization(Double value) {
    dramUtilization = value;
    return this;
  }

  public KernelTiming meanPowerWatts(Double value) {
    meanPowerWatts = value;
    return this;
  }

  public KernelTiming counters(String json) {
    countersJson = json;
    return this;
  }

  /** The row of the kernel. */
  public KernelTimingRow row(String sourceId) {
    return new KernelTimingRow(
        sourceId,
        RunRow.partitionValue(origin),
        device,
        tool,
        variant,
        suite,
        program,
        kernel,
        shape,
        kernels,
        cycles,
        warpInstructions,
        warpInstructions == null || cycles == null ? null : (Double) (warpInstructions / cycles),
        l1ReadHitRate,
        l2ReadHitRate,
        dramUtilization,
        meanPowerWatts,
        countersJson);
  }
}
