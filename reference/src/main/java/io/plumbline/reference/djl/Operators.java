package io.plumbline.reference.djl;

/** How the model's operators are called. */
public enum Operators {
  /** One TorchScript method per iteration, with PyTorch's own attention kernels. */
  TORCH_SCRIPT,
  /** One JNI call per operator, through DJL's arrays. */
  ND_ARRAY
}
