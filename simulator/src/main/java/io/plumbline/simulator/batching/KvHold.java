package io.plumbline.simulator.batching;

/** KV blocks on a replica that a request left behind until they are copied. */
@FunctionalInterface
public interface KvHold {

  /** Gives the blocks back; once. */
  void release();
}
