package io.plumbline.jobs.fidelity;

import io.plumbline.jobs.card.DeviceCard;
import io.plumbline.jobs.card.HardwareCards;
import io.plumbline.jobs.table.DecisionFidelityRow;
import io.plumbline.jobs.table.RecordSchema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Would a simulator have led to the same configuration? Kendall's tau of both rankings, regret of
 * the simulator's pick in latency, GPUs and dollars, agreement on a service level, and how far the
 * load is off up to which a configuration keeps it. All of it is SQL over {@code fidelity_point}.
 *
 * @see <a href="https://doi.org/10.1093/biomet/33.3.239">Kendall, The treatment of ties in ranking
 *     problems, 1945</a>
 */
final class Decisions {
  private static final StructType PRICE =
      new StructType()
          .add("priced_device", DataTypes.StringType)
          .add("dollars_per_gpu_hour", DataTypes.DoubleType);

  /** Of one metric and statistic; a simulator's several values of one point are averaged. */
  private static final String RANKED =
      """
      SELECT simulated_by AS simulator, device, model, rate, requests, configuration,
        first(gpus) AS gpus, first(gpus) * first(dollars_per_gpu_hour) AS dollars,
        avg(value) AS real, avg(simulated_value) AS predicted
      FROM fidelity_point LEFT JOIN fidelity_price ON priced_device = device
      WHERE metric = %s AND statistic = %s
      GROUP BY ALL""";

  private static final String TAU =
      """
      SELECT a.simulator, a.device, a.model, a.rate, a.requests,
        sum(signum(a.real - b.real) * signum(a.predicted - b.predicted)) AS score,
        count(*) AS pairs,
        count_if(a.real <> b.real) AS untied_real,
        count_if(a.predicted <> b.predicted) AS untied_predicted
      FROM ranked a JOIN ranked b
        ON a.simulator = b.simulator AND a.device = b.device AND a.model = b.model
        AND a.rate = b.rate AND a.requests <=> b.requests AND a.configuration < b.configuration
      GROUP BY ALL""";

  /** %1$s: the limit in ns, or NULL. Ties go to fewer GPUs, then to the name. */
  private static final String LOADS =
      """
      WITH ranked AS (%3$s), tau AS (%4$s),
      load AS (
        SELECT simulator, device, model, rate, requests, count(*) AS configurations,
          min_by(struct(configuration, real, predicted, gpus, dollars),
            struct(predicted, gpus, configuration)) AS pick,
          min_by(struct(configuration, real, predicted, gpus, dollars),
            struct(real, gpus, configuration)) AS best,
          100 * avg(abs(predicted / real - 1)) AS mape,
          100 * avg(CAST((real <= %1$s) = (predicted <= %1$s) AS DOUBLE)) AS agreement,
          min_by(struct(configuration, real, gpus, dollars), struct(gpus, predicted, configuration))
            FILTER (WHERE predicted <= %1$s) AS cheap_pick,
          min_by(struct(configuration, real, gpus, dollars), struct(gpus, real, configuration))
            FILTER (WHERE real <= %1$s) AS cheap
        FROM ranked GROUP BY ALL)
      SELECT '' AS matrix_id, %2$s, l.simulator, l.device, l.model,
        l.rate AS request_rate_per_second, l.requests, %5$s,
        CAST(configurations AS INT) AS configurations,
        score / sqrt(CAST(untied_real AS DOUBLE) * nullif(untied_predicted, 0)) AS kendall_tau_b,
        score / pairs AS kendall_tau_a,
        pick.configuration AS pick, best.configuration AS best,
        100 * (pick.real / best.real - 1) AS latency_regret_percent,
        mape AS mean_absolute_percent_error,
        CAST(%1$s AS DOUBLE) AS slo_limit_ns,
        agreement AS slo_agreement_percent,
        cheap_pick.configuration AS cheapest_pick, cheap.configuration AS cheapest,
        cheap_pick.gpus - cheap.gpus AS gpu_regret,
        cheap_pick.dollars - cheap.dollars AS dollars_per_hour_regret,
        IF(cheap_pick IS NULL, NULL, IF(cheap_pick.real <= %1$s, 'kept', 'missed'))
          AS cheapest_pick_outcome,
        CAST(NULL AS DOUBLE) AS knee_error_percent,
        CAST(NULL AS DOUBLE) AS knee_signed_error_percent
      FROM load l LEFT JOIN tau t
        ON t.simulator = l.simulator AND t.device = l.device AND t.model = l.model
        AND t.rate = l.rate AND t.requests <=> l.requests
      WHERE configurations > 1
      ORDER BY l.simulator, l.device, l.model, l.rate, l.requests""";

