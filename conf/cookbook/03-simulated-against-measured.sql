-- How far is each simulated run off its measurement?
-- Percent error of the medians and tails; below 0 the simulator is too fast.
SELECT reference, simulator, metric, statistic,
  round(reference_ns / 1e6, 3) AS measured_ms, round(simulated_ns / 1e6, 3) AS simulated_ms,
  round(percent_error, 1) AS percent_error, verdict
FROM compared_error
WHERE statistic IN ('p50', 'p99') AND metric IN ('ttft', 'tpot', 'e2e')
ORDER BY reference, simulator, metric, statistic;
