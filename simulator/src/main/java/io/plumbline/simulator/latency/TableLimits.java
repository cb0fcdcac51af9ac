package io.plumbline.simulator.latency;

/**
 * Sizes of latency tables. Larger batches are still answered, but outside the tables.
 *
 * @param maxBatchTokens most tokens of a batch
 * @param maxBatchSize most requests of a batch
 * @param maxRequestTokens longest context of a request
 * @param vidurTablesHoldWholeBatches whether Vidur has tables for a batch full of the longest
 *     prompts, and not just for one of them
 */
public record TableLimits(
    int maxBatchTokens,
    int maxBatchSize,
    int maxRequestTokens,
    boolean vidurTablesHoldWholeBatches) {

  /** For schedulers other than Orca's. */
  public TableLimits(int maxBatchTokens, int maxBatchSize, int maxRequestTokens) {
    this(maxBatchTokens, maxBatchSize, maxRequestTokens, false);
  }
}
