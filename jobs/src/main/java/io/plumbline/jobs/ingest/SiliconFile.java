package io.plumbline.jobs.ingest;

import io.plumbline.files.csv.CsvRow;
import io.plumbline.files.csv.CsvTable;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Columns of aiconfigurator's files of measured points, and what they hold in other words; times in
 * ms.
 */
public final class SiliconFile {
  public static final String SOURCE = "silicon_data_source";
  public static final String TTFT = "silicon_ttft_ms";
  public static final String TPOT = "silicon_tpot_ms";

  /** What a point is described by that no table has a column for, as texts. */
  static final List<String> TEXTS = List.of(SOURCE, "mode", "gemm_quant_mode", "moe_quant_mode");

  /** Likewise, as counts. */
  static final List<String> COUNTS =
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

  private static final List<String> OTHERS =
      List.of("backend_version", "precision", "batch_size", "tp_size", "pp_size", "moe_ep_size");

  private static final Pattern CONCURRENCY = Pattern.compile("silicon_concurrency=(\\d+)");

  private SiliconFile() {}

  /** The rows of a file, which has no other columns than these. */
  public static CsvTable table(Path file) {
    String[] optional =
        Stream.of(OTHERS, TEXTS, COUNTS).flatMap(List::stream).toArray(String[]::new);
    return new CsvTable(file, "id", "backend", "model_path", "system", "isl", "osl", TTFT, TPOT)
        .andAtMost(optional);
  }

  /** Requests in flight, as the text of the source has them; null if it does not. */
  public static Integer concurrency(CsvRow row) {
    String source = row.text(SOURCE);
    Matcher stated = CONCURRENCY.matcher(source == null ? "" : source);
    return stated.find() ? Integer.valueOf(stated.group(1)) : null;
  }
}
