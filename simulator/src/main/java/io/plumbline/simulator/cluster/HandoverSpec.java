package io.plumbline.simulator.cluster;

import java.io.Serializable;

/**
 * How requests come from prefill to decode replicas.
 *
 * @param router picks the decode replica when a prefill ends
 * @param link over which keys and values go
 */
public record HandoverSpec(RouterSpec router, KvLinkSpec link) implements Serializable {}
