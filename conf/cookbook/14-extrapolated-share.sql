-- How much of a prediction lies outside of what was measured?
-- A share of 0.3 means that the profile was asked for sizes that it does not have for 30 % of the time.
SELECT run_id, model, device, predictor, round(extrapolated_fraction, 4) AS extrapolated_fraction
FROM run
WHERE origin = 'simulated'
ORDER BY extrapolated_fraction DESC NULLS LAST, run_id;
