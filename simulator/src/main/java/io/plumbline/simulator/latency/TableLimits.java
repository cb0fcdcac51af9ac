package io.plumbline.simulator.latency;

/**
 * Sizes of latency tables. Larger batches are still answered, but outside the tables.
 *
 * @param maxBatchTokens most tokens of a batch
 * @param maxBatchSize most requests of a batch
 * @param maxRequestTokens longest context of a request
 */
public record TableLimits(int maxBatchTokens, int maxBatchSize, int maxRequestTokens) {}
