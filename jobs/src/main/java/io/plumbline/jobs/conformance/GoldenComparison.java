package io.plumbline.jobs.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.files.csv.CsvRow;
import io.plumbline.jobs.conformance.VidurRun.Stage;
import io.plumbline.jobs.conformance.VidurRun.StageKey;
import io.plumbline.jobs.vidur.VidurSimulation;
import io.plumbline.simulator.batching.RequestProgress;
import io.plumbline.simulator.metrics.VidurBatchMetric;
import io.plumbline.simulator.metrics.VidurRequestMetric;
import io.plumbline.simulator.metrics.VidurSeries;
import io.plumbline.trace.run.Utilization;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** Holds our run of a case against every file of the original's: every value, to the last bit. */
final class GoldenComparison {
  /** Means over a run are sums in another order; the original's last digits are its own. */
  private static final double SUMMED = 1e-9;

  private static final Map<String, String> OPERATOR_OF_COLUMN =
      Map.ofEntries(
          Map.entry("attn_pre_proj_ms", "attn_pre_proj"),
          Map.entry("attn_rope_ms", "attn_rope"),
          Map.entry("attn_kv_cache_save_ms", "attn_kv_cache_save"),
          Map.entry("attn_prefill_ms", "attn_prefill"),
          Map.entry("attn_decode_ms", "attn_decode"),
          Map.entry("attn_post_proj_ms", "attn_post_proj"),
          Map.entry("attn_norm_ms", "input_layernorm"),
          Map.entry("mlp_norm_ms", "post_attention_layernorm"),
          Map.entry("mlp_up_proj_ms", "mlp_up_proj"),
          Map.entry("mlp_act_ms", "mlp_act"),
          Map.entry("mlp_down_proj_ms", "mlp_down_proj"),
          Map.entry("add_ms", "add"),
          Map.entry("tp_comm_ms", "all_reduce"),
          Map.entry("pp_comm_ms", "send_recv"));

  private final VidurCase golden;
  private final VidurRun run;
  private final Map<String, Deviation> deviations = new LinkedHashMap<>();
  private int requests;
  private final Set<Long> batches = new HashSet<>();
  private int stages;

  GoldenComparison(VidurCase golden, VidurRun run) {
    this.golden = golden;
    this.run = run;
  }

  CaseResult result(List<String> notes) {
    requestFinal();
    requestMetrics();
    batchStages();
    batchRequests();
    blocksLeft();
    utilization();
    series();
    batchMetrics();
    String counts =
        "%d requests, %d batches, %d batch stages".formatted(requests, batches.size(), stages);
    return CaseResult.judged(golden.name(), counts, List.copyOf(deviations.values()), notes);
  }

  /** Compares requests that we drew with those that the original drew. */
  void generatedRequests(VidurSimulation drawn) {
    int[] row = {0};
    golden.forEach(
        "requests",
        recorded -> {
          int id = row[0]++;
          if (id < drawn.workload().size()) {
            compare("drawn arrived_at", 0, recorded, drawn.arrivalSeconds()[id], "arrived_at", id);
            compare(
                "drawn num_prefill_tokens",
                0,
                recorded,
                drawn.workload().request(id).promptTokens(),
                "num_prefill_tokens",
                id);
            compare(
                "drawn num_decode_tokens",
                0,
                recorded,
                drawn.workload().request(id).outputTokens(),
                "num_decode_tokens",
                id);
          }
        });
    deviation("drawn requests", 0).compare(row[0], drawn.workload().size(), () -> "their number");
  }

  private void compare(
      String quantity, double tolerance, CsvRow row, double ours, String column, int id) {
    deviation(quantity, tolerance)
        .compare(row.numberOrNan(column), ours, () -> "request %d".formatted(id));
  }

