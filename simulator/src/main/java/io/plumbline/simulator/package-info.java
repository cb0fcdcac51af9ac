/**
 * Discrete-event simulation of an LLM serving cluster: {@link io.plumbline.simulator.Simulator}.
 */
package io.plumbline.simulator;
