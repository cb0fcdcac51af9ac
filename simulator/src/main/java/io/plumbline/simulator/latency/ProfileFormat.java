package io.plumbline.simulator.latency;

/** How the files of a profile are laid out. */
public enum ProfileFormat {
  /** Vidur's: {@code compute/}, {@code network/}, {@code cpu_overhead/}. */
  VIDUR,
  /** LLMServingSim's: {@code DEVICE/MODEL/VARIANT/tpN/} with one table per kind of layer. */
  LAYER_PROFILE,
  /**
   * aiconfigurator's: {@code SYSTEM/OPERATOR/ENGINE/VERSION/} with one Parquet table per kernel.
   */
  KERNEL_TABLES,
  /** ReaLLM's: {@code DEVICE_KIND_latency.csv}, or {@code …_lat.csv}, one per kind of kernel. */
  REALLM
}
