package io.plumbline.files.run;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.trace.run.IterationTiming;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code iteration_metrics.csv}: one row per forward pass and stage, if they were recorded. */
final class IterationTable {
  private static final String[] COLUMNS = {
    "replica",
    "stage",
    "iteration",
    "start_time_ns",
    "duration_ns",
    "batch_size",
    "num_prefill_tokens",
    "num_decode_tokens"
  };
  private static final String KV_BLOCKS = "kv_blocks_used";
  private static final String SCHEDULE = "schedule_ns";
  private static final String PREPARE = "prepare_ns";
  private static final String FORWARD = "forward_ns";
  private static final String SAMPLE = "sample_ns";
  private static final List<String> OPTIONAL =
      List.of(KV_BLOCKS, SCHEDULE, PREPARE, FORWARD, SAMPLE);

  private IterationTable() {}

  static List<IterationTiming> read(Path file) {
    List<IterationTiming> iterations = new ArrayList<>();
    new CsvTable(file, COLUMNS)
        .forEach(
            row ->
                iterations.add(
                    new IterationTiming(
                        row.integer("replica", 0),
                        row.integer("stage", 0),
                        row.count("iteration"),
                        row.nanos("start_time_ns"),
                        row.nanos("duration_ns"),
                        row.integer("batch_size", 0),
                        row.integer("num_prefill_tokens", 0),
                        row.integer("num_decode_tokens", 0),
                        row.integerOrNull(KV_BLOCKS, 0),
                        row.nanosOrNull(SCHEDULE),
                        row.nanosOrNull(PREPARE),
                        row.nanosOrNull(FORWARD),
                        row.nanosOrNull(SAMPLE))));
    return iterations;
  }

  static void write(Path file, List<IterationTiming> iterations) throws IOException {
    try (CsvWriter csv = Csv.writer(file)) {
      List<String> header = new ArrayList<>(List.of(COLUMNS));
      header.addAll(OPTIONAL);
      csv.writeRecord(header);
      for (IterationTiming it : iterations) {
        csv.writeRecord(
            Csv.text(it.replica()),
            Csv.text(it.stage()),
            Csv.text(it.iteration()),
            Csv.text(it.startNanos()),
            Csv.text(it.durationNanos()),
            Csv.text(it.batchSize()),
            Csv.text(it.prefillTokens()),
            Csv.text(it.decodeTokens()),
            Csv.text(it.kvBlocksUsed()),
            Csv.text(it.scheduleNanos()),
            Csv.text(it.prepareNanos()),
            Csv.text(it.forwardNanos()),
            Csv.text(it.sampleNanos()));
      }
    }
  }
}