  /**
   * A knee is the highest load at which the limit is kept, as long as it is kept at all lower
   * loads. Loads of different numbers of requests are averaged first.
   */
  private static final String KNEES =
      """
      WITH ranked AS (%3$s),
      by_load AS (
        SELECT simulator, device, model, configuration, rate, avg(real) AS real,
          avg(predicted) AS predicted
        FROM ranked GROUP BY ALL),
      kept AS (
        SELECT *,
          bool_and(real <= %1$s) OVER up AS real_kept,
          bool_and(predicted <= %1$s) OVER up AS predicted_kept
        FROM by_load
        WINDOW up AS (
          PARTITION BY simulator, device, model, configuration ORDER BY rate
          ROWS UNBOUNDED PRECEDING)),
      knee AS (
        SELECT simulator, device, model, configuration,
          max(rate) FILTER (WHERE real_kept) AS real_knee,
          coalesce(max(rate) FILTER (WHERE predicted_kept), 0) AS predicted_knee
        FROM kept GROUP BY ALL)
      SELECT '' AS matrix_id, %2$s, simulator, device, model,
        CAST(NULL AS DOUBLE) AS request_rate_per_second, CAST(NULL AS INT) AS requests, %5$s,
        CAST(count(*) AS INT) AS configurations,
        CAST(NULL AS DOUBLE) AS kendall_tau_b, CAST(NULL AS DOUBLE) AS kendall_tau_a,
        CAST(NULL AS STRING) AS pick, CAST(NULL AS STRING) AS best,
        CAST(NULL AS DOUBLE) AS latency_regret_percent,
        CAST(NULL AS DOUBLE) AS mean_absolute_percent_error,
        CAST(%1$s AS DOUBLE) AS slo_limit_ns, CAST(NULL AS DOUBLE) AS slo_agreement_percent,
        CAST(NULL AS STRING) AS cheapest_pick, CAST(NULL AS STRING) AS cheapest,
        CAST(NULL AS INT) AS gpu_regret, CAST(NULL AS DOUBLE) AS dollars_per_hour_regret,
        CAST(NULL AS STRING) AS cheapest_pick_outcome,
        100 * avg(abs(predicted_knee / real_knee - 1)) AS knee_error_percent,
        100 * avg(predicted_knee / real_knee - 1) AS knee_signed_error_percent
      FROM knee WHERE real_knee IS NOT NULL
      GROUP BY ALL
      ORDER BY simulator, device, model""";

  private final SparkSession spark;
  private final Path modelsDir;

  /**
   * @param modelsDir folder of the cards, which have prices
   */
  Decisions(SparkSession spark, Path modelsDir) {
    this.spark = spark;
    this.modelsDir = modelsDir;
  }

  /**
   * The decisions of the grid that {@code fidelity_point} has, load by load, then over all loads.
   */
  List<DecisionFidelityRow> of(FidelityFile.Grid grid) {
    registerPrices(grid);
    FidelityFile.Rank rank = grid.rank();
    String limit = rank.sloLimitMs() == null ? "NULL" : rank.sloLimitMs() + "D * 1000000";
    String name = GridPoints.quoted(grid.name()) + " AS grid";
    String metric = GridPoints.quoted(rank.metric());
    String statistic = GridPoints.quoted(rank.statistic());
    String ranked = RANKED.formatted(metric, statistic);
    String about = metric + " AS metric, " + statistic + " AS statistic";
    List<DecisionFidelityRow> rows =
        new ArrayList<>(records(LOADS.formatted(limit, name, ranked, TAU, about)));
    if (rank.sloLimitMs() != null) {
      rows.addAll(records(KNEES.formatted(limit, name, ranked, TAU, about)));
    }
    return rows;
  }

  private List<DecisionFidelityRow> records(String sql) {
    return spark.sql(sql).collectAsList().stream()
        .map(row -> RecordSchema.record(row, DecisionFidelityRow.class))
        .collect(Collectors.toList());
  }

  private void registerPrices(FidelityFile.Grid grid) {
    HardwareCards cards = new HardwareCards(modelsDir);
    List<Row> prices = new ArrayList<>();
    for (FidelityFile.GridDevice device : grid.devices()) {
      DeviceCard card = device.card() == null ? null : cards.device(device.card());
      Double stated = device.dollarsPerHour();
      Double known = card == null ? null : card.pricePerHourDollars();
      prices.add(RowFactory.create(device.called(), stated == null ? known : stated));
    }
    spark.createDataFrame(prices, PRICE).createOrReplaceTempView("fidelity_price");
  }
}
