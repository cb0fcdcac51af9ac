package io.plumbline.simulator.hardware;

/**
 * A link between devices.
 *
 * @param bandwidthBytesPerSecond per device and direction
 * @param latencySeconds of one hop
 */
public record Link(double bandwidthBytesPerSecond, double latencySeconds) {}
