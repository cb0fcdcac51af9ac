-- How many prompt tokens did the prefix cache save?
-- Prompt tokens less those that iterations really processed; below 0 preemptions made some twice.
SELECT p.run_id, p.prompt_tokens, d.prefilled_tokens,
  p.prompt_tokens - d.prefilled_tokens AS saved_tokens,
  round(100.0 * (p.prompt_tokens - d.prefilled_tokens) / p.prompt_tokens, 1) AS saved_percent
FROM (
  SELECT t.run_id, CAST(sum(t.prompt_tokens) AS BIGINT) AS prompt_tokens
  FROM request_timing t WHERE t.outcome = 'COMPLETED' GROUP BY t.run_id) p
JOIN (
  SELECT q.run_id, CAST(sum(q.prefill_tokens) AS BIGINT) AS prefilled_tokens
  FROM iteration_request q
  JOIN request_timing t ON t.run_id = q.run_id AND t.request_id = q.request_id
  WHERE t.outcome = 'COMPLETED' GROUP BY q.run_id) d ON d.run_id = p.run_id
ORDER BY p.run_id;
