package io.plumbline.simulator.cluster;

import java.io.Serializable;

/**
 * The network between prefill and decode replicas. A transfer takes a stream of the replica that
 * sends and one of the replica that receives; where all are taken it waits, and who was ready first
 * goes first.
 *
 * @param bandwidthBytesPerSecond of one stream; null for what the node cards say: the network
 *     between servers, for all devices of a replica together, the slower end's
 * @param latencySeconds before the first byte; null for what the node cards say, the longer one
 * @param streams transfers that a replica sends, or receives, at a time
 */
public record KvLinkSpec(
    Double bandwidthBytesPerSecond, Double latencySeconds, int streams, KvOverlap overlap)
    implements Serializable {
  public KvLinkSpec {
    if (bandwidthBytesPerSecond != null && !(bandwidthBytesPerSecond > 0)) {
      throw new IllegalArgumentException(
          "bandwidthBytesPerSecond (%s) must be positive".formatted(bandwidthBytesPerSecond));
    }
    if (latencySeconds != null && !(latencySeconds >= 0)) {
      throw new IllegalArgumentException(
          "latencySeconds (%s) must not be negative".formatted(latencySeconds));
    }
    if (streams <= 0) {
      throw new IllegalArgumentException("streams (%d) must be positive".formatted(streams));
    }
  }

  /** The node cards' network, one transfer at a time, after the prefill. */
  public static KvLinkSpec defaults() {
    return new KvLinkSpec(null, null, 1, KvOverlap.NONE);
  }
}
