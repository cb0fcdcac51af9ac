package io.plumbline.jobs.ingest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.files.Json;
import io.plumbline.files.csv.CsvRow;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.jobs.table.SummaryMetric;
import io.plumbline.jobs.table.SummaryPoint;
import io.plumbline.trace.run.Origin;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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
  private static final Pattern CONCURRENCY = Pattern.compile("silicon_concurrency=(\\d+)");
  private static final String SOURCE = "silicon_data_source";
  private static final String TTFT = "silicon_ttft_ms";
  private static final String TPOT = "silicon_tpot_ms";

  private static final List<String> MODES = List.of("agg", "disagg");
  private static final List<String> TEXTS =
      List.of(SOURCE, "mode", "gemm_quant_mode", "moe_quant_mode");
  private static final List<String> COUNTS =
      List.of(
          "attention_dp_size",
          "moe_tp_size",
          "prefill_batch_size",
          "prefill_num_workers",
          "prefill_tp_size",
          "prefill_pp_size",
          "prefill_attention_dp_size",
          "prefill_moe_tp_size",
          "prefill_moe_ep_size",
          "decode_batch_size",
          "decode_num_workers",
          "decode_tp_size",
          "decode_pp_size",
          "decode_attention_dp_size",
          "decode_moe_tp_size",
          "decode_moe_ep_size");

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
    String[] others =
        Stream.of(
                List.of(
                    "backend_version",
                    "precision",
                    "batch_size",
                    "tp_size",
                    "pp_size",
                    "moe_ep_size"),
                TEXTS,
                COUNTS)
            .flatMap(List::stream)
            .toArray(String[]::new);
    new CsvTable(part.file(), "id", "backend", "model_path", "system", "isl", "osl", TTFT, TPOT)
        .andAtMost(others)
        .forEach(row -> add(row, findings));
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
            .concurrency(concurrency(row))
            .tokens((double) row.integer("isl", 1), (double) row.integer("osl", 1))
            .spec(spec(row));
    add(point, row, TTFT, SummaryMetric.TTFT, findings);
    add(point, row, TPOT, SummaryMetric.TPOT, findings);
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

  private static Integer concurrency(CsvRow row) {
    String source = row.text(SOURCE);
    Matcher matcher = CONCURRENCY.matcher(source == null ? "" : source);
    return matcher.find() ? Integer.valueOf(matcher.group(1)) : null;
  }

  private static String spec(CsvRow row) {
    ObjectNode spec = JsonNodeFactory.instance.objectNode();
    for (String column : TEXTS) {
      if (row.text(column) != null) {
        spec.put(column, row.text(column));
      }
    }
    for (String column : COUNTS) {
      Integer count = row.integerOrNull(column, 0);
      if (count != null) {
        spec.put(column, count);
      }
    }
    return Json.write(spec);
  }
}
