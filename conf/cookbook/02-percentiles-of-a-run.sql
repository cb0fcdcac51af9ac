-- What are the percentiles of TTFT, TPOT and E2E of every run?
-- In milliseconds; exact, linearly interpolated, over the requests that have the metric.
SELECT origin, run_id, requests,
  round(ttft_p50_ns / 1e6, 3) AS ttft_p50_ms, round(ttft_p99_ns / 1e6, 3) AS ttft_p99_ms,
  round(tpot_p50_ns / 1e6, 3) AS tpot_p50_ms, round(tpot_p99_ns / 1e6, 3) AS tpot_p99_ms,
  round(e2e_p50_ns / 1e6, 3) AS e2e_p50_ms, round(e2e_p99_ns / 1e6, 3) AS e2e_p99_ms
FROM run_latency
ORDER BY origin, run_id;
