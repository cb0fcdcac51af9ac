package io.plumbline.simulator;

/**
 * What a closed loop measures, by request in the order of sending.
 *
 * @param ttftSeconds from sending to the first token; NaN without one
 * @param tpotSeconds per output token after the first; NaN of a request with one token or none
 * @param extrapolatedFraction share of the predicted time outside of what was measured
 */
public record LoopTimes(double[] ttftSeconds, double[] tpotSeconds, double extrapolatedFraction) {}
