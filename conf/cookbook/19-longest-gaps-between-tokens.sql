-- Where did a stream stall?
-- The longest gaps between two tokens, which TPOT hides in a mean.
SELECT origin, run_id, request_id, token_index, round(tbt_ns / 1e6, 3) AS gap_ms
FROM token_timing
WHERE tbt_ns IS NOT NULL
ORDER BY tbt_ns DESC, origin, run_id, request_id, token_index
LIMIT 5;
