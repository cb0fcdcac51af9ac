package io.plumbline.jobs.table;

import io.plumbline.trace.run.Origin;

/**
 * One kernel on one device, on its way to {@code kernel_timing}. Facts that are not set are
 * unknown. Setters return the timing itself.
 */
public final class KernelTiming {
  private static final String COMPLETED = "completed";

  private final Origin origin;
  private final String kernel;
  private String device;
  private String tool;
  private String variant;
  private String suite;
  private String program;
  private String configuration;
  private String shape;
  private Integer position;
  private Integer kernels;
  private Double cycles;
  private Double timeNs;
  private Double warpInstructions;
  private Double l1ReadHitRate;
  private Double l2ReadHitRate;
  private Double dramUtilization;
  private Double meanPowerWatts;
  private Double unitStallShare;
  private Double scoreboardStallShare;
  private Double idleShare;
  private Double simulatedCyclesPerSecond;
  private String countersJson;
  private String outcome = COMPLETED;
  private String message;

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

  /** The simulated device. */
  public KernelTiming configuration(String name) {
    configuration = name;
    return this;
  }

  /** Which kernel of its run it is, from 1. */
  public KernelTiming position(Integer value) {
    position = value;
    return this;
  }

  public KernelTiming timeNs(Double value) {
    timeNs = value;
    return this;
  }

  /** Parts of the cycles of the warp schedulers in which nothing was issued, 0 to 1. */
  public KernelTiming stalls(Double unit, Double scoreboard, Double idle) {
    unitStallShare = unit;
    scoreboardStallShare = scoreboard;
    idleShare = idle;
    return this;
  }

  public KernelTiming simulatedCyclesPerSecond(Double value) {
    simulatedCyclesPerSecond = value;
    return this;
  }

  /** It did not complete. */
  public KernelTiming lost(String what, String why) {
    outcome = what;
    message = why;
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
        configuration,
        kernel,
        position,
        shape,
        kernels,
        cycles,
        timeNs,
        warpInstructions,
        warpInstructions == null || cycles == null ? null : (Double) (warpInstructions / cycles),
        l1ReadHitRate,
        l2ReadHitRate,
        dramUtilization,
        unitStallShare,
        scoreboardStallShare,
        idleShare,
        simulatedCyclesPerSecond,
        meanPowerWatts,
        countersJson,
        outcome,
        message);
  }
}
