-- What is the time of a request made of?
-- Means in ms: waiting, prefill, decode.
SELECT origin, run_id, count(*) AS requests,
  round(avg(queueing_ns) / 1e6, 3) AS queueing_ms,
  round(avg(first_token_ns - scheduled_ns) / 1e6, 3) AS prefill_ms,
  round(avg(end_ns - first_token_ns) / 1e6, 3) AS decode_ms,
  round(avg(e2e_ns) / 1e6, 3) AS e2e_ms
FROM request_timing
WHERE outcome = 'COMPLETED'
GROUP BY origin, run_id
ORDER BY origin, run_id;
