package io.plumbline.simulator.metrics;

/** Vidur's time series, {@code <name>_time_series.csv}. */
public enum VidurSeries {
  /** Requests that arrived. */
  REQUEST_ARRIVAL,
  /** Requests that got their last token. */
  REQUEST_COMPLETION,
  /** Prompt tokens of requests whose prefill was complete for the first time. */
  PREFILL_COMPLETION,
  /** Tokens but for those of a prefill, be it the first or after a restart. */
  DECODE_COMPLETION
}
