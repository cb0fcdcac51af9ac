/**
 * A trace-driven model of a GPU in core cycles: streaming multiprocessors, L1, crossbar, L2 and
 * DRAM, after the structure of Accel-Sim (docs/trace-sm.md). {@link
 * io.plumbline.simulator.sm.KernelSimulator} is the way in.
 */
package io.plumbline.simulator.sm;
