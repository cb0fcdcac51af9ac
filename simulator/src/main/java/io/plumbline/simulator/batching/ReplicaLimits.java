package io.plumbline.simulator.batching;

/**
 * What deployment and memory plan fix for the scheduler of a replica.
 *
 * @param pipelineStages batches that may be in flight at once
 * @param maxRequestTokens longest context that a request may reach
 * @param maxWholeRequests requests of that length that fit into memory, as the plan counts them
 */
public record ReplicaLimits(int pipelineStages, int maxRequestTokens, int maxWholeRequests) {}
