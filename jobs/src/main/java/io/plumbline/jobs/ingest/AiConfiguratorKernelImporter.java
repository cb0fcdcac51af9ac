package io.plumbline.jobs.ingest;

import io.plumbline.files.Json;
import io.plumbline.jobs.table.OperatorTiming;
import io.plumbline.jobs.table.ParquetRows;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Kernel tables of aiconfigurator's performance database, {@code …_perf.parquet}: GEMM, attention,
 * MLA modules, mixtures of experts, NCCL and custom all-reduces.
 *
 * <p>Latencies are milliseconds of the kernel; whether they are means or medians, the tables do not
 * say. A sequence attends to {@code isl + step} tokens; {@code message_size} counts elements of the
 * data type. {@code custom_allreduce} has each size twice, in a CUDA graph and eager: the kernel
 * tells them apart.
 *
 * @see <a href="https://github.com/ai-dynamo/aiconfigurator">aiconfigurator</a>
 */
public final class AiConfiguratorKernelImporter implements Importer {
  private static final String SUFFIX = "_perf.parquet";
  private static final List<String> REQUIRED =
      List.of("framework", "version", "device", "op_name", "kernel_source", "latency");

  /** Columns that have one of their own in {@code operator_timing}. */
  private static final List<String> SHAPE =
      List.of(
          "m",
          "n",
          "k",
          "num_tokens",
          "batch_size",
          "isl",
          "step",
          "num_heads",
          "num_key_value_heads",
          "head_dim",
          "num_gpus",
          "message_size",
          "tp_size",
          "model",
          "kv_cache_dtype",
          "gemm_dtype",
          "attn_dtype",
          "moe_dtype",
          "mla_dtype",
          "nccl_dtype",
          "allreduce_dtype");

  private static final List<String> DTYPES =
      SHAPE.stream()
          .filter(column -> column.endsWith("_dtype") && !column.startsWith("kv_"))
          .toList();

  /** Columns that are kept as JSON: numbers and texts. */
  private static final List<String> OTHER_COUNTS =
      List.of(
          "beam_width",
          "window_size",
          "hidden_size",
          "inter_size",
          "topk",
          "num_experts",
          "moe_tp_size",
          "moe_ep_size");

  private static final List<String> OTHER_TEXTS =
      List.of("architecture", "gemm_type", "backend", "distribution");

  private static final List<String> OPTIONAL =
      Stream.of(SHAPE, OTHER_COUNTS, OTHER_TEXTS).flatMap(List::stream).toList();

  @Override
  public List<Part> parts(Path path) {
    return Part.eachFile(path, file -> file.getFileName().toString().endsWith(SUFFIX));
  }

  @Override
  public String fileNames() {
    return "files …_perf.parquet";
  }

  @Override
  public void read(Part part, Findings findings) {
    new ParquetRows(part.file(), REQUIRED, OPTIONAL)
        .forEach(
            row ->
                findings.operator(
                    timing(row), 1e6 * row.required("latency", row.number("latency"))));
  }

  private static OperatorTiming timing(ParquetRows.Row row) {
    Long newTokens = row.count("isl");
    Long past = row.count("step");
    Long allTokens = newTokens == null || past == null ? null : (Long) (newTokens + past);
    return new OperatorTiming(row.required("op_name", row.text("op_name")))
        .device(row.text("device"), row.integer("num_gpus"))
        .framework(row.text("framework"), row.text("version"), row.text("kernel_source"))
        .model(row.text("model"), row.integer("tp_size"))
        .dtype(dtype(row), row.text("kv_cache_dtype"))
        .tokens(row.count("num_tokens"))
        .batch(row.integer("batch_size"))
        .attention(newTokens, allTokens)
        .heads(
            row.integer("num_heads"), row.integer("num_key_value_heads"), row.integer("head_dim"))
        .matrix(row.count("m"), row.count("n"), row.count("k"))
        .elements(row.count("message_size"))
        .shape(others(row));
  }

  private static String dtype(ParquetRows.Row row) {
    return DTYPES.stream().map(row::text).filter(text -> text != null).findFirst().orElse(null);
  }

  private static String others(ParquetRows.Row row) {
    Map<String, Object> others = new TreeMap<>();
    OTHER_COUNTS.forEach(column -> putIfThere(others, column, row.count(column)));
    OTHER_TEXTS.forEach(column -> putIfThere(others, column, row.text(column)));
    return others.isEmpty() ? null : Json.write(others);
  }

  private static void putIfThere(Map<String, Object> others, String column, Object value) {
    if (value != null) {
      others.put(column, value);
    }
  }
}
