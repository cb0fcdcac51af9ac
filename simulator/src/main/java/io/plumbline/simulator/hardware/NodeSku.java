package io.plumbline.simulator.hardware;

import java.io.Serializable;

/**
 * How the devices of a server are linked. Fast links join neighbours into groups, all of one size;
 * the groups of a server are joined by slower links, and servers by a network. Where nothing is
 * known of the links, all their numbers are null: measured times do not need them.
 *
 * @param name card name, e.g. {@code a100_pairwise_nvlink}
 * @param devicesPerNode devices in one server
 * @param linkedDevices devices that the fast links join into one group: 2 for bridged pairs, all of
 *     the server behind a switch
 * @param linkBandwidthBytesPerSecond per device and direction, inside a group
 * @param linkLatencySeconds of one hop inside the server
 * @param crossLinkBandwidthBytesPerSecond per device and direction, between the groups of a server;
 *     null where one group is the whole server
 * @param interNodeBandwidthBytesPerSecond per device and direction, between servers
 * @param interNodeLatencySeconds of one hop between servers
 */
public record NodeSku(
    String name,
    int devicesPerNode,
    Integer linkedDevices,
    Double linkBandwidthBytesPerSecond,
    Double linkLatencySeconds,
    Double crossLinkBandwidthBytesPerSecond,
    Double interNodeBandwidthBytesPerSecond,
    Double interNodeLatencySeconds)
    implements Serializable {

  public NodeSku {
    Check.positive("devicesPerNode", devicesPerNode);
    if (linkedDevices == null) {
      requireNone(
          name,
          linkBandwidthBytesPerSecond,
          linkLatencySeconds,
          crossLinkBandwidthBytesPerSecond,
          interNodeBandwidthBytesPerSecond,
          interNodeLatencySeconds);
    } else {
      Check.positive("linkedDevices", linkedDevices);
      Check.positive("linkBandwidthBytesPerSecond", linkBandwidthBytesPerSecond);
      Check.notNegative("linkLatencySeconds", linkLatencySeconds);
      if (devicesPerNode % linkedDevices != 0) {
        throw new IllegalArgumentException(
            "devicesPerNode (%d) of %s must be a multiple of linkedDevices (%d)"
                .formatted(devicesPerNode, name, linkedDevices));
      }
      if (crossLinkBandwidthBytesPerSecond != null) {
        Check.positive("crossLinkBandwidthBytesPerSecond", crossLinkBandwidthBytesPerSecond);
      } else if (linkedDevices < devicesPerNode) {
        throw new IllegalArgumentException(
            ("%s has groups of %d linked devices in a server of %d, but no"
                    + " crossLinkBandwidthBytesPerSecond between them")
                .formatted(name, linkedDevices, devicesPerNode));
      }
      Check.positive("interNodeBandwidthBytesPerSecond", interNodeBandwidthBytesPerSecond);
      Check.notNegative("interNodeLatencySeconds", interNodeLatencySeconds);
    }
  }

  /** A server whose links are known. */
  public NodeSku(
      String name,
      int devicesPerNode,
      int linkedDevices,
      double linkBandwidthBytesPerSecond,
      double linkLatencySeconds,
      Double crossLinkBandwidthBytesPerSecond,
      double interNodeBandwidthBytesPerSecond,
      double interNodeLatencySeconds) {
    this(
        name,
        devicesPerNode,
        (Integer) linkedDevices,
        (Double) linkBandwidthBytesPerSecond,
        (Double) linkLatencySeconds,
        crossLinkBandwidthBytesPerSecond,
        (Double) interNodeBandwidthBytesPerSecond,
        (Double) interNodeLatencySeconds);
  }

  private static void requireNone(String name, Double... numbers) {
    for (Double number : numbers) {
      if (number != null) {
        throw new IllegalArgumentException(
            "%s has numbers of links, but no linkedDevices".formatted(name));
      }
    }
  }

  /** Whether the numbers of the links are known. */
  public boolean linksKnown() {
    return linkedDevices != null;
  }

  /** The slowest link among neighbouring devices, numbered from 0 through all servers. */
  Link slowestLink(int firstDevice, int lastDevice) {
    if (firstDevice / devicesPerNode != lastDevice / devicesPerNode) {
      return new Link(interNodeBandwidthBytesPerSecond, interNodeLatencySeconds);
    }
    boolean oneGroup = firstDevice / linkedDevices == lastDevice / linkedDevices;
    return new Link(
        oneGroup ? linkBandwidthBytesPerSecond : crossLinkBandwidthBytesPerSecond,
        linkLatencySeconds);
  }
}
