package io.plumbline.trace.kernel;

/** What an instruction does besides occupying its unit. */
public enum InstructionKind {
  ARITHMETIC,
  /** Two FP16 operations a lane: half the initiation interval of its unit. */
  PACKED_HALF,
  BARRIER,
  EXIT,
  /** Waits until the registers of all loads before it are written. */
  MEMORY_BARRIER,
  GLOBAL_LOAD,
  GLOBAL_STORE,
  SHARED_LOAD,
  SHARED_STORE,
  /** Done at L2; its warp waits for the answers. */
  ATOMIC,
  /** Copies from global into shared memory; belongs to the open group of its warp. */
  ASYNC_COPY,
  /** Closes a warp's open group of copies. */
  COPY_GROUP_END,
  /** Waits until all but the newest groups of copies are complete. */
  COPY_GROUP_WAIT;

  public boolean isGlobalAccess() {
    return this == GLOBAL_LOAD || this == GLOBAL_STORE || this == ATOMIC || this == ASYNC_COPY;
  }

  public boolean isSharedAccess() {
    return this == SHARED_LOAD || this == SHARED_STORE;
  }
}
