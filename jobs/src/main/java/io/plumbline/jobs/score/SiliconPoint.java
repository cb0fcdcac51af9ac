package io.plumbline.jobs.score;

import io.plumbline.files.csv.CsvRow;
import io.plumbline.jobs.ingest.SiliconFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A point of aiconfigurator's {@code silicon….csv}: a closed loop of so many requests in flight.
 *
 * @param source where the file says that it is from
 * @param precision as stated, or {@code 16 bits} where nothing is
 * @param products number format of products; null for 16 bits
 * @param attentionReplicas data parallel degree of attention
 * @param tensor null of a disaggregated point, like the following
 */
record SiliconPoint(
    String id,
    String source,
    String backend,
    String model,
    String system,
    String precision,
    String products,
    boolean disaggregated,
    int promptTokens,
    int outputTokens,
    Integer inFlight,
    Integer tensor,
    Integer pipeline,
    int attentionReplicas,
    int expert,
    double ttftMs,
    double tpotMs) {
  /** All points of a file. */
  static List<SiliconPoint> read(Path file) {
    List<SiliconPoint> points = new ArrayList<>();
    SiliconFile.table(file).forEach(row -> points.add(of(row)));
    return points;
  }

  private static SiliconPoint of(CsvRow row) {
    String source = row.text(SiliconFile.SOURCE);
    Integer concurrency = SiliconFile.concurrency(row);
    String precision = row.text("precision");
    return new SiliconPoint(
        row.required("id"),
        source == null ? "" : source,
        row.required("backend"),
        row.required("model_path"),
        row.required("system"),
        precision == null ? "16 bits" : precision,
        row.text("gemm_quant_mode"),
        "disagg".equals(row.text("mode")),
        (int) row.integer("isl", 1),
        (int) row.integer("osl", 1),
        concurrency == null ? row.integerOrNull("batch_size", 1) : concurrency,
        row.integerOrNull("tp_size", 1),
        row.integerOrNull("pp_size", 0),
        orOne(row.integerOrNull("attention_dp_size", 0)),
        orOne(row.integerOrNull("moe_ep_size", 0)),
        row.decimal(SiliconFile.TTFT).doubleValue(),
        row.decimal(SiliconFile.TPOT).doubleValue());
  }

  private static int orOne(Integer degree) {
    return degree == null ? 1 : Math.max(1, degree);
  }

  /** Where it is shown. */
  String row() {
    return "%s | %s | %s | %s".formatted(backend, model, precision, system);
  }
}
