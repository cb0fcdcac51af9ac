package io.plumbline.jobs.attribution;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What a run's iterations take. Numbers are null where there are none of the kind, or too few to
 * say.
 *
 * @param decodes iterations of decodes alone
 * @param decodeNanos median of them
 * @param decodeHostNanos median of the host's part in them; null if the run does not split them
 * @param nanosPerDecode by which one more request in the batch makes them longer: slope of a line
 * @param fewDecodes batch size that 10 % of them do not exceed
 * @param manyDecodes batch size that 90 % of them do not exceed
 * @param prefills iterations with prompt tokens
 * @param nanosPerPromptToken likewise of their prompt tokens
 * @param nanosPerPrefill what the same line has for none
 */
record Iterations(
    long decodes,
    Double decodeNanos,
    Double decodeHostNanos,
    Double nanosPerDecode,
    Double fewDecodes,
    Double manyDecodes,
    long prefills,
    Double nanosPerPromptToken,
    Double nanosPerPrefill) {

  private static final String SQL =
      """
      SELECT count_if(prefill_tokens = 0),
        percentile(duration_ns, 0.5D) FILTER (WHERE prefill_tokens = 0),
        percentile(%s, 0.5D) FILTER (WHERE prefill_tokens = 0),
        regr_slope(duration_ns, batch_size) FILTER (WHERE prefill_tokens = 0),
        percentile(batch_size, 0.1D) FILTER (WHERE prefill_tokens = 0),
        percentile(batch_size, 0.9D) FILTER (WHERE prefill_tokens = 0),
        count_if(prefill_tokens > 0),
        regr_slope(duration_ns, prefill_tokens) FILTER (WHERE prefill_tokens > 0),
        regr_intercept(duration_ns, prefill_tokens) FILTER (WHERE prefill_tokens > 0)
      FROM iteration_timing WHERE run_id = '%s' AND stage = 0""";

  static Iterations of(SparkSession spark, String runId) {
    Row row = spark.sql(SQL.formatted(PartsSql.HOST_NANOS, runId)).head();
    return new Iterations(
        row.getLong(0),
        number(row, 1),
        number(row, 2),
        number(row, 3),
        number(row, 4),
        number(row, 5),
        row.getLong(6),
        number(row, 7),
        number(row, 8));
  }

  private static Double number(Row row, int column) {
    return row.isNullAt(column) ? null : ((Number) row.get(column)).doubleValue();
  }
}
