-- The point with the highest throughput whose P99 TTFT stays under 2 s, and its neighbours.
WITH point AS (
  SELECT
    p.axes_json,
    r.throughput_tokens_per_second AS tokens_per_second,
    percentile(t.ttft_ns, 0.99) / 1e9 AS ttft_p99_s,
    percentile(t.tpot_ns, 0.99) / 1e6 AS tpot_p99_ms
  FROM sweep_point p JOIN run r USING (run_id) JOIN request_timing t USING (run_id)
  WHERE p.sweep = 'azure-conv-llama2-70b-a100' AND r.completed = r.requests
  GROUP BY p.axes_json, r.throughput_tokens_per_second
)
SELECT
  axes_json,
  round(tokens_per_second, 1) AS tokens_per_second,
  round(ttft_p99_s, 3) AS ttft_p99_s,
  round(tpot_p99_ms, 1) AS tpot_p99_ms
FROM point
WHERE ttft_p99_s < 2
ORDER BY tokens_per_second DESC
LIMIT 5
