package io.plumbline.jobs.ingest;

import io.plumbline.jobs.table.EngineStepRow;
import io.plumbline.jobs.table.ParquetRows;
import java.nio.file.Path;
import java.util.List;

/**
 * Step traces of vLLM as inference-sim collects them: Parquet files {@code …steps….parquet} with
 * the composition of the batch of each traced step.
 *
 * <p>Times are of the engine's monotonic clock, and stay on it. {@code step.duration_us} is the
 * time inside the traced call, not of the step. {@code cycle_time_us}, from gaps between tokens as
 * a client saw them, is not the step's either: tokens arrive together, so that it is often nothing
 * or half of a step. The starts of two steps whose ids follow each other are a step apart. Steps
 * are a sample, so they are no iterations of a run.
 *
 * @see <a href="https://github.com/inference-sim/inference-sim">inference-sim</a>
 */
public final class VllmStepImporter implements Importer {
  private static final List<String> COLUMNS =
      List.of(
          "step.id",
          "step.ts_start_ns",
          "step.ts_end_ns",
          "step.duration_us",
          "queue.running_depth",
          "queue.waiting_depth",
          "batch.num_prefill_reqs",
          "batch.num_decode_reqs",
          "batch.scheduled_tokens",
          "batch.prefill_tokens",
          "batch.decode_tokens",
          "batch.num_finished",
          "batch.num_preempted",
          "kv.blocks_total_gpu",
          "kv.blocks_free_gpu",
          "experiment_id");

  private static final List<String> OPTIONAL =
      List.of(
          "kv.usage_gpu_ratio",
          "cycle_time_us",
          "matched_iti_count",
          "cycle_time_ratio",
          "model",
          "workload",
          "tp");

  @Override
  public List<Part> parts(Path path) {
    return Part.eachFile(
        path,
        file -> {
          String name = file.getFileName().toString();
          return name.contains("steps") && name.endsWith(".parquet");
        });
  }

  @Override
  public String fileNames() {
    return "files …steps….parquet";
  }

  @Override
  public void read(Part part, Findings findings) {
    new ParquetRows(part.file(), COLUMNS, OPTIONAL).forEach(row -> findings.step(step(row)));
  }

  private static EngineStepRow step(ParquetRows.Row row) {
    long start = count(row, "step.ts_start_ns");
    if (count(row, "step.ts_end_ns") < start) {
      throw row.bad("step.ts_end_ns", "is before step.ts_start_ns (%d)".formatted(start));
    }
    Double cycle = row.number("cycle_time_us");
    long blocks = count(row, "kv.blocks_total_gpu");
    return new EngineStepRow(
        "",
        row.required("experiment_id", row.text("experiment_id")),
        row.text("model"),
        null,
        row.text("workload"),
        row.integer("tp"),
        count(row, "step.id"),
        start,
        count(row, "step.duration_us") * 1000,
        cycle == null ? null : (Double) (cycle * 1e3),
        integer(row, "queue.running_depth"),
        integer(row, "queue.waiting_depth"),
        integer(row, "batch.num_prefill_reqs"),
        integer(row, "batch.num_decode_reqs"),
        integer(row, "batch.scheduled_tokens"),
        integer(row, "batch.prefill_tokens"),
        integer(row, "batch.decode_tokens"),
        integer(row, "batch.num_finished"),
        integer(row, "batch.num_preempted"),
        blocks - count(row, "kv.blocks_free_gpu"),
        blocks);
  }

  private static long count(ParquetRows.Row row, String column) {
    return row.required(column, row.count(column));
  }

  private static int integer(ParquetRows.Row row, String column) {
    return row.required(column, row.integer(column));
  }
}
