package io.plumbline.trace.gpu;

import java.io.Serializable;

/**
 * One memory channel.
 *
 * @param latencyCycles fixed core cycles before a request reaches the channel's scheduler
 * @param queue requests that are scheduled among at most
 * @param returnQueue answers that wait for their slice at most
 * @param atomBytes bytes of one column command
 * @param burstCycles cycles of the DRAM clock that its data take
 * @param separateRowBus whether a row and a column command can go in the same cycle
 */
public record DramSpec(
    int latencyCycles,
    int queue,
    int returnQueue,
    int atomBytes,
    int burstCycles,
    boolean separateRowBus,
    DramTiming timing)
    implements Serializable {
  public DramSpec {
    if (atomBytes < 1 || queue < 1 || returnQueue < 1) {
      throw new IllegalArgumentException(
          "atomBytes (%d), queue (%d) and returnQueue (%d) must be positive"
              .formatted(atomBytes, queue, returnQueue));
    }
  }
}