  private void requestFinal() {
    Map<String, ToDoubleFunction<RequestProgress>> columns = new LinkedHashMap<>();
    columns.put("completed", r -> r.completed() ? 1 : 0);
    columns.put("arrived_at", RequestProgress::arrivalSeconds);
    columns.put("scheduled_at", RequestProgress::scheduledSeconds);
    columns.put("prefill_completed_at", RequestProgress::firstTokenSeconds);
    columns.put("completed_at", RequestProgress::endSeconds);
    columns.put("execution_time", RequestProgress::executionSeconds);
    columns.put("model_execution_time", RequestProgress::modelExecutionSeconds);
    columns.put("preempted_time", RequestProgress::preemptedSeconds);
    columns.put("num_prefill_tokens", RequestProgress::promptTokens);
    columns.put("num_decode_tokens", r -> r.maxTotalTokens() - r.promptTokens());
    columns.put("num_processed_tokens", RequestProgress::processedTokens);
    columns.put("num_restarts", RequestProgress::preemptions);
    golden.forEach(
        "request_final",
        row -> {
          int id = row.integer("request_id", 0);
          requests++;
          columns.forEach(
              (column, value) -> {
                double ours = value.applyAsDouble(run.cluster().request(id));
                // The original writes 0 for what never happened.
                compare(column, 0, row, Double.isNaN(ours) ? 0 : ours, column, id);
              });
        });
    deviation("requests", 0).compare(requests, run.cluster().requests(), () -> "their number");
  }

  private void requestMetrics() {
    Map<String, double[]> columns = new LinkedHashMap<>();
    for (VidurRequestMetric metric : VidurRequestMetric.values()) {
      columns.put(metric.columnName(), run.metrics().requests(metric));
    }
    columns.put("request_inter_arrival_delay", run.metrics().interArrivalSeconds());
    Set<Integer> seen = new HashSet<>();
    golden.forEach(
        "request_metrics",
        row -> {
          int id = row.integer("Request Id", 0);
          seen.add(id);
          columns.forEach((column, values) -> compare(column, 0, row, values[id], column, id));
        });
    for (int id = 0; id < run.workload().size(); id++) {
      if (run.metrics().hasRow(id) != seen.contains(id)) {
        deviation("rows of request_metrics", 0)
            .differ("request " + id, present(seen.contains(id)), present(run.metrics().hasRow(id)));
      }
    }
  }

  private static String present(boolean there) {
    return there ? "there" : "none";
  }

  private void batchStages() {
    Set<StageKey> seen = new HashSet<>();
    double[] lastEnd = {0};
    golden.forEach(
        "batch_stages",
        row -> {
          StageKey key = new StageKey(row.count("batch_id"), row.integer("stage_id", 0));
          Supplier<String> place = () -> "batch %d on stage %d".formatted(key.batch(), key.stage());
          stages++;
          batches.add(key.batch());
          seen.add(key);
          lastEnd[0] = Math.max(lastEnd[0], row.numberOrNan("stage_end"));
          Stage ours = run.stages().get(key);
          if (ours == null) {
            deviation("batch stages", 0).differ(place.get(), "there", "none");
            return;
          }
          compareStage(row, ours, place);
        });
    // The record lists stages as they end; what was under way when a run ended is not in it.
    run.stages()
        .forEach(
            (key, stage) -> {
              if (!seen.contains(key) && stage.endSeconds() < lastEnd[0]) {
                deviation("batch stages", 0)
                    .differ(
                        "batch %d on stage %d".formatted(key.batch(), key.stage()),
                        "none",
                        "there");
              }
            });
  }

