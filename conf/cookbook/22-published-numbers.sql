-- What have others published for a model and device?
-- Points of run_summary, measured ones beside simulated ones.
SELECT model, device, engine, origin, metric, statistic, count(*) AS points,
  round(min(value) / 1e6, 3) AS lowest_ms, round(max(value) / 1e6, 3) AS highest_ms
FROM run_summary
WHERE unit = 'ns'
GROUP BY model, device, engine, origin, metric, statistic
ORDER BY model, device, engine, origin, metric, statistic;
