package io.plumbline.jobs.score;

import io.plumbline.files.csv.CsvRow;
import io.plumbline.files.csv.CsvTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
  private static final Pattern CONCURRENCY = Pattern.compile("silicon_concurrency=(\\d+)");

  private static final String[] READ = {
    "id", "backend", "model_path", "system", "isl", "osl", "silicon_ttft_ms", "silicon_tpot_ms"
  };

  private static final String[] ALSO = {
    "silicon_data_source",
    "backend_version",
    "precision",
    "mode",
    "gemm_quant_mode",
    "moe_quant_mode",
    "batch_size",
    "tp_size",
    "pp_size",
    "attention_dp_size",
    "moe_tp_size",
    "moe_ep_size",
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
    "decode_moe_ep_size"
  };

  /** All points of a file. */
  static List<SiliconPoint> read(Path file) {
    List<SiliconPoint> points = new ArrayList<>();
    new CsvTable(file, READ).andAtMost(ALSO).forEach(row -> points.add(of(row)));
    return points;
  }

  private static SiliconPoint of(CsvRow row) {
    String source = row.text("silicon_data_source") == null ? "" : row.text("silicon_data_source");
    Matcher concurrency = CONCURRENCY.matcher(source);
    String precision = row.text("precision");
    return new SiliconPoint(
        row.required("id"),
        source,
        row.required("backend"),
        row.required("model_path"),
        row.required("system"),
        precision == null ? "16 bits" : precision,
        row.text("gemm_quant_mode"),
        "disagg".equals(row.text("mode")),
        (int) row.integer("isl", 1),
        (int) row.integer("osl", 1),
        concurrency.find()
            ? Integer.valueOf(concurrency.group(1))
            : row.integerOrNull("batch_size", 1),
        row.integerOrNull("tp_size", 1),
        row.integerOrNull("pp_size", 0),
        orOne(row.integerOrNull("attention_dp_size", 0)),
        orOne(row.integerOrNull("moe_ep_size", 0)),
        row.decimal("silicon_ttft_ms").doubleValue(),
        row.decimal("silicon_tpot_ms").doubleValue());
  }

  private static int orOne(Integer degree) {
    return degree == null ? 1 : Math.max(1, degree);
  }

  /** Where it is shown. */
  String row() {
    return "%s | %s | %s | %s".formatted(backend, model, precision, system);
  }
}
