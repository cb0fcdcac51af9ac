-- What share of its iterations does a run wait for the host?
-- Simulated runs state host_ns; measured ones have it as what is not forward.
SELECT origin, run_id, count(*) AS iterations, round(sum(duration_ns) / 1e6, 3) AS busy_ms,
  round(100.0 * sum(coalesce(host_ns, duration_ns - forward_ns)) / sum(duration_ns), 1) AS host_percent
FROM iteration_timing
GROUP BY origin, run_id
ORDER BY origin, run_id;
