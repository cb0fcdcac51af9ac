package io.plumbline.jobs.fidelity;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/**
 * Published points of a grid, measured and simulated side by side, as the temporary view {@code
 * fidelity_point}: one row per measured point, simulator, metric and statistic that both have.
 *
 * <p>Points pair by deployment and load where the file names devices, else by name: a prediction of
 * ours names its point, and what others published pairs by the part of the name before its last
 * slash. A run that a source has in several files counts once. A simulator that does not say how
 * many requests it ran is held against every measured number of them.
 */
final class GridPoints {
  /** Name of the view. */
  static final String VIEW = "fidelity_point";

  private static final String SIDE =
      """
      SELECT point_id, point, model, metric, statistic, unit, value, requests,
        coalesce(get_json_object(spec_json, '$.simulator'),
          concat_ws(' ', engine, nullif(regexp_extract(point, '^(.*)/qps[0-9.]+/', 1), '')))
          AS simulator,
        get_json_object(spec_json, '$.measured') AS measured_point,
        %s AS device,
        request_rate_per_second AS rate,
        concat('R', replicas, '-TP', tensor_parallel, '-PP', pipeline_parallel) AS configuration,
        devices AS gpus,
        regexp_replace(point, '/[^/]*$', '') AS setup,
        regexp_extract(point, '[^/]*$', 0) AS run
      FROM run_summary
      WHERE source_id IN (%s) AND origin = '%s'""";

  private static final String BY_DEPLOYMENT =
      """
      SELECT m.*, s.simulator AS simulated_by, s.point_id AS simulated_point_id,
        s.value AS simulated_value
      FROM (%s) m
      JOIN (%s) s
        ON s.device = m.device AND s.model = m.model AND s.configuration = m.configuration
        AND s.rate = m.rate AND s.metric = m.metric AND s.statistic = m.statistic
        AND coalesce(s.requests, m.requests) <=> m.requests""";

  /** Each run of a side once, in whichever files it is; ours are runs of what they predict. */
  private static final String ONCE =
      """
      SELECT * FROM (
        SELECT *, row_number() OVER (
            PARTITION BY device, model, configuration, rate, requests, %s, metric, statistic
            ORDER BY point) AS copy
        FROM (%s) WHERE rate IS NOT NULL AND device IS NOT NULL)
      WHERE copy = 1""";

  private static final String BY_NAME =
      """
      SELECT m.*, s.simulator AS simulated_by, s.point_id AS simulated_point_id,
        s.value AS simulated_value
      FROM (SELECT *, explode(array_distinct(array(point, setup))) AS pair_name FROM (%s)) m
      JOIN (SELECT *, coalesce(measured_point, setup) AS pair_name FROM (%s)) s
        ON s.pair_name = m.pair_name AND s.metric = m.metric AND s.statistic = m.statistic""";

  private GridPoints() {}

  /** Registers the view for a grid whose sources are in the tables. */
  static void register(SparkSession spark, FidelityFile.Grid grid, List<String> sourceIds) {
    String in = sourceIds.stream().map(GridPoints::quoted).collect(Collectors.joining(", "));
    String device = device(grid.devices());
    String measured = SIDE.formatted(device, in, "measured");
    String simulated = SIDE.formatted(device, in, "simulated");
    String joined =
        grid.devices().isEmpty()
            ? BY_NAME.formatted(measured, simulated)
            : BY_DEPLOYMENT.formatted(
                ONCE.formatted("run", measured),
                ONCE.formatted("simulator, coalesce(measured_point, run)", simulated));
    spark.sql(joined).createOrReplaceTempView(VIEW);
  }

  /** Both sides' names of a device as that of the file. */
  private static String device(List<FidelityFile.GridDevice> devices) {
    if (devices.isEmpty()) {
      return "device";
    }
    return devices.stream()
        .map(device -> "WHEN contains(device, %1$s) THEN %1$s".formatted(quoted(device.called())))
        .collect(Collectors.joining(" ", "CASE ", " END"));
  }

  static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
