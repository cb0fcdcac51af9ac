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
  RUN_LATENCY(
      RunLatencyRow.class,
      "One row per run: percentiles of its requests, exact and linearly interpolated.",
      """
      SELECT origin, run_id, count(*) AS requests,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY ttft_ns) AS ttft_p50_ns,
        percentile_cont(0.9) WITHIN GROUP (ORDER BY ttft_ns) AS ttft_p90_ns,
        percentile_cont(0.99) WITHIN GROUP (ORDER BY ttft_ns) AS ttft_p99_ns,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY tpot_ns) AS tpot_p50_ns,
        percentile_cont(0.9) WITHIN GROUP (ORDER BY tpot_ns) AS tpot_p90_ns,
        percentile_cont(0.99) WITHIN GROUP (ORDER BY tpot_ns) AS tpot_p99_ns,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY e2e_ns) AS e2e_p50_ns,
        percentile_cont(0.9) WITHIN GROUP (ORDER BY e2e_ns) AS e2e_p90_ns,
        percentile_cont(0.99) WITHIN GROUP (ORDER BY e2e_ns) AS e2e_p99_ns,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY queueing_ns) AS queueing_p50_ns,
        percentile_cont(0.9) WITHIN GROUP (ORDER BY queueing_ns) AS queueing_p90_ns,
        percentile_cont(0.99) WITHIN GROUP (ORDER BY queueing_ns) AS queueing_p99_ns
      FROM request_timing
      GROUP BY origin, run_id
      """),
  SWEEP_RESULT(
      SweepResultRow.class,
      "One row per finished point of a sweep: what varied, what it got done, how long that took.",
      """
      SELECT s.sweep, s.position, s.axes_json, s.run_id, r.model, r.device, r.scheduler, r.predictor,
        CAST(r.replicas * r.tensor_parallel * r.pipeline_parallel AS BIGINT) AS devices,
        r.completed, r.rejected, r.unfinished,
        r.throughput_requests_per_second, r.throughput_tokens_per_second,
        r.throughput_tokens_per_second
          / (r.replicas * r.tensor_parallel * r.pipeline_parallel) AS tokens_per_second_per_device,
        l.ttft_p50_ns, l.ttft_p99_ns, l.tpot_p50_ns, l.tpot_p99_ns, l.e2e_p50_ns, l.e2e_p99_ns,
        l.queueing_p99_ns, r.extrapolated_fraction
      FROM sweep_point s
      JOIN run r ON r.run_id = s.run_id
      LEFT JOIN run_latency l ON l.origin = r.origin AND l.run_id = r.run_id
      """),
  COMPARED_ERROR(
      ComparedErrorRow.class,
      "One row per metric and statistic of a comparison, with the names of both sides.",
      """
      SELECT e.comparison_id, e.reference_run_id, e.simulated_run_id,
        coalesce(m.label, m.engine) AS reference,
        CASE WHEN s.predictor IS NULL THEN s.engine
          ELSE concat(s.engine, ', ', s.predictor) END AS simulator,
        m.model, m.device, e.metric, e.statistic, e.reference_ns, e.simulated_ns, e.percent_error,
        e.verdict
      FROM error_summary e
      LEFT JOIN run m ON m.run_id = e.reference_run_id
      LEFT JOIN run s ON s.run_id = e.simulated_run_id
      """),
  COMPARISON_LEAGUE(
      ComparisonLeagueRow.class,
      "One row per simulator, metric and statistic: how it fared in all comparisons.",
      """
      SELECT simulator, metric, statistic,
        count(*) AS comparisons,
        avg(abs(percent_error)) AS mean_absolute_percent_error,
        avg(percent_error) AS mean_percent_error,
        max(abs(percent_error)) AS worst_absolute_percent_error,
        count_if(verdict = 'PASS') AS passed,
        count_if(verdict = 'WARN') AS warned,
        count_if(verdict = 'FAIL') AS failed
      FROM compared_error
      GROUP BY simulator, metric, statistic
      """),
  KV_PRESSURE(
      KvPressureRow.class,
      "One row per run: how full its KV cache was, and what it cost its requests.",
      """
      SELECT q.origin, q.run_id, coalesce(u.replicas, 0) AS replicas, u.kv_mean_percent,
        u.kv_max_percent, q.preempted_requests, q.preemptions, q.queueing_p99_ns
      FROM (
        SELECT origin, run_id, count_if(preemptions > 0) AS preempted_requests,
          CAST(sum(preemptions) AS BIGINT) AS preemptions,
          percentile_cont(0.99) WITHIN GROUP (ORDER BY queueing_ns) AS queueing_p99_ns
        FROM request_timing GROUP BY origin, run_id
      ) q
      LEFT JOIN (
        SELECT origin, run_id, count(*) AS replicas, avg(mean_percent) AS kv_mean_percent,
          max(max_percent) AS kv_max_percent
        FROM utilization WHERE metric = 'memory' GROUP BY origin, run_id
      ) u ON u.origin = q.origin AND u.run_id = q.run_id
      """),
  OPERATOR_SHARE(
      OperatorShareRow.class,
      "One row per operator of a run that recorded operators: what it took of the run's time.",
      """
      SELECT origin, run_id, operator, calls, total_ns,
        100 * total_ns / nullif(sum(total_ns) OVER (PARTITION BY origin, run_id), 0)
          AS share_percent
      FROM (
        SELECT origin, run_id, operator, CAST(sum(calls) AS BIGINT) AS calls,
          sum(call_ns * calls) AS total_ns
        FROM operator_time GROUP BY origin, run_id, operator
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
