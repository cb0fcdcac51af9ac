/** Metrics of a run that need more than the times of its requests. */
package io.plumbline.simulator.metrics;
