package io.plumbline.simulator.capacity;

import java.io.Serializable;
import java.util.List;

/**
 * A service level objective: conditions that a run must meet, all of them. A request or token that
 * never came counts as infinitely late.
 */
public record Slo(List<Condition> conditions) implements Serializable {

  public Slo {
    conditions = List.copyOf(conditions);
    if (conditions.isEmpty()) {
      throw new IllegalArgumentException("an SLO needs at least one condition");
    }
  }

  /** One condition. */
  public sealed interface Condition extends Serializable permits LatencyLimit, Goodput {}

  /**
   * A percentile of a latency must not be above a limit.
   *
   * @param percentile above 0, up to 100; exact, linearly interpolated between two values
   */
  public record LatencyLimit(LatencyMetric metric, double percentile, double seconds)
      implements Condition {
    public LatencyLimit {
      requirePercentage("percentile", percentile);
      requirePositive("seconds", seconds);
    }
  }

  /**
   * So many percent of the requests must each stay within every limit that is stated.
   *
   * @param ttftSeconds null for no limit, as with all that follow
   */
  public record Goodput(
      double percent,
      Double schedulingDelaySeconds,
      Double ttftSeconds,
      Double tpotSeconds,
      Double e2eSeconds)
      implements Condition {
    public Goodput {
      requirePercentage("percent", percent);
      if (schedulingDelaySeconds == null
          && ttftSeconds == null
          && tpotSeconds == null
          && e2eSeconds == null) {
        throw new IllegalArgumentException(
            "goodput needs a limit. Maybe state ttftSeconds or tpotSeconds.");
      }
      requirePositive("schedulingDelaySeconds", schedulingDelaySeconds);
      requirePositive("ttftSeconds", ttftSeconds);
      requirePositive("tpotSeconds", tpotSeconds);
      requirePositive("e2eSeconds", e2eSeconds);
    }

    /** Limit of a metric in seconds; null for none. */
    Double limit(LatencyMetric metric) {
      return switch (metric) {
        case SCHEDULING_DELAY -> schedulingDelaySeconds;
        case TTFT -> ttftSeconds;
        case TPOT -> tpotSeconds;
        case E2E -> e2eSeconds;
        case TBT -> null;
      };
    }
  }

  /** Whether it must be told of every token. */
  boolean wantsTokens() {
    return conditions.stream()
        .anyMatch(c -> c instanceof LatencyLimit limit && limit.metric() == LatencyMetric.TBT);
  }

  private static void requirePercentage(String what, double value) {
    if (!(value > 0 && value <= 100)) {
      throw new IllegalArgumentException(
          "%s (%s) must be above 0 and at most 100".formatted(what, value));
    }
  }

  private static void requirePositive(String what, Double value) {
    if (value != null && !(value > 0 && !Double.isInfinite(value))) {
      throw new IllegalArgumentException("%s (%s) must be positive".formatted(what, value));
    }
  }
}
