-- What share of requests keeps TTFT under 25 ms and TPOT under 50 ms?
-- Requests that did not complete broke the limit.
SELECT origin, run_id, count(*) AS requests,
  round(100.0 * count_if(outcome = 'COMPLETED' AND ttft_ns <= 25e6 AND coalesce(tpot_ns, 0) <= 50e6)
    / count(*), 1) AS kept_percent
FROM request_timing
GROUP BY origin, run_id
ORDER BY origin, run_id;
