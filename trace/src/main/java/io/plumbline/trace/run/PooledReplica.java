package io.plumbline.trace.run;

import java.io.Serializable;

/**
 * A replica of a cluster of pools.
 *
 * @param replica number, from 0
 * @param pool name of its pool
 * @param device name of its device card
 * @param tensorParallel devices that share each layer
 * @param pipelineParallel pipeline stages
 */
public record PooledReplica(
    int replica,
    String pool,
    PoolRole role,
    String device,
    int tensorParallel,
    int pipelineParallel)
    implements Serializable {}
