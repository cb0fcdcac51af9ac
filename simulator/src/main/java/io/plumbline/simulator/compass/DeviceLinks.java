package io.plumbline.simulator.compass;

import java.io.Serializable;

/**
 * What joins the devices of a system.
 *
 * @param devices how many there are; collectives run over all of them
 * @param topology how they are joined
 * @param linksPerDevice links that each device has
 * @param oneWayBytesPerSecond of one link in one direction
 * @param bothWaysBytesPerSecond of one link in both together
 * @param latencySeconds of one link
 * @param flitBytes the unit of transfer
 * @param payloadBytes most that follows one header
 * @param headerBytes header of a packet, before rounding to flits
 * @param internalBytesPerSecond within a device of several chips; infinite if it is one
 */
public record DeviceLinks(
    int devices,
    Topology topology,
    int linksPerDevice,
    double oneWayBytesPerSecond,
    double bothWaysBytesPerSecond,
    double latencySeconds,
    int flitBytes,
    int payloadBytes,
    int headerBytes,
    double internalBytesPerSecond)
    implements Serializable {

  /** How devices are joined. */
  public enum Topology {
    /** Each with each. */
    FC,
    /** Each with two neighbours. */
    RING
  }

  public DeviceLinks {
    Check.positive("devices", devices);
    Check.positive("linksPerDevice", linksPerDevice);
    Check.positive("oneWayBytesPerSecond", oneWayBytesPerSecond);
    Check.positive("bothWaysBytesPerSecond", bothWaysBytesPerSecond);
    Check.notNegative("latencySeconds", latencySeconds);
    Check.positive("flitBytes", flitBytes);
    Check.positive("payloadBytes", payloadBytes);
    Check.positive("headerBytes", headerBytes);
    Check.positive("internalBytesPerSecond", internalBytesPerSecond);
  }

  /** The same links between another number of devices. */
  public DeviceLinks among(int count) {
    return new DeviceLinks(
        count,
        topology,
        linksPerDevice,
        oneWayBytesPerSecond,
        bothWaysBytesPerSecond,
        latencySeconds,
        flitBytes,
        payloadBytes,
        headerBytes,
        internalBytesPerSecond);
  }

  /** Seconds of an all-reduce of so many bytes over all devices, at least two. */
  public double allReduceSeconds(long bytes) {
    double slice = (double) bytes / devices;
    double header = Check.ceilDiv(headerBytes, flitBytes) * (double) flitBytes;
    double sent = header + Math.ceil(slice / payloadBytes) * header + slice;
    double internal = bytes / internalBytesPerSecond;
    if (topology == Topology.RING) {
      double perNeighbour = oneWayBytesPerSecond * linksPerDevice;
      return (latencySeconds + sent / perNeighbour) * 2 * (devices - 1) + internal;
    }
    double oneWay = oneWayBytesPerSecond * linksPerDevice / (devices - 1);
    double bothWays = bothWaysBytesPerSecond * linksPerDevice / (devices - 1);
    return (latencySeconds + sent / bothWays) * (devices - 1) + sent / oneWay + internal;
  }
}
