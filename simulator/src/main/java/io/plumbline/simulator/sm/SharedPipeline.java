package io.plumbline.simulator.sm;

/** Loads from shared memory on their way: a fixed number of stages, first in, first out. */
final class SharedPipeline {
  private final InFlight[] stages;
  private int head;
  private int size;

  SharedPipeline(int latencyCycles) {
    stages = new InFlight[latencyCycles];
  }

  boolean isFull() {
    return size == stages.length;
  }

  void add(InFlight load, long now) {
    load.readyCycle = now + stages.length;
    stages[(head + size++) % stages.length] = load;
  }

  /** When the oldest leaves, or {@link Long#MAX_VALUE}. */
  long nextReady() {
    return size == 0 ? Long.MAX_VALUE : stages[head].readyCycle;
  }

  InFlight poll() {
    InFlight oldest = stages[head];
    stages[head] = null;
    head = (head + 1) % stages.length;
    size--;
    return oldest;
  }
}
