package io.plumbline.jobs.card;

import io.plumbline.simulator.hardware.NodeSku;
import java.util.Map;

/**
 * A file of {@code models/nodes}; see the README of {@code models/devices}.
 *
 * @param crossLinkBandwidthBytesPerSecond null where one group is the whole server
 * @param sources where each number comes from
 */
public record NodeCard(
    String name,
    int devicesPerNode,
    int linkedDevices,
    double linkBandwidthBytesPerSecond,
    double linkLatencySeconds,
    Double crossLinkBandwidthBytesPerSecond,
    double interNodeBandwidthBytesPerSecond,
    double interNodeLatencySeconds,
    Map<String, String> sources) {

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
