/** Replica schedulers: which requests run in the next iteration, and with how many tokens. */
package io.plumbline.simulator.batching;
