-- Which simulator is closest to the measurements?
-- One row per simulator and metric over all comparisons, the closest first.
SELECT metric, simulator, comparisons,
  round(mean_absolute_percent_error, 1) AS mean_absolute_percent_error,
  round(worst_absolute_percent_error, 1) AS worst_absolute_percent_error, passed, failed
FROM comparison_summary
WHERE statistic = 'p50' AND metric IN ('ttft', 'tpot', 'e2e')
ORDER BY metric, mean_absolute_percent_error, simulator;
