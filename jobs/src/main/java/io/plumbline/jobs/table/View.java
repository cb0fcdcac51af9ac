package io.plumbline.jobs.table;

import java.util.Locale;

/** Views over the tables, for metrics that follow from their rows. */
public enum View {
  BATCH_METRIC(
      BatchMetricRow.class,
      "One row per batch that passed all stages, of runs that recorded iterations.",
      """
      SELECT i.origin, i.run_id, i.replica, i.iteration,
        min(i.scheduled_ns) AS scheduled_ns,
        max(i.start_ns + i.duration_ns) AS end_ns,
        max(i.start_ns + i.duration_ns) - min(i.scheduled_ns) AS batch_execution_time_ns,
        max(i.prefill_tokens + i.decode_tokens) AS batch_num_tokens,
        max(i.prefill_tokens) AS batch_num_prefill_tokens,
        max(i.decode_tokens) AS batch_num_decode_tokens,
        max(i.batch_size) AS batch_size
      FROM iteration_timing i
      JOIN (
        SELECT origin, run_id, max(stage) AS last_stage
        FROM iteration_timing GROUP BY origin, run_id
      ) r ON i.origin = r.origin AND i.run_id = r.run_id
      GROUP BY i.origin, i.run_id, i.replica, i.iteration
      HAVING max(i.stage) = max(r.last_stage)
      """),
  DECODE_TOKEN_TIME(
      DecodeTokenTimeRow.class,
      "One row per output token but the first of each request, of runs that recorded tokens. Runs"
          + " with Vidur's compatibility leave out the token of a prefill after a restart as well.",
      """
      SELECT t.origin, t.run_id, t.request_id, t.token_index, t.token_ns,
        t.tbt_ns AS decode_token_execution_plus_preemption_time_ns
      FROM token_timing t
      LEFT ANTI JOIN (
        SELECT q.origin, q.run_id, q.request_id, b.end_ns
        FROM iteration_request q
        JOIN batch_metric b
          ON q.origin = b.origin AND q.run_id = b.run_id AND q.iteration = b.iteration
        JOIN run r ON q.origin = r.origin AND q.run_id = r.run_id
        WHERE q.prefill_tokens > 0
          AND lower(get_json_object(r.spec_json, '$.compatibility')) = 'vidur'
      ) p
        ON t.origin = p.origin AND t.run_id = p.run_id
        AND t.request_id = p.request_id AND t.token_ns = p.end_ns
      WHERE t.tbt_ns IS NOT NULL
      """),
  TIME_SERIES(
      TimeSeriesRow.class,
      "One row per arrival or end of a request, end of a prefill, and token after it: how much there"
          + " was until then.",
      """
      SELECT origin, run_id, series, time_ns,
        sum(amount) OVER (
          PARTITION BY origin, run_id, series ORDER BY time_ns, request_id
          ROWS UNBOUNDED PRECEDING) AS total
      FROM (
        SELECT origin, run_id, 'request_arrival' AS series, arrival_ns AS time_ns, request_id,
          1 AS amount
        FROM request_timing
        UNION ALL
        SELECT origin, run_id, 'request_completion', end_ns, request_id, 1
        FROM request_timing WHERE outcome = 'COMPLETED'
        UNION ALL
        SELECT origin, run_id, 'prefill_completion', first_token_ns, request_id, prompt_tokens
        FROM request_timing WHERE first_token_ns IS NOT NULL
        UNION ALL
        SELECT origin, run_id, 'decode_completion', token_ns, request_id, 1
        FROM decode_token_time
      )
      """);

  private final Class<? extends Record> rowType;
  private final String description;
  private final String sql;

  View(Class<? extends Record> rowType, String description, String sql) {
    this.rowType = rowType;
    this.description = description;
    this.sql = sql;
  }

  /** Name in SQL. */
  public String viewName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public Class<? extends Record> rowType() {
    return rowType;
  }

  public String description() {
    return description;
  }

  /** The query behind it, over the tables and the views before this one. */
  String sql() {
    return sql;
  }
}
