package io.plumbline.simulator.metrics;

/**
 * One of Vidur's time series: counts that only grow.
 *
 * @param seconds when, on the clock of the run
 * @param counts how many until then, that moment included
 */
public record VidurTimeSeries(double[] seconds, double[] counts) {}
