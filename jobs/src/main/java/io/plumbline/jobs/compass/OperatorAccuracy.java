package io.plumbline.jobs.compass;

import io.plumbline.jobs.ingest.LlmCompassImporter;
import io.plumbline.jobs.ingest.Part;
import io.plumbline.jobs.report.TextTable;
import io.plumbline.jobs.report.TextTable.Align;
import io.plumbline.jobs.table.OperatorTiming;
import io.plumbline.jobs.table.OperatorTimingRow;
import io.plumbline.simulator.compass.BuiltInHardware;
import io.plumbline.simulator.compass.HardwareSystem;
import io.plumbline.simulator.compass.MapperMode;
import io.plumbline.simulator.compass.MatmulOperator;
import io.plumbline.simulator.compass.TransformerBlock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * LLMCompass's operators against those measured for its paper: the mean of the absolute relative
 * errors by operator and device, launch overheads included, and the signed error of whole blocks.
 */
public final class OperatorAccuracy extends OperatorFindings {
  private static final int HIDDEN = 12288;
  private static final int HEADS = 96;

  private final Map<String, List<Double>> errors = new LinkedHashMap<>();
  private final Map<String, double[]> blocks = new LinkedHashMap<>();
  private final Map<String, MatmulOperator> matmuls = new LinkedHashMap<>();

  /** Reads what was measured and compares it; a table in plain text. */
  public static String text(Path measured) {
    LlmCompassImporter importer = new LlmCompassImporter();
    OperatorAccuracy accuracy = new OperatorAccuracy();
    for (Part part : importer.parts(measured)) {
      importer.read(part, accuracy);
    }
    return accuracy.table();
  }

  @Override
  public void operator(OperatorTiming timing, double timeNs) {
    OperatorTimingRow row = timing.row("", timeNs);
    HardwareSystem system = BuiltInHardware.of(row.device());
    if (system == null) {
      return;
    }
    double measured = timeNs / 1e9;
    if (row.model() != null) {
      block(row, system, measured);
      return;
    }
    String operator = row.operator().equals("all_reduce") ? "allreduce" : row.operator();
    OperatorQuery query =
        new OperatorQuery(operator, row.m(), row.n(), row.k(), null, row.elements(), row.bytes());
    double predicted = query.seconds(system, matmuls(system)) + launchSeconds(query, system);
    errors
        .computeIfAbsent(operator + " " + row.device(), key -> new ArrayList<>())
        .add(predicted / measured - 1);
  }

  /** The paper's script adds the overhead of a softmax to the MI210's products. */
  private static double launchSeconds(OperatorQuery query, HardwareSystem system) {
    return query.operator().equals("matmul") && system.name().equals("MI210")
        ? system.device().overheads().softmaxSeconds()
        : query.launchSeconds(system.device());
  }

  private MatmulOperator matmuls(HardwareSystem system) {
    return matmuls.computeIfAbsent(
        system.name(),
        name -> new MatmulOperator(system.device(), MapperMode.fitting(system.device())));
  }

  private void block(OperatorTimingRow row, HardwareSystem system, double measured) {
    boolean decode = row.queryTokens() == 1;
    double[] sums =
        blocks.computeIfAbsent(
            "GPT-3 block, " + (decode ? "decode " : "prefill ") + row.device(),
            key -> {
              TransformerBlock block =
                  new TransformerBlock(
                      system, matmuls(system), HIDDEN, HEADS, row.tensorParallel());
              return new double[] {
                0,
                (decode
                        ? block.decodeParts(row.batch(), row.kvTokens())
                        : block.prefillParts(row.batch(), row.queryTokens()))
                    .total()
              };
            });
    sums[0] += measured;
  }

  private String table() {
    TextTable table =
        new TextTable(
            List.of(Align.LEFT, Align.RIGHT, Align.RIGHT, Align.RIGHT),
            List.of("operator", "points", "mean |error|", "mean error"));
    errors.forEach(
        (name, all) ->
            table.add(
                List.of(
                    name,
                    String.valueOf(all.size()),
                    percent(all.stream().mapToDouble(Math::abs).average().orElseThrow()),
                    percent(all.stream().mapToDouble(e -> e).average().orElseThrow()))));
    blocks.forEach(
        (name, sums) -> {
          double error = sums[1] / sums[0] - 1;
          table.add(List.of(name, "1", percent(Math.abs(error)), percent(error)));
        });
    return table.text();
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", share * 100);
  }
}
