package io.plumbline.files.run;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.trace.run.IterationTiming;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code iteration_metrics.csv}: one row per forward pass and stage, if they were recorded. Columns
 * that say nothing are not written and are null when read from files without them.
 */
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
  private static final String SCHEDULED = "scheduled_time_ns";
  private static final String HOST = "host_time_ns";
  private static final String FLOPS = "model_flops";
  private static final String MFU = "mfu_percent";
  private static final String SCHEDULE = "schedule_ns";
  private static final String PREPARE = "prepare_ns";
  private static final String FORWARD = "forward_ns";
  private static final String SAMPLE = "sample_ns";

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
                        row.nanosOrNull(SCHEDULED),
                        row.nanosOrNull(HOST),
                        row.amountOrNull(FLOPS),
                        row.amountOrNull(MFU),
                        row.nanosOrNull(SCHEDULE),
                        row.nanosOrNull(PREPARE),
                        row.nanosOrNull(FORWARD),
                        row.nanosOrNull(SAMPLE))));
    return iterations;
  }

  static void write(Path file, List<IterationTiming> iterations) throws IOException {
    boolean scheduled = iterations.stream().anyMatch(it -> it.scheduledNanos() != null);
    boolean host = iterations.stream().anyMatch(it -> it.hostNanos() != null);
    boolean flops = iterations.stream().anyMatch(it -> it.modelFlops() != null);
    boolean mfu = iterations.stream().anyMatch(it -> it.mfuPercent() != null);
    boolean phases = iterations.stream().anyMatch(IterationTable::hasPhases);
    try (CsvWriter csv = Csv.writer(file)) {
      List<String> header = new ArrayList<>(List.of(COLUMNS));
      header.add(KV_BLOCKS);
      Csv.addIf(header, scheduled, SCHEDULED);
      Csv.addIf(header, host, HOST);
      Csv.addIf(header, flops, FLOPS);
      Csv.addIf(header, mfu, MFU);
      Csv.addIf(header, phases, SCHEDULE);
      Csv.addIf(header, phases, PREPARE);
      Csv.addIf(header, phases, FORWARD);
      Csv.addIf(header, phases, SAMPLE);
      csv.writeRecord(header);
      for (IterationTiming it : iterations) {
        List<String> row = contractFields(it);
        Csv.addIf(row, scheduled, Csv.text(it.scheduledNanos()));
        Csv.addIf(row, host, Csv.text(it.hostNanos()));
        Csv.addIf(row, flops, Csv.text(it.modelFlops()));
        Csv.addIf(row, mfu, Csv.text(it.mfuPercent()));
        Csv.addIf(row, phases, Csv.text(it.scheduleNanos()));
        Csv.addIf(row, phases, Csv.text(it.prepareNanos()));
        Csv.addIf(row, phases, Csv.text(it.forwardNanos()));
        Csv.addIf(row, phases, Csv.text(it.sampleNanos()));
        csv.writeRecord(row);
      }
    }
  }

  private static boolean hasPhases(IterationTiming it) {
    return it.scheduleNanos() != null
        || it.prepareNanos() != null
        || it.forwardNanos() != null
        || it.sampleNanos() != null;
  }

  private static List<String> contractFields(IterationTiming it) {
    List<String> row = new ArrayList<>();
    row.add(Csv.text(it.replica()));
    row.add(Csv.text(it.stage()));
    row.add(Csv.text(it.iteration()));
    row.add(Csv.text(it.startNanos()));
    row.add(Csv.text(it.durationNanos()));
    row.add(Csv.text(it.batchSize()));
    row.add(Csv.text(it.prefillTokens()));
    row.add(Csv.text(it.decodeTokens()));
    row.add(Csv.text(it.kvBlocksUsed()));
    return row;
  }
}
