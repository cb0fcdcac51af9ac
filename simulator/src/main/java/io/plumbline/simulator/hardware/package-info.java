/** Devices, servers and how a replica is spread over them. */
package io.plumbline.simulator.hardware;
