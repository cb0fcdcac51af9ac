package io.plumbline.jobs.fidelity;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.fidelity.ValueChunks.RunOfPair;
import io.plumbline.jobs.fidelity.ValueChunks.SampleUse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The values of all runs of all pairs with their bootstrap groups. A run that several simulators
 * are compared with is read once; requests and tokens of both sides need no join, since a request
 * falls into the same group on either side.
 *
 * <p>Only requests that every run of a pair finished with all tokens count. Where all runs of a
 * pair finished all of theirs, nothing has to be looked up; else the pair reads its own selection.
 */
final class SampleTable {
  /** Up to so many requests each is a group of its own, so the bootstrap is one over requests. */
  static final int SINGLE_REQUESTS = 1024;

  /** More are put into so many groups by hash, which are drawn whole. */
  static final int GROUPS = 256;

  /** In the order of the results. */
  static final List<String> METRICS =
      List.of("ttft", "tbt", "tpot", "e2e", "queueing", "e2e_normalized", "execution_normalized");

  private static final int ALL_REQUESTS = -1;
  private static final int TASKS_PER_CORE = 2;

  private static final StructType SAMPLE =
      new StructType()
          .add("sample_id", DataTypes.IntegerType)
          .add("sample_run_id", DataTypes.StringType)
          .add("selection_id", DataTypes.IntegerType)
          .add("from_queue", DataTypes.BooleanType)
          .add("single_requests", DataTypes.BooleanType);

  private static final StructType SIDE =
      new StructType()
          .add("pair_id", DataTypes.IntegerType)
          .add("side", DataTypes.IntegerType)
          .add("repeat", DataTypes.IntegerType)
          .add("sample_id", DataTypes.IntegerType)
          .add("side_run_id", DataTypes.StringType)
          .add("runs", DataTypes.IntegerType)
          .add("whole", DataTypes.BooleanType)
          .add("permuted", DataTypes.BooleanType);

  private static final String COMPLETE =
      "(r.outcome = 'COMPLETED' AND r.produced_tokens >= r.output_tokens)";

  /**
   * The requests of pairs that read a selection of their own, each with its position: the same on
   * both sides. Where others number the requests in another order, they are told by their lengths.
   */
  private static final String SELECTED =
      """
      SELECT selection_id, selected_run_id, selected_request_id, position FROM (
        SELECT *, count_if(finished) OVER (PARTITION BY selection_id, position) AS finished_runs
        FROM (
          SELECT s.pair_id AS selection_id, s.side_run_id AS selected_run_id, s.runs,
            r.request_id AS selected_request_id, %2$s AS finished,
            row_number() OVER (
              PARTITION BY s.pair_id, s.side_run_id
              ORDER BY IF(s.permuted, r.prompt_tokens, 0), IF(s.permuted, r.output_tokens, 0),
                r.request_id) - 1 AS position
          FROM request_timing r JOIN fidelity_side s ON r.run_id = s.side_run_id
          WHERE NOT s.whole AND r.run_id IN (%1$s)))
      WHERE finished_runs = runs""";

  private static final String REQUESTS =
      """
      SELECT r.*, s.*, r.request_id AS position
      FROM request_timing r JOIN fidelity_sample s ON r.run_id = s.sample_run_id
      WHERE r.run_id IN (%1$s) AND s.selection_id = -1 AND %2$s
      UNION ALL
      SELECT r.*, s.*, c.position
      FROM request_timing r JOIN fidelity_sample s ON r.run_id = s.sample_run_id
      JOIN fidelity_selection c
        ON c.selection_id = s.selection_id AND c.selected_run_id = s.sample_run_id
        AND c.selected_request_id = r.request_id
      WHERE r.run_id IN (%1$s)""";

  private static final String TOKENS =
      """
      SELECT r.request_id AS position, r.tbt_ns, s.*
      FROM token_timing r JOIN fidelity_sample s ON r.run_id = s.sample_run_id
      WHERE r.run_id IN (%1$s) AND s.selection_id = -1 AND r.tbt_ns IS NOT NULL
      UNION ALL
      SELECT c.position, r.tbt_ns, s.*
      FROM token_timing r JOIN fidelity_sample s ON r.run_id = s.sample_run_id
      JOIN fidelity_selection c
        ON c.selection_id = s.selection_id AND c.selected_run_id = s.sample_run_id
        AND c.selected_request_id = r.request_id
      WHERE r.run_id IN (%1$s) AND r.tbt_ns IS NOT NULL""";

