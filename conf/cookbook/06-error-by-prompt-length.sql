-- Does the error grow with the length of the prompt?
-- Mean and extremes of the percent error, by prompts of 16 tokens and more, 32 and more, and so on.
SELECT e.simulated_run_id, e.metric,
  CAST(power(2, floor(log2(greatest(t.prompt_tokens, 1)))) AS BIGINT) AS prompt_tokens_from,
  count(*) AS requests, round(avg(100 * e.relative_error), 1) AS mean_percent_error,
  round(min(100 * e.relative_error), 1) AS lowest, round(max(100 * e.relative_error), 1) AS highest
FROM request_error e
JOIN request_timing t ON t.run_id = e.reference_run_id AND t.request_id = e.request_id
GROUP BY e.simulated_run_id, e.metric, prompt_tokens_from
ORDER BY e.simulated_run_id, e.metric, prompt_tokens_from;
