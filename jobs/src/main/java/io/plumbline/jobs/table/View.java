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
  COMPARISON_SUMMARY(
      ComparisonSummaryRow.class,
      "One row per simulator, metric and statistic: how it fared in all runs of compare, whichever"
          + " measured runs these were. To rank simulators, take league_table.",
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
  KERNEL_ERROR(
      KernelErrorRow.class,
      "One row per kernel, metric and pair of tools: a simulator against counters of the device, or"
          + " another simulator against Accel-Sim on the same configuration; reference_origin says"
          + " which of the two. A mean where the reference was measured several times.",
      """
      WITH fact AS (
        SELECT origin, tool, device, configuration, program, kernel, position, 'cycles' AS metric,
          cycles AS value FROM kernel_timing WHERE cycles > 0
        UNION ALL
        SELECT origin, tool, device, configuration, program, kernel, position, 'warp_instructions',
          warp_instructions FROM kernel_timing WHERE warp_instructions > 0
        UNION ALL
        SELECT origin, tool, device, configuration, program, kernel, position, 'l1_read_hit_rate',
          l1_read_hit_rate FROM kernel_timing WHERE l1_read_hit_rate IS NOT NULL
        UNION ALL
        SELECT origin, tool, device, configuration, program, kernel, position, 'l2_read_hit_rate',
          l2_read_hit_rate FROM kernel_timing WHERE l2_read_hit_rate IS NOT NULL
        UNION ALL
        SELECT origin, tool, device, configuration, program, kernel, position, 'dram_utilization',
          dram_utilization FROM kernel_timing WHERE dram_utilization IS NOT NULL
      ), reference AS (
        SELECT origin, tool, device, configuration, program, kernel, position, metric,
          avg(value) AS value
        FROM fact WHERE origin = 'measured' OR tool = 'accel-sim'
        GROUP BY origin, tool, device, configuration, program, kernel, position, metric
      )
      SELECT r.origin AS reference_origin, r.tool AS reference_tool, s.tool AS simulated_tool,
        s.device, s.configuration, s.program, s.kernel, s.position, s.metric,
        r.value AS reference_value, s.value AS simulated_value,
        CASE WHEN r.value = 0 THEN NULL ELSE 100 * (s.value - r.value) / r.value END
          AS percent_error
      FROM reference r
      JOIN fact s
        ON s.origin = 'simulated' AND s.metric = r.metric
        AND s.device IS NOT DISTINCT FROM r.device
        AND s.program IS NOT DISTINCT FROM r.program
        AND (s.position = r.position
          OR ((s.position IS NULL OR r.position IS NULL) AND s.kernel = r.kernel))
        AND (r.origin = 'measured'
          OR (s.tool <> r.tool AND s.configuration IS NOT DISTINCT FROM r.configuration))
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
      """),
  LEAGUE_TABLE(
      LeagueTableRow.class,
      "One row per simulator and metric of a fidelity matrix: how far off it is in all of its cases,"
          + " and how often it is the closest. Cases differ between simulators: league_pair compares.",
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
  LEAGUE_PAIR(
      LeaguePairRow.class,
      "One row per simulator, rival and metric of a fidelity matrix: how far off both are in the cells"
          + " that both predict.",
      """
      SELECT a.matrix_id, a.simulator, b.simulator AS rival, a.metric,
        count(DISTINCT a.case_name) AS cases,
        count(*) AS cells,
        percentile(abs(a.percent_error), 0.5D) AS median_absolute_percent_error,
        percentile(abs(b.percent_error), 0.5D) AS rival_median_absolute_percent_error,
        count_if(a.absolute_error < b.absolute_error) AS closer,
        count_if(a.absolute_error > b.absolute_error) AS rival_closer
      FROM fidelity_cell a
      JOIN fidelity_cell b
        ON b.matrix_id = a.matrix_id AND b.case_name = a.case_name AND b.basis = a.basis
        AND b.metric = a.metric AND b.statistic = a.statistic AND b.simulator <> a.simulator
      GROUP BY a.matrix_id, a.simulator, b.simulator, a.metric
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
