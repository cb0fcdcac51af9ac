-- Which operators cost most?
-- Of runs that recorded operators ("recording: operators").
SELECT run_id, operator, calls, round(total_ns / 1e6, 3) AS total_ms, round(share_percent, 1) AS share_percent
FROM operator_share
WHERE total_ns > 0
ORDER BY run_id, total_ns DESC, operator
LIMIT 20;
