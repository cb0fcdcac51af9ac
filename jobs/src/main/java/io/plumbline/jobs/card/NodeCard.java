package io.plumbline.jobs.card;

import io.plumbline.simulator.hardware.NodeSku;
import java.util.Map;

/**
 * A file of {@code models/nodes}, see the README of {@code models/devices}, or a mapping of the
 * same form in a configuration, which may know nothing of the links.
 *
 * @param crossLinkBandwidthBytesPerSecond null where one group is the whole server
 * @param sources where each number comes from; empty in a configuration
 */
public record NodeCard(
    String name,
    int devicesPerNode,
    Integer linkedDevices,
    Double linkBandwidthBytesPerSecond,
    Double linkLatencySeconds,
    Double crossLinkBandwidthBytesPerSecond,
    Double interNodeBandwidthBytesPerSecond,
    Double interNodeLatencySeconds,
    Map<String, String> sources) {

  /** A card in a configuration has a name and numbers only. */
  public static Map<String, Object> defaultValues() {
    return Map.of("sources", Map.of());
  }

  /** What a simulator needs of it. */
  public NodeSku sku() {
    return new NodeSku(
        name,
        devicesPerNode,
        linkedDevices,
        linkBandwidthBytesPerSecond,
        linkLatencySeconds,
        crossLinkBandwidthBytesPerSecond,
        interNodeBandwidthBytesPerSecond,
        interNodeLatencySeconds);
  }
}
