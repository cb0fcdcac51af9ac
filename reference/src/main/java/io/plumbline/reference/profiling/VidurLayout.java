package io.plumbline.reference.profiling;

import io.plumbline.files.csv.CsvFile;
import io.plumbline.trace.model.ModelSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Writes a profile as Vidur lays it out: {@code compute/DEVICE/MODEL/mlp.csv} and {@code
 * attention.csv}, {@code cpu_overhead/NODE/MODEL/cpu_overheads.csv}, all columns of theirs, times
 * in ms. Columns of what is not measured apart are empty.
 */
public final class VidurLayout {
  private static final List<ProfiledOperator> MLP_OPERATORS =
      List.of(
          ProfiledOperator.EMB,
          ProfiledOperator.INPUT_LAYERNORM,
          ProfiledOperator.ATTN_PRE_PROJ,
          ProfiledOperator.ATTN_ROPE,
          ProfiledOperator.ATTN_POST_PROJ,
          ProfiledOperator.POST_ATTENTION_LAYERNORM,
          ProfiledOperator.MLP_UP_PROJ,
          ProfiledOperator.MLP_ACT,
          ProfiledOperator.MLP_DOWN_PROJ,
          ProfiledOperator.ADD);
  private static final List<String> ATTENTION_OPERATORS =
      List.of(
          "attn_input_reshape",
          "attn_kv_cache_save",
          "attn_decode",
          "attn_output_reshape",
          "attn_prefill");
  private static final List<String> HOST_PARTS =
      List.of(
          "schedule",
          "sampler_e2e",
          "prepare_inputs_e2e",
          "model_execution_e2e",
          "process_model_outputs");
  private static final List<String> STATISTICS = List.of("min", "max", "mean", "median", "std");
  private static final List<String> NOT_MEASURED = Collections.nCopies(STATISTICS.size(), "");

  private static final List<String> PAUSE_HEADER =
      List.of(
          "num_tokens",
          "in_a_loop_median",
          "after_pause_median",
          "pause_ms",
          "model_name",
          "tensor_parallel_degree");

  private final Path root;
  private final String device;
  private final String node;
  private final ModelSpec model;
  private final int blockTokens;

  /**
   * @param root folder that holds {@code compute/} and {@code cpu_overhead/}
   * @param model the whole model, of which shards were measured
   */
  public VidurLayout(Path root, String device, String node, ModelSpec model, int blockTokens) {
    this.root = root;
    this.device = device;
    this.node = node;
    this.model = model;
    this.blockTokens = blockTokens;
  }

  /** The folder of {@code mlp.csv}. */
  public static Path computeFolder(Path root, String device, String model) {
    return root.resolve("compute").resolve(device).resolve(model);
  }

  /** Writes all files of a profile; those that were there are replaced. */
  public void write(OperatorProfiler measured) {
    Path compute = computeFolder(root, device, model.name());
    CsvFile.write(compute.resolve("mlp.csv"), mlpHeader(), mlpRows(measured.points()));
    CsvFile.write(
        compute.resolve("attention.csv"), attentionHeader(), attentionRows(measured.points()));
    CsvFile.write(
        root.resolve("cpu_overhead")
            .resolve(node)
            .resolve(model.name())
            .resolve("cpu_overheads.csv"),
        hostHeader(),
        hostRows(measured.points(), measured.hosts()));
    CsvFile.write(
        root.resolve("cpu_overhead").resolve(node).resolve(model.name()).resolve("after_pause.csv"),
        PAUSE_HEADER,
        measured.pauses().stream().map(this::pauseRow).toList());
  }

  private List<String> pauseRow(PausePoint pause) {
    return List.of(
        Integer.toString(pause.tokens()),
        ms(TimeStats.ofNanos(pause.loopNanos()).median()),
        ms(TimeStats.ofNanos(pause.pausedNanos()).median()),
        Integer.toString(PointSampler.PAUSE_MS),
        model.name(),
        Integer.toString(pause.tensorParallel()));
  }

  private static List<String> statistics(String operator) {
    return STATISTICS.stream().map(s -> "time_stats.%s.%s".formatted(operator, s)).toList();
  }

  private static List<String> fields(TimeStats stats) {
    return List.of(
        ms(stats.min()), ms(stats.max()), ms(stats.mean()), ms(stats.median()), ms(stats.std()));
  }

  /** Whole nanoseconds, and not in the exponents that some readers do not know. */
  private static String ms(double value) {
    return "%.6f".formatted(value);
  }

  private static List<String> mlpHeader() {
    List<String> header = new ArrayList<>();
    MLP_OPERATORS.forEach(operator -> header.addAll(statistics(operator.profileName())));
    header.addAll(
        List.of(
            "n_head",
            "n_kv_head",
            "n_embd",
            "n_expanded_embd",
            "vocab_size",
            "use_gated_mlp",
            "num_tokens",
            "num_tensor_parallel_workers"));
    return header;
  }

  /** A row for each number of tokens and degree, largest first as Vidur's; contexts together. */
  private List<List<String>> mlpRows(List<MeasuredPoint> points) {
    List<List<String>> rows = new ArrayList<>();
    byDegree(points)
        .forEach(
            (degree, ofDegree) ->
                grouped(ofDegree, point -> point.shape().totalTokens())
                    .descendingMap()
                    .forEach((tokens, same) -> rows.add(mlpRow(tokens, degree, same))));
    return rows;
  }

