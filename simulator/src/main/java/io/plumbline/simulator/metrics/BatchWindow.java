package io.plumbline.simulator.metrics;

/**
 * Vidur's {@code min_batch_index} and {@code max_batch_index}: the end of a batch outside them is
 * not looked at, nor are the requests that are done with it.
 *
 * @param first number of the first batch that counts
 * @param last number of the last batch that counts
 */
public record BatchWindow(long first, long last) {
  /** Every batch. */
  public static final BatchWindow ALL = new BatchWindow(0, Long.MAX_VALUE);

  boolean contains(long batch) {
    return first <= batch && batch <= last;
  }
}
