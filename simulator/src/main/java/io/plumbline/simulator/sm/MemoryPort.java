package io.plumbline.simulator.sm;

/** Where an SM's requests leave for L2. */
interface MemoryPort {
  boolean accepts(int sm);

  void send(MemoryRequest request);
}
