-- What do measured operators cost on which device?
-- Of profiles that were ingested; the fastest and slowest size of each.
SELECT device, operator, dtype, count(*) AS sizes,
  round(min(time_ns) / 1e3, 2) AS fastest_us, round(max(time_ns) / 1e3, 2) AS slowest_us
FROM operator_timing
GROUP BY device, operator, dtype
ORDER BY device, operator, dtype;
