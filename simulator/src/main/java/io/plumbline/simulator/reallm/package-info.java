/**
 * ReaLLM's kernel latency path: the kernels of one iteration, their latencies out of a library of
 * timed shapes or a roofline, and its collectives. It depends on {@code compass} alone.
 */
package io.plumbline.simulator.reallm;