  private List<String> mlpRow(int tokens, int degree, List<MeasuredPoint> points) {
    List<String> row = new ArrayList<>();
    MLP_OPERATORS.forEach(operator -> row.addAll(fields(stats(points, operator))));
    row.add(Integer.toString(model.queryHeads()));
    row.add(Integer.toString(model.kvHeads()));
    row.add(Integer.toString(model.hiddenSize()));
    row.add(Integer.toString(model.mlpHiddenSize()));
    row.add(Integer.toString(model.vocabularySize()));
    row.add(pythonBoolean(model.gatedMlp()));
    row.add(Integer.toString(tokens));
    row.add(Integer.toString(degree));
    return row;
  }

  private static String pythonBoolean(boolean value) {
    return value ? "True" : "False";
  }

  private static List<String> attentionHeader() {
    List<String> header = new ArrayList<>();
    ATTENTION_OPERATORS.forEach(operator -> header.addAll(statistics(operator)));
    header.addAll(
        List.of(
            "n_embd",
            "n_q_head",
            "n_kv_head",
            "block_size",
            "num_tensor_parallel_workers",
            "max_model_len",
            "batch_size",
            "prefill_chunk_size",
            "kv_cache_size",
            "is_prefill",
            "attention_backend",
            "profile_method"));
    return header;
  }

  private List<List<String>> attentionRows(List<MeasuredPoint> points) {
    List<List<String>> rows = new ArrayList<>();
    for (MeasuredPoint point : points) {
      BatchShape shape = point.shape();
      boolean prefill = shape.kind() == BatchShape.Kind.PREFILL;
      List<String> attention = fields(TimeStats.ofNanos(point.of(ProfiledOperator.ATTENTION)));
      List<String> row = new ArrayList<>(NOT_MEASURED);
      row.addAll(fields(TimeStats.ofNanos(point.of(ProfiledOperator.ATTN_KV_CACHE_SAVE))));
      row.addAll(prefill ? NOT_MEASURED : attention);
      row.addAll(NOT_MEASURED);
      row.addAll(prefill ? attention : NOT_MEASURED);
      row.add(Integer.toString(model.hiddenSize()));
      row.add(Integer.toString(model.queryHeads()));
      row.add(Integer.toString(model.kvHeads()));
      row.add(Integer.toString(blockTokens));
      row.add(Integer.toString(point.tensorParallel()));
      row.add(Integer.toString(model.maxPositions()));
      row.add(Integer.toString(shape.requests()));
      row.add(Integer.toString(prefill ? shape.tokens() : 0));
      row.add(Integer.toString(shape.kvTokens()));
      row.add(pythonBoolean(prefill));
      row.add("djl_pytorch");
      row.add("stamps_in_forward");
      rows.add(row);
    }
    return rows;
  }

  private static List<String> hostHeader() {
    List<String> header = new ArrayList<>();
    header.add("");
    HOST_PARTS.forEach(part -> header.add(part + "_mean"));
    HOST_PARTS.forEach(part -> header.add(part + "_median"));
    header.addAll(
        List.of("model_name", "batch_size", "tensor_parallel_degree", "ray_comm_time_mean"));
    return header;
  }

  private List<List<String>> hostRows(List<MeasuredPoint> points, List<HostPoint> hosts) {
    List<List<String>> rows = new ArrayList<>();
    Map<Integer, List<MeasuredPoint>> degrees = byDegree(points);
    for (HostPoint host : hosts) {
      List<MeasuredPoint> decodes =
          degrees.get(host.tensorParallel()).stream()
              .filter(point -> point.shape().kind() == BatchShape.Kind.DECODE)
              .filter(point -> point.shape().requests() == host.batchSize())
              .toList();
      List<TimeStats> parts =
          List.of(
              TimeStats.ofNanos(host.scheduleNanos()),
              outsideBlocks(decodes).plus(TimeStats.ofNanos(host.sampleNanos())),
              TimeStats.ofNanos(host.prepareNanos()),
              TimeStats.ofNanos(host.forwardNanos()),
              TimeStats.ofNanos(host.betweenNanos()));
      List<String> row = new ArrayList<>();
      row.add(Integer.toString(rows.size()));
      parts.forEach(part -> row.add(ms(part.mean())));
      parts.forEach(part -> row.add(ms(part.median())));
      row.add(model.name());
      row.add(Integer.toString(host.batchSize()));
      row.add(Integer.toString(host.tensorParallel()));
      // One process runs the model: nothing goes between workers.
      row.add(ms(0));
      rows.add(row);
    }
    return rows;
  }

  /** What a forward does once, which Vidur counts for nothing in its blocks. */
  private static TimeStats outsideBlocks(List<MeasuredPoint> points) {
    return stats(points, ProfiledOperator.EMB)
        .plus(stats(points, ProfiledOperator.LM_HEAD))
        .plus(stats(points, ProfiledOperator.CALL));
  }

  private static TreeMap<Integer, List<MeasuredPoint>> byDegree(List<MeasuredPoint> points) {
    return grouped(points, MeasuredPoint::tensorParallel);
  }

  private static TreeMap<Integer, List<MeasuredPoint>> grouped(
      List<MeasuredPoint> points, Function<MeasuredPoint, Integer> key) {
    TreeMap<Integer, List<MeasuredPoint>> groups = new TreeMap<>();
    points.forEach(
        point -> groups.computeIfAbsent(key.apply(point), unused -> new ArrayList<>()).add(point));
    return groups;
  }

  private static TimeStats stats(List<MeasuredPoint> points, ProfiledOperator operator) {
    return TimeStats.ofNanos(
        points.stream().flatMap(point -> point.of(operator).stream()).toList());
  }
}
