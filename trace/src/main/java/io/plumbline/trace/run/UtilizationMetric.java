package io.plumbline.trace.run;

/** What a {@link Utilization} is of. */
public enum UtilizationMetric {
  /** KV blocks in use, of all blocks of a replica. */
  MEMORY,
  /** Whether a stage runs a batch: 100 or 0. */
  BUSY,
  /** Model FLOPs utilization of a stage: arithmetic of the model, of the devices' peak. */
  MFU
}
