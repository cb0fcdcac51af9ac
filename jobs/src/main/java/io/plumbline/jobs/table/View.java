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
      """),
  LEAGUE_TABLE(
      LeagueTableRow.class,
      "One row per simulator and metric of a fidelity matrix: how far off it is, and how often it is"
          + " the closest.",
      """
      SELECT matrix_id, simulator, metric,
        count(DISTINCT case_name) AS cases,
        count(*) AS cells,
        percentile(abs(percent_error), 0.5D) AS median_absolute_percent_error,
        avg(percent_error) AS mean_percent_error,
        count_if(verdict = 'PASS') AS passed,
        count_if(verdict = 'WARN') AS warned,
        count_if(verdict = 'FAIL') AS failed,
        count_if(rivals > 1 AND absolute_error = least_error) AS wins,
        count_if(rivals > 1) AS contested
      FROM (
        SELECT *, count(*) OVER same AS rivals, min(absolute_error) OVER same AS least_error
        FROM fidelity_cell
        WINDOW same AS (PARTITION BY matrix_id, case_name, basis, metric, statistic))
      GROUP BY matrix_id, simulator, metric
      """),
  NOISE_FLOOR(
      NoiseFloorRow.class,
      "One row per case, metric and statistic of a fidelity matrix: how far measured runs of the same"
          + " load are from each other.",
      """
      SELECT matrix_id, case_name, metric, statistic,
        max(repeats) AS repeats,
        max(spread_percent) AS spread_percent,
        max(floor_percent) AS floor_percent,
        max_by(floor, coalesce(floor_percent, -1)) AS floor
      FROM fidelity_cell
      GROUP BY matrix_id, case_name, metric, statistic
      """),
  FIDELITY_HISTORY(
      FidelityHistoryRow.class,
      "One row per cell of every fidelity matrix, with the same cell of the matrix of the same name"
          + " before it.",
      """
      SELECT m.name, m.commit, m.made_at, m.matrix_id, c.case_name, c.simulator, c.model,
        c.model_kind, c.device, c.basis, c.metric, c.statistic, c.percent_error, c.verdict,
        m.previous_commit,
        p.percent_error AS previous_percent_error,
        c.percent_error - p.percent_error AS moved_percent_points,
        CASE
          WHEN c.percent_error IS NULL OR p.percent_error IS NULL THEN NULL
          WHEN c.percent_error < coalesce(p.percent_error_low, p.percent_error - 1e-6D)
            OR c.percent_error > coalesce(p.percent_error_high, p.percent_error + 1e-6D)
            THEN 'true'
          ELSE 'false'
        END AS moved_beyond_interval
      FROM (
        SELECT *, lag(matrix_id) OVER same AS previous_id, lag(commit) OVER same AS previous_commit
        FROM fidelity_matrix
        WINDOW same AS (PARTITION BY name ORDER BY made_at, matrix_id)) m
      JOIN fidelity_cell c ON c.matrix_id = m.matrix_id
      LEFT JOIN fidelity_cell p
        ON p.matrix_id = m.previous_id AND p.case_name = c.case_name
        AND p.simulator = c.simulator AND p.basis = c.basis AND p.metric = c.metric
        AND p.statistic = c.statistic
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
