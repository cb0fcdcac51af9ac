package io.plumbline.trace.kernel;

/**
 * The pipeline that executes an instruction. The order of the constants is that in which an operand
 * collector's port serves them.
 */
public enum ExecutionUnit {
  FP32,
  SFU,
  MEMORY,
  FP64,
  INT,
  BRANCH,
  TEXTURE,
  TENSOR,
  UNIFORM
}
