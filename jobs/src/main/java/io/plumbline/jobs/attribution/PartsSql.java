package io.plumbline.jobs.attribution;

/**
 * How a request's time is split, as SQL over the view {@code attributed_request}: completed
 * requests of the runs at hand. Each gives run_id, request_id, part, ns.
 */
final class PartsSql {
  static final String BY_TOKENS =
      """
      SELECT run_id, request_id, stack(2,
        'first_token', CAST(first_token_ns - arrival_ns AS DOUBLE),
        'decode', CAST(end_ns - first_token_ns AS DOUBLE)) AS (part, ns)
      FROM attributed_request""";

  static final String BY_REQUESTS =
      """
      SELECT run_id, request_id, stack(3,
        'queueing', CAST(scheduled_ns - arrival_ns AS DOUBLE),
        'prefill', CAST(first_token_ns - scheduled_ns AS DOUBLE),
        'decode', CAST(end_ns - first_token_ns AS DOUBLE)) AS (part, ns)
      FROM attributed_request""";

  /**
   * The part of an iteration that is not a forward pass on the devices: scheduling, inputs,
   * sampling, results; null where a run does not split its iterations.
   */
  static final String HOST_NANOS = "coalesce(duration_ns - forward_ns, host_ns)";

  /** A replica's iterations, and how long its devices were busy before each. */
  private static final String ITERATION =
      """
      iteration AS (
        SELECT *, coalesce(sum(device_ns) OVER (PARTITION BY run_id, replica
          ORDER BY start_ns, iteration ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
          AS device_before
        FROM (
          SELECT run_id, replica, iteration, start_ns, duration_ns,
            duration_ns - coalesce(%s, 0) AS device_ns
          FROM iteration_timing WHERE run_id IN (SELECT run_id FROM attributed_request)))"""
          .formatted(HOST_NANOS);

  /**
   * Moments of requests; of those that were preempted, those of their tokens as well, which tell
   * iterations with them from iterations without.
   */
  private static final String MOMENT =
      """
      moment AS (
        SELECT run_id, replica, request_id, stack(3,
          'scheduled', scheduled_ns, 'first', first_token_ns, 'end', end_ns) AS (moment, at_ns)
        FROM attributed_request
        UNION ALL
        SELECT r.run_id, r.replica, r.request_id, 'token', t.token_ns
        FROM attributed_request r
        JOIN token_timing t ON t.run_id = r.run_id AND t.request_id = r.request_id
        WHERE r.preemptions > 0)""";

  /**
   * The last iteration that began before each moment. One that begins at the very moment has done
   * nothing yet, and a token that is there when an iteration ends is that iteration's.
   */
  private static final String AS_OF =
      """
      as_of AS (
        SELECT run_id, replica, request_id, moment, at_ns,
          last_value(start_ns, true) OVER until AS start_ns,
          last_value(duration_ns, true) OVER until AS duration_ns,
          last_value(device_ns, true) OVER until AS device_ns,
          last_value(device_before, true) OVER until AS device_before
        FROM (
          SELECT run_id, replica, NULL AS request_id, NULL AS moment, start_ns AS at_ns, 1 AS kind,
            start_ns, duration_ns, device_ns, device_before
          FROM iteration
          UNION ALL
          SELECT run_id, replica, request_id, moment, at_ns, 0, NULL, NULL, NULL, NULL
          FROM moment)
        WINDOW until AS (PARTITION BY run_id, replica ORDER BY at_ns, kind
          ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW))""";

  /**
   * How long the replica's devices were busy until each moment, and in the last iteration alone.
   */
  private static final String BUSY =
      """
      busy AS (
        SELECT run_id, request_id, moment, at_ns,
          coalesce(device_before + passed * device_ns, 0D) AS until_ns,
          coalesce(passed * device_ns, 0D) AS of_last_ns
        FROM (
          SELECT *, CASE WHEN duration_ns > 0
            THEN least(1D, (at_ns - start_ns) / duration_ns) ELSE 1D END AS passed
          FROM as_of)
        WHERE moment IS NOT NULL)""";

  /**
   * Moments of a request side by side, and the time between two of its tokens that more than one
   * iteration lies between: no tokens, none.
   */
  private static final String SPAN =
      """
      span AS (
        SELECT run_id, request_id,
          max(until_ns) FILTER (WHERE moment = 'scheduled') AS device_scheduled,
          max(until_ns) FILTER (WHERE moment = 'first') AS device_first,
          max(until_ns) FILTER (WHERE moment = 'end') AS device_end,
          coalesce(sum(until_ns - last_ns) FILTER (WHERE moment = 'token'
            AND until_ns - last_ns - of_last_ns > 1), 0D) AS preempted_ns
        FROM (
          SELECT *, lag(until_ns) OVER (
            PARTITION BY run_id, request_id, moment ORDER BY at_ns) AS last_ns
          FROM busy)
        GROUP BY run_id, request_id)""";

  static final String BY_ITERATIONS =
      """
      WITH %s, %s, %s, %s, %s
      SELECT run_id, request_id, stack(5,
        'queueing', queueing_ns, 'prefill', prefill_ns, 'decode', decode_ns - preempted_ns,
        'preemption', preempted_ns, 'host', served_ns - prefill_ns - decode_ns) AS (part, ns)
      FROM (
        SELECT r.run_id, r.request_id,
          CAST(r.scheduled_ns - r.arrival_ns AS DOUBLE) AS queueing_ns,
          CAST(r.end_ns - r.scheduled_ns AS DOUBLE) AS served_ns,
          s.device_first - s.device_scheduled AS prefill_ns,
          s.device_end - s.device_first AS decode_ns,
          least(s.preempted_ns, s.device_end - s.device_first) AS preempted_ns
        FROM attributed_request r
        JOIN span s ON s.run_id = r.run_id AND s.request_id = r.request_id)"""
          .formatted(ITERATION, MOMENT, AS_OF, BUSY, SPAN);

  private PartsSql() {}
}
