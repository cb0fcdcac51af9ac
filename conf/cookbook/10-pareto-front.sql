-- Which points are not beaten in both tokens/s per device and P99 TPOT?
-- Anything else is worse in one and no better in the other.
SELECT p.sweep, p.axes_json, round(p.tokens_per_second_per_device, 1) AS tokens_per_second_per_device,
  round(p.tpot_p99_ns / 1e6, 2) AS tpot_p99_ms
FROM sweep_result p
WHERE NOT EXISTS (
  SELECT 1 FROM sweep_result q
  WHERE q.sweep = p.sweep
    AND q.tokens_per_second_per_device >= p.tokens_per_second_per_device
    AND q.tpot_p99_ns <= p.tpot_p99_ns
    AND (q.tokens_per_second_per_device > p.tokens_per_second_per_device
      OR q.tpot_p99_ns < p.tpot_p99_ns))
ORDER BY p.sweep, p.tokens_per_second_per_device DESC, p.axes_json;
