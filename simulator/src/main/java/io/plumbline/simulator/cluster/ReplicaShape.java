package io.plumbline.simulator.cluster;

/**
 * What a recorder may want to know of a replica.
 *
 * @param stages pipeline stages
 * @param kvBlocks blocks of its KV cache
 */
public record ReplicaShape(int stages, int kvBlocks) {}
