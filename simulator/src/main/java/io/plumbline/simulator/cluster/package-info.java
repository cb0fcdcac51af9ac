/** Replicas, routing and the handling of events. */
package io.plumbline.simulator.cluster;
