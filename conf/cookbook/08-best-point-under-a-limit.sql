-- Which point has the highest throughput with a P99 TTFT under 2 s and a P99 TPOT under 100 ms?
-- Points that left requests behind do not count: their times are those of the survivors.
SELECT sweep, axes_json, round(throughput_tokens_per_second, 1) AS tokens_per_second,
  round(ttft_p99_ns / 1e6, 1) AS ttft_p99_ms, round(tpot_p99_ns / 1e6, 2) AS tpot_p99_ms
FROM sweep_result
WHERE ttft_p99_ns < 2e9 AND tpot_p99_ns < 1e8 AND rejected = 0 AND unfinished = 0
ORDER BY throughput_tokens_per_second DESC, sweep, axes_json
LIMIT 5;
