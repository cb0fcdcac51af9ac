-- What load does each configuration carry with a P99 TTFT under 2 s?
-- The highest throughput among the points that keep the limit: a grid answers no better than its steps.
SELECT sweep, device, scheduler, devices,
  max(CASE WHEN ttft_p99_ns < 2e9 AND rejected = 0 AND unfinished = 0
    THEN throughput_requests_per_second END) AS requests_per_second_kept,
  count(*) AS points
FROM sweep_result
GROUP BY sweep, device, scheduler, devices
ORDER BY sweep, device, scheduler, devices;
