-- Which runs are there, and how did their requests end?
-- A run is simulated or measured; run_id is what every other table is joined by.
SELECT origin, run_id, engine, model, device, requests, completed, rejected, unfinished, failed
FROM run
ORDER BY origin, run_id;
