package io.plumbline.simulator.cluster;

import io.plumbline.simulator.batching.Batch;

/**
 * A batch on its way through the stages of a replica.
 *
 * @param number of the iteration in the run, from 0, in order of creation
 * @param replica from 0
 * @param scheduledSeconds when the batch was formed
 */
public record IterationInFlight(long number, int replica, Batch batch, double scheduledSeconds) {}
