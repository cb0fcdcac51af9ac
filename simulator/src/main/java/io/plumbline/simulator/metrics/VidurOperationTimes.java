package io.plumbline.simulator.metrics;

/**
 * Entries of one of Vidur's operation metrics, one per stage of a batch.
 *
 * @param batches number of the batch
 * @param ms time of one call in milliseconds
 * @param repeats how often Vidur writes each entry: once per layer of the stage, or once
 */
public record VidurOperationTimes(double[] batches, double[] ms, int repeats) {}
