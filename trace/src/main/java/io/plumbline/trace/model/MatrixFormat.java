package io.plumbline.trace.model;

/** Number format in which a device multiplies matrices. */
public enum MatrixFormat {
  /** That of the activations: 16 bits, or 32. */
  DTYPE,
  /** FP8 times FP8. */
  FP8,
  /** INT8 times INT8. */
  INT8,
  /** FP4 times FP4, with a scale for every 16 numbers. */
  FP4
}
