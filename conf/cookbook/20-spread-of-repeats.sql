-- How far are repeats of a measurement from each other?
-- An error smaller than this spread says nothing about a simulator.
SELECT r.label, count(*) AS repeats,
  round(min(l.ttft_p50_ns) / 1e6, 3) AS lowest_ttft_p50_ms,
  round(max(l.ttft_p50_ns) / 1e6, 3) AS highest_ttft_p50_ms,
  round(100 * (max(l.ttft_p50_ns) - min(l.ttft_p50_ns)) / avg(l.ttft_p50_ns), 1) AS spread_percent
FROM run r
JOIN run_latency l ON l.origin = r.origin AND l.run_id = r.run_id
WHERE r.origin = 'measured' AND r.label IS NOT NULL
GROUP BY r.label
HAVING count(*) > 1
ORDER BY r.label;
