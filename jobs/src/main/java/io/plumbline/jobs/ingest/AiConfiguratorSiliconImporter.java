package io.plumbline.jobs.ingest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.files.Json;
import io.plumbline.files.csv.CsvRow;
import io.plumbline.jobs.table.SummaryMetric;
import io.plumbline.jobs.table.SummaryPoint;
import io.plumbline.trace.run.Origin;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;

/**
 * Points that aiconfigurator collected from real deployments, {@code silicon….csv}: TTFT and TPOT
 * of fixed lengths under a constant number of requests in flight.
 *
 * <p>Values are milliseconds, one per point: whose clock they are from and whether they are means,
 * the file does not say. A disaggregated point has its prefill and decode workers in the
 * specification, and no parallelism of its own. The concurrency is the one in the text of the
 * source, for {@code batch_size} is per replica.
 *
 * @see <a href="https://github.com/ai-dynamo/aiconfigurator">aiconfigurator</a>
 */
public final class AiConfiguratorSiliconImporter implements Importer {
  private static final List<String> MODES = List.of("agg", "disagg");

  @Override
  public List<Part> parts(Path path) {
    return Part.eachFile(
        path,
        file -> {
          String name = file.getFileName().toString();
          return name.startsWith("silicon") && name.endsWith(".csv");
        });
  }

  @Override
  public String fileNames() {
    return "files silicon….csv";
  }

  @Override
  public void read(Part part, Findings findings) {
    SiliconFile.table(part.file()).forEach(row -> add(row, findings));
  }

  private static void add(CsvRow row, Findings findings) {
    if (!MODES.contains(row.text("mode"))) {
      throw row.bad("mode", "must be one of " + String.join(", ", MODES));
    }
    SummaryPoint point =
        new SummaryPoint(Origin.MEASURED, row.required("id"))
            .engine(row.required("backend"), row.text("backend_version"))
            .model(row.required("model_path"))
            .device(row.required("system"))
            .precision(row.text("precision"))
            .parallel(
                null,
                row.integerOrNull("tp_size", 1),
                row.integerOrNull("pp_size", 1),
                row.integerOrNull("moe_ep_size", 0))
            .batchSize(row.integerOrNull("batch_size", 1))
            .concurrency(SiliconFile.concurrency(row))
            .tokens((double) row.integer("isl", 1), (double) row.integer("osl", 1))
            .spec(spec(row));
    add(point, row, SiliconFile.TTFT, SummaryMetric.TTFT, findings);
    add(point, row, SiliconFile.TPOT, SummaryMetric.TPOT, findings);
  }

  private static void add(
      SummaryPoint point, CsvRow row, String column, SummaryMetric metric, Findings findings) {
    BigDecimal millis = row.decimalOrNull(column);
    if (millis == null) {
      return;
    }
    if (millis.signum() < 0) {
      throw row.bad(column, "must not be negative");
    }
    findings.summary(point, metric, "single", Nanos.ofMillis(millis));
  }

  private static String spec(CsvRow row) {
    ObjectNode spec = JsonNodeFactory.instance.objectNode();
    for (String column : SiliconFile.TEXTS) {
      if (row.text(column) != null) {
        spec.put(column, row.text(column));
      }
    }
    for (String column : SiliconFile.COUNTS) {
      Integer count = row.integerOrNull(column, 0);
      if (count != null) {
        spec.put(column, count);
      }
    }
    return Json.write(spec);
  }
}
