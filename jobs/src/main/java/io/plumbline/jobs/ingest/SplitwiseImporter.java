package io.plumbline.jobs.ingest;

import io.plumbline.files.csv.CsvRow;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.jobs.table.SummaryMetric;
import io.plumbline.jobs.table.SummaryPoint;
import io.plumbline.trace.run.Origin;
import java.nio.file.Path;
import java.util.List;

/**
 * The table of splitwise-sim, {@code perf_model.csv}: one measurement of a static batch per row,
 * often several of the same batch.
 *
 * <p>Times are milliseconds; whose clock they are from, the table does not say. Batches start at
 * once, so {@code prompt_time} is a TTFT without queueing and {@code token_time} the mean time per
 * token after it; together they are not always {@code e2e_time}. Powers are parts of the device's
 * rated power.
 *
 * @see <a href="https://github.com/Mutinifni/splitwise-sim">splitwise-sim</a>
 */
public final class SplitwiseImporter implements Importer {
  private static final String FILE = "perf_model.csv";

  @Override
  public List<Part> parts(Path path) {
    return Part.eachFile(path, file -> file.getFileName().toString().equals(FILE));
  }

  @Override
  public String fileNames() {
    return FILE;
  }

  @Override
  public void read(Part part, Findings findings) {
    new CsvTable(
            part.file(),
            "model",
            "hardware",
            "prompt_size",
            "batch_size",
            "token_size",
            "peak_power",
            "average_power",
            "prompt_time",
            "token_time",
            "e2e_time",
            "tensor_parallel")
        .andAtMost()
        .forEach(row -> add(row, findings));
  }

  private static void add(CsvRow row, Findings findings) {
    int batch = row.integer("batch_size", 1);
    SummaryPoint point =
        // Rows may be equal in all but their times, so the line is part of the name.
        new SummaryPoint(Origin.MEASURED, "line " + row.line())
            .model(row.required("model"))
            .device(row.required("hardware"))
            .devices(row.integer("tensor_parallel", 1))
            .parallel(1, row.integer("tensor_parallel", 1), null, null)
            .batchSize(batch)
            .requests(batch)
            .tokens(
                row.decimal("prompt_size").doubleValue(), row.decimal("token_size").doubleValue());
    time(point, row, "prompt_time", SummaryMetric.TTFT, findings);
    time(point, row, "token_time", SummaryMetric.TPOT, findings);
    time(point, row, "e2e_time", SummaryMetric.E2E, findings);
    power(point, row, "peak_power", SummaryMetric.PEAK_POWER_TO_TDP, findings);
    power(point, row, "average_power", SummaryMetric.MEAN_POWER_TO_TDP, findings);
  }

  private static void time(
      SummaryPoint point, CsvRow row, String column, SummaryMetric metric, Findings findings) {
    findings.summary(point, metric, "single", Nanos.ofMillis(row.decimal(column)));
  }

  private static void power(
      SummaryPoint point, CsvRow row, String column, SummaryMetric metric, Findings findings) {
    findings.summary(point, metric, "single", row.decimal(column).doubleValue());
  }
}
