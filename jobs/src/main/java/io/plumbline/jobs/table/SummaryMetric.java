package io.plumbline.jobs.table;

import java.util.Locale;

/**
 * Metrics of {@code run_summary} that mean the same in every source, each in one unit; the times
 * are those of {@code docs/metrics.md}, seen by the clock that the row names.
 */
public enum SummaryMetric {
  /** Time to first token. */
  TTFT("ns"),
  /** Time per output token after the first. */
  TPOT("ns"),
  /** Gap between two tokens or, seen by a client, between two chunks. */
  TBT("ns"),
  /** End-to-end latency. */
  E2E("ns"),
  /** Arrival to first scheduled. */
  QUEUEING("ns"),
  /** First scheduled to end. */
  EXECUTION("ns"),
  /** How much later than planned a client sent its requests. */
  CLIENT_DELAY("ns"),
  /** Completed requests per second. */
  REQUEST_THROUGHPUT("1/s"),
  /** Requests per second that kept their limits. */
  REQUEST_GOODPUT("1/s"),
  /** Prompt tokens per second. */
  PROMPT_TOKEN_THROUGHPUT("tokens/s"),
  /** Output tokens per second. */
  OUTPUT_TOKEN_THROUGHPUT("tokens/s"),
  /** Prompt and output tokens per second. */
  TOTAL_TOKEN_THROUGHPUT("tokens/s"),
  /** Length of the run. */
  DURATION("ns"),
  /** Highest power over the device's rated power. */
  PEAK_POWER_TO_TDP("1"),
  /** Mean power over the device's rated power. */
  MEAN_POWER_TO_TDP("1"),
  /** What a simulator took to simulate, on its own machine. */
  SIMULATION_TIME("ns");

  private final String unit;

  SummaryMetric(String unit) {
    this.unit = unit;
  }

  /** Name in the tables. */
  public String metric() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String unit() {
    return unit;
  }
}
