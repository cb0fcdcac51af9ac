package io.plumbline.jobs.score;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.table.ParquetRows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * Iterations of decodes whose duration a step trace of vLLM gives away: what passes from the start
 * of an iteration to the start of the next, where the trace has both and neither has a prompt. The
 * trace's own columns do not have it: {@code step.duration_us} ends when the iteration is handed
 * over, and {@code cycle_time_us} is a median over gaps of which many are no iteration.
 */
public final class StepTrace {
  private static final List<String> COLUMNS =
      List.of(
          "step.id",
          "step.ts_start_ns",
          "batch.num_decode_reqs",
          "batch.prefill_tokens",
          "kv.blocks_total_gpu",
          "kv.blocks_free_gpu",
          "experiment_id");

  private static final List<String> OTHERS =
      List.of(
          "step.ts_end_ns",
          "step.duration_us",
          "queue.running_depth",
          "queue.waiting_depth",
          "batch.num_prefill_reqs",
          "batch.scheduled_tokens",
          "batch.decode_tokens",
          "batch.num_finished",
          "batch.num_preempted",
          "kv.usage_gpu_ratio",
          "cycle_time_us",
          "matched_iti_count",
          "cycle_time_ratio",
          "model",
          "workload",
          "tp");

  private StepTrace() {}

  /**
   * An iteration.
   *
   * @param contextTokens mean over its requests, from the blocks that are in use
   * @param nanos from its start to the start of the next
   */
  public record Step(int decodes, int contextTokens, long nanos) {}

  private record Row(long id, long start, int decodes, long prefillTokens, long usedBlocks) {}

  /**
   * Reads those of one run.
   *
   * @param blockTokens tokens of a block
   * @throws BadInputException if there are none
   */
  static List<Step> read(Path file, String experiment, int blockTokens) {
    List<Row> rows = new ArrayList<>();
    TreeSet<String> others = new TreeSet<>();
    new ParquetRows(file, COLUMNS, OTHERS)
        .forEach(
            row -> {
              String name = row.required("experiment_id", row.text("experiment_id"));
              if (name.equals(experiment)) {
                rows.add(row(row));
              } else {
                others.add(name);
              }
            });
    rows.sort(Comparator.comparingLong(Row::id));
    List<Step> steps = new ArrayList<>();
    for (int i = 1; i < rows.size(); i++) {
      Row row = rows.get(i - 1);
      Row next = rows.get(i);
      boolean decodes = row.prefillTokens() == 0 && next.prefillTokens() == 0;
      if (next.id() == row.id() + 1 && decodes && row.decodes() > 0) {
        // A request's last block is half full on average.
        double tokens = ((double) row.usedBlocks() / row.decodes() - 0.5) * blockTokens;
        steps.add(
            new Step(
                row.decodes(), Math.max(2, (int) Math.round(tokens)), next.start() - row.start()));
      }
    }
    if (steps.isEmpty()) {
      throw new BadInputException(
          "%s: no iterations of decodes of the experiment %s whose next one is there too. Maybe another experiment: %s"
              .formatted(file, experiment, String.join(", ", others)));
    }
    return steps;
  }

  private static Row row(ParquetRows.Row row) {
    return new Row(
        count(row, "step.id"),
        count(row, "step.ts_start_ns"),
        (int) count(row, "batch.num_decode_reqs"),
        count(row, "batch.prefill_tokens"),
        count(row, "kv.blocks_total_gpu") - count(row, "kv.blocks_free_gpu"));
  }

  private static long count(ParquetRows.Row row, String column) {
    return row.required(column, row.count(column));
  }
}