  private static final String GROUP =
      "IF(single_requests, position, CAST(pmod(xxhash64(position), %d) AS INT))".formatted(GROUPS);

  private static final List<String> REQUEST_METRICS =
      METRICS.stream().filter(metric -> !metric.equals("tbt")).toList();

  /** In the order of the metrics. */
  private static final String REQUEST_VALUES =
      """
      SELECT sample_id, %1$s AS request_group,
        CAST(first_token_ns - zero_ns AS DOUBLE),
        tpot_ns,
        CAST(end_ns - zero_ns AS DOUBLE),
        CAST(scheduled_ns - zero_ns AS DOUBLE),
        CAST(end_ns - zero_ns AS DOUBLE) / produced_tokens,
        CAST(end_ns - scheduled_ns AS DOUBLE) / produced_tokens
      FROM (SELECT *, IF(from_queue, coalesce(queued_ns, arrival_ns), arrival_ns) AS zero_ns
            FROM (%2$s))""";

  private static final String TOKEN_VALUES =
      "SELECT sample_id, %1$s AS request_group, CAST(tbt_ns AS DOUBLE) FROM (%2$s)";

  private final SparkSession spark;
  private final List<FidelityPair> pairs;
  private final Set<Integer> permuted;
  private final Map<String, RunFacts> facts;
  private final List<SampleUse> uses = new ArrayList<>();

  /** What a run has. */
  private record RunFacts(long requests, long completed, long tokens) {}

  /**
   * @param permuted ids of pairs whose runs have the same requests in another order
   */
  SampleTable(SparkSession spark, List<FidelityPair> pairs, Set<Integer> permuted) {
    this.spark = spark;
    this.pairs = pairs;
    this.permuted = permuted;
    this.facts = facts(spark, runIds(pairs));
    registerViews();
  }

  private static Set<String> runIds(List<FidelityPair> pairs) {
    Set<String> ids = new LinkedHashSet<>();
    for (FidelityPair pair : pairs) {
      ids.addAll(pair.referenceRunIds());
      ids.addAll(pair.simulatedRunIds());
    }
    return ids;
  }

  private static String quoted(Set<String> ids) {
    return ids.stream()
        .map(id -> "'" + id.replace("'", "\\'") + "'")
        .collect(Collectors.joining(", "));
  }

  private static Map<String, RunFacts> facts(SparkSession spark, Set<String> ids) {
    Map<String, RunFacts> facts = new HashMap<>();
    String in = quoted(ids);
    spark
        .sql(
            """
            SELECT run_id, requests, completed, coalesce(tokens, 0) AS tokens
            FROM run LEFT JOIN (
              SELECT run_id AS token_run_id, count(*) AS tokens FROM token_timing
              WHERE run_id IN (%1$s) GROUP BY run_id) ON token_run_id = run_id
            WHERE run_id IN (%1$s)"""
                .formatted(in))
        .collectAsList()
        .forEach(
            row ->
                facts.put(
                    row.getString(0), new RunFacts(row.getInt(1), row.getInt(2), row.getLong(3))));
    for (String id : ids) {
      if (!facts.containsKey(id)) {
        throw new BadInputException("no run \"%s\" in the tables".formatted(id));
      }
    }
    return facts;
  }

