-- How big are the batches, and how long do they take?
-- Of runs that recorded iterations; a batch counts once, however many stages it passed.
SELECT origin, run_id, batch_size, count(*) AS batches,
  round(avg(batch_num_tokens), 1) AS mean_tokens,
  round(avg(batch_execution_time_ns) / 1e6, 3) AS mean_ms
FROM batch_metric
GROUP BY origin, run_id, batch_size
ORDER BY origin, run_id, batch_size;
