package io.plumbline.simulator.cluster;

/**
 * The keys and values of a model.
 *
 * @param bytesPerToken of all layers and heads
 * @param layers of the model
 */
public record KvLayout(double bytesPerToken, int layers) {}
