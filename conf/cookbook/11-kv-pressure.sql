-- How full is the KV cache, and what does that cost?
-- A full cache with preemptions means recomputed prompts and a tail that no kernel explains.
SELECT run_id, round(kv_mean_percent, 1) AS kv_mean_percent, round(kv_max_percent, 1) AS kv_max_percent,
  preempted_requests, preemptions, round(queueing_p99_ns / 1e6, 1) AS queueing_p99_ms
FROM kv_pressure
WHERE kv_max_percent IS NOT NULL
ORDER BY kv_max_percent DESC, run_id;