  private void registerViews() {
    Map<List<Object>, Integer> sampleIds = new LinkedHashMap<>();
    List<Row> samples = new ArrayList<>();
    List<Row> sides = new ArrayList<>();
    for (int pairId = 0; pairId < pairs.size(); pairId++) {
      FidelityPair pair = pairs.get(pairId);
      for (int side = 0; side < 2; side++) {
        List<String> ids = side == 0 ? pair.referenceRunIds() : pair.simulatedRunIds();
        for (int repeat = 0; repeat < ids.size(); repeat++) {
          int selection = isWhole(pairId) ? ALL_REQUESTS : pairId;
          boolean exactRequests = requests(pair) <= Precision.EXACT_VALUES;
          boolean exactTokens = tokens(pair) <= Precision.EXACT_VALUES;
          boolean single = requests(pair) <= SINGLE_REQUESTS;
          String runId = ids.get(repeat);
          List<Object> key =
              List.of(runId, selection, pair.fromQueue(), exactRequests, exactTokens, single);
          int sampleId = sampleIds.computeIfAbsent(key, k -> sampleIds.size());
          if (sampleId == samples.size()) {
            samples.add(RowFactory.create(sampleId, runId, selection, pair.fromQueue(), single));
            uses.add(new SampleUse(exactRequests, exactTokens, new ArrayList<>()));
          }
          uses.get(sampleId).runs().add(new RunOfPair(pairId, side, repeat));
          sides.add(
              RowFactory.create(
                  pairId,
                  side,
                  repeat,
                  sampleId,
                  ids.get(repeat),
                  pair.runs(),
                  isWhole(pairId),
                  permuted.contains(pairId)));
        }
      }
    }
    spark.createDataFrame(samples, SAMPLE).createOrReplaceTempView("fidelity_sample");
    spark.createDataFrame(sides, SIDE).createOrReplaceTempView("fidelity_side");
    spark
        .sql(SELECTED.formatted(quoted(runIds(pairs)), COMPLETE))
        .createOrReplaceTempView("fidelity_selection");
  }

  /** Both sides are binned if one is. */
  private long requests(FidelityPair pair) {
    return largest(pair, true);
  }

  private long tokens(FidelityPair pair) {
    return largest(pair, false);
  }

  private long largest(FidelityPair pair, boolean ofRequests) {
    long largest = 0;
    for (String id : runIds(List.of(pair))) {
      RunFacts run = facts.get(id);
      largest = Math.max(largest, ofRequests ? run.requests() : run.tokens());
    }
    return largest;
  }

  /** Whether all requests of all its runs count, under the ids that they have. */
  private boolean isWhole(int pairId) {
    if (permuted.contains(pairId)) {
      return false;
    }
    return runIds(List.of(pairs.get(pairId))).stream()
        .map(facts::get)
        .allMatch(run -> run.completed() == run.requests());
  }

  /** Groups that the requests of a pair fall into. */
  int groups(int pairId) {
    long requests = requests(pairs.get(pairId));
    return requests <= SINGLE_REQUESTS ? Math.toIntExact(requests) : GROUPS;
  }

  /** How far a percentile of a metric may be off, in percent. */
  double boundPercent(int pairId, String metric) {
    FidelityPair pair = pairs.get(pairId);
    long values = metric.equals("tbt") ? tokens(pair) : requests(pair);
    return values <= Precision.EXACT_VALUES ? 0 : Precision.BOUND_PERCENT;
  }

  /** The number of a metric of a pair. */
  static int series(int pairId, String metric) {
    return pairId * METRICS.size() + METRICS.indexOf(metric);
  }

  /** The pair of such a number. */
  static int pairOf(int series) {
    return series / METRICS.size();
  }

  /** The metric of such a number. */
  static String metricOf(int series) {
    return METRICS.get(series % METRICS.size());
  }

  /** All values by {@link #series}, in no order. */
  JavaPairRDD<Integer, SampleChunk> chunks() {
    String in = quoted(runIds(pairs));
    return chunks(
            REQUEST_VALUES.formatted(GROUP, REQUESTS.formatted(in, COMPLETE)),
            new ValueChunks(uses, REQUEST_METRICS, false))
        .union(
            chunks(
                TOKEN_VALUES.formatted(GROUP, TOKENS.formatted(in)),
                new ValueChunks(uses, List.of("tbt"), true)));
  }

  /** Few tasks, as each counts for itself and sends all its counts. */
  private JavaPairRDD<Integer, SampleChunk> chunks(String sql, ValueChunks chunks) {
    int tasks = TASKS_PER_CORE * spark.sparkContext().defaultParallelism();
    return spark.sql(sql).toJavaRDD().coalesce(tasks).mapPartitionsToPair(chunks::of);
  }
}
