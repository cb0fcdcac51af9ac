package io.plumbline.simulator.latency;

import io.plumbline.simulator.batching.Batch;

/**
 * Attention of one layer on a described device, in seconds: each prefill by itself, decodes
 * together.
 */
interface CompassAttention {
  /** Steps of an octave. */
  int STEPS = 16;

  double prefills(Batch batch);

  double decodes(Batch batch);

  /** The nearest of sixteen steps an octave; small numbers are their own. */
  static long rounded(long value) {
    int shift = Long.numberOfLeadingZeros(2L * STEPS - 1) - Long.numberOfLeadingZeros(value);
    return shift <= 0 ? value : (value + (1L << (shift - 1))) >> shift << shift;
  }
}
