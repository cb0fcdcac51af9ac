package io.plumbline.reference.profiling;

import java.util.List;

/**
 * What the host did besides the model in iterations with so many decodes; one time per iteration.
 *
 * @param tensorParallel degree of the shard that was measured
 * @param spentMs how long it took to measure
 * @param scheduleNanos forming the batch
 * @param prepareNanos taking it to the device
 * @param forwardNanos the model
 * @param sampleNanos choosing the next tokens and reading them back
 * @param betweenNanos bookkeeping until the next iteration starts
 */
record HostPoint(
    int tensorParallel,
    int batchSize,
    long spentMs,
    List<Long> scheduleNanos,
    List<Long> prepareNanos,
    List<Long> forwardNanos,
    List<Long> sampleNanos,
    List<Long> betweenNanos) {}
