-- Which single requests does the simulator miss by most?
-- With their lengths, which is where to look first.
SELECT e.simulated_run_id, e.request_id, t.prompt_tokens, t.output_tokens,
  round(e.reference_ns / 1e6, 3) AS measured_ms, round(e.simulated_ns / 1e6, 3) AS simulated_ms,
  round(100 * e.relative_error, 1) AS percent_error
FROM request_error e
JOIN request_timing t ON t.run_id = e.reference_run_id AND t.request_id = e.request_id
WHERE e.metric = 'ttft' AND e.relative_error IS NOT NULL
ORDER BY abs(e.relative_error) DESC, e.simulated_run_id, e.request_id
LIMIT 10;
