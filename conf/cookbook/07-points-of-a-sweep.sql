-- What did every point of a sweep get done, and how long did its requests wait?
-- axes_json is what varies between the points.
SELECT sweep, position, axes_json, completed,
  round(throughput_requests_per_second, 3) AS requests_per_second,
  round(ttft_p99_ns / 1e6, 1) AS ttft_p99_ms, round(tpot_p99_ns / 1e6, 2) AS tpot_p99_ms
FROM sweep_result
ORDER BY sweep, position;