  private void compareStage(CsvRow row, Stage ours, Supplier<String> place) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("replica_id", (double) ours.replica());
    values.put("size", (double) ours.size());
    values.put("num_tokens", (double) ours.tokens());
    values.put("num_prefill_tokens", (double) ours.prefillTokens());
    values.put("num_decode_tokens", (double) ours.decodeTokens());
    values.put("batch_scheduled_at", ours.scheduledSeconds());
    values.put("stage_start", ours.startSeconds());
    values.put("stage_end", ours.endSeconds());
    values.put("total_time_s", ours.stageSeconds());
    values.put("model_time_s", ours.modelSeconds());
    values.forEach(
        (column, value) ->
            deviation("stage " + column, 0).compare(row.numberOrNan(column), value, place));
    OPERATOR_OF_COLUMN.forEach(
        (column, operator) -> {
          if (row.has(column)) {
            deviation("operator " + operator, 0)
                .compare(row.numberOrNan(column), operatorMs(ours, operator), place);
          }
        });
  }

  /** Vidur's metric of the addition, which ours follows, says it twice; its log of stages once. */
  private static double operatorMs(Stage ours, String operator) {
    double ms = ours.operatorMs().getOrDefault(operator, 0.0);
    return operator.equals("add") ? ms / 2 : ms;
  }

  private void batchRequests() {
    Map<Long, List<int[]>> recorded = new HashMap<>();
    golden.forEach(
        "batch_requests",
        row ->
            recorded
                .computeIfAbsent(row.count("batch_id"), batch -> new ArrayList<>())
                .add(new int[] {row.integer("request_id", 0), row.integer("num_tokens", 0)}));
    Deviation members = deviation("requests of a batch", 0);
    Deviation tokens = deviation("tokens of a request in a batch", 0);
    recorded.forEach(
        (batch, rows) -> {
          Stage ours = run.stages().get(new StageKey(batch, 0));
          if (ours == null) {
            // A batch that was formed and never reached a stage.
            return;
          }
          members.compare(
              rows.size(), ours.size(), () -> "batch %d, their number".formatted(batch));
          for (int i = 0; i < Math.min(rows.size(), ours.size()); i++) {
            int position = i;
            Supplier<String> place = () -> "batch %d, position %d".formatted(batch, position);
            members.compare(rows.get(i)[0], ours.requestIds()[i], place);
            tokens.compare(rows.get(i)[1], ours.requestTokens()[i], place);
          }
        });
  }

  /** What the original's assertion at the end of a run looks at. */
  private void blocksLeft() {
    JsonNode left = golden.summary().path("leftover");
    for (int replica = 0; replica < left.size(); replica++) {
      int number = replica;
      deviation("KV blocks left at the end", 0)
          .compare(
              left.path(String.valueOf(replica)).path("allocated_blocks").asDouble(),
              run.cluster().kvBlocksUsed(replica),
              () -> "replica " + number);
    }
  }

  private void utilization() {
    for (Utilization ours : run.metrics().utilization()) {
      String of = "replica_%d".formatted(ours.replica() + 1);
      if (ours.stage() != null) {
        of += "_stage_%d".formatted(ours.stage() + 1);
      }
      String metric =
          switch (ours.metric()) {
            case MEMORY -> "memory_usage";
            case BUSY -> "busy_time_percent";
            case MFU -> "mfu";
          };
      JsonNode recorded = golden.metricsSummary(of + "_" + metric);
      if (recorded != null) {
        String prefix = of + "_" + metric;
        compare(metric, recorded, prefix, "_min", ours.minPercent());
        compare(metric, recorded, prefix, "_max", ours.maxPercent());
        compare(metric, recorded, prefix, "_weighted_mean", ours.meanPercent());
      }
    }
  }

  private void compare(
      String metric, JsonNode recorded, String prefix, String statistic, double ours) {
    deviation(metric + statistic, SUMMED)
        .compare(recorded.path(prefix + statistic).asDouble(), ours, () -> prefix);
  }

  private void series() {
    for (VidurSeries name : VidurSeries.values()) {
      String column = name.name().toLowerCase(Locale.ROOT);
      String table = "metrics/" + column + "_time_series";
      if (golden.has(table)) {
        columns(
            table,
            Map.of(
                "Time (sec)",
                run.metrics().series(name).seconds(),
                column,
                run.metrics().series(name).counts()),
            column + " series");
      }
    }
  }

  private void batchMetrics() {
    if (!golden.has("metrics/batch_metrics")) {
      return;
    }
    Map<String, double[]> columns = new LinkedHashMap<>();
    columns.put("Batch Id", run.metrics().batches());
    for (VidurBatchMetric metric : VidurBatchMetric.values()) {
      columns.put(metric.columnName(), run.metrics().batches(metric));
    }
    columns("metrics/batch_metrics", columns, "batch_metrics");
  }

  private void columns(String table, Map<String, double[]> columns, String what) {
    int[] row = {0};
    golden.forEach(
        table,
        recorded -> {
          int number = row[0]++;
          columns.forEach(
              (column, values) -> {
                if (number < values.length) {
                  deviation("%s, %s".formatted(what, column), 0)
                      .compare(recorded.numberOrNan(column), values[number], () -> "row " + number);
                }
              });
        });
    int ours = columns.values().iterator().next().length;
    deviation("rows of " + what, 0).compare(row[0], ours, () -> "their number");
  }

  private Deviation deviation(String quantity, double tolerance) {
    return deviations.computeIfAbsent(quantity, name -> new Deviation(name, tolerance));
  }
}
