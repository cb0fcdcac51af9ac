package io.plumbline.simulator.hardware;

import java.io.Serializable;

/**
 * How the devices of a server are linked.
 *
 * @param name card name, e.g. {@code a100_pairwise_nvlink}
 * @param devicesPerNode devices in one server
 * @param linkBandwidthBytesPerSecond per device and direction, inside the server
 * @param linkLatencySeconds of one hop inside the server
 * @param interNodeBandwidthBytesPerSecond per device and direction, between servers
 * @param interNodeLatencySeconds of one hop between servers
 */
public record NodeSku(
    String name,
    int devicesPerNode,
    double linkBandwidthBytesPerSecond,
    double linkLatencySeconds,
    double interNodeBandwidthBytesPerSecond,
    double interNodeLatencySeconds)
    implements Serializable {

  public NodeSku {
    Check.positive("devicesPerNode", devicesPerNode);
    Check.positive("linkBandwidthBytesPerSecond", linkBandwidthBytesPerSecond);
    Check.notNegative("linkLatencySeconds", linkLatencySeconds);
    Check.positive("interNodeBandwidthBytesPerSecond", interNodeBandwidthBytesPerSecond);
    Check.notNegative("interNodeLatencySeconds", interNodeLatencySeconds);
  }
}
