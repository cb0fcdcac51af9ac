package io.plumbline.jobs.ingest;

import io.plumbline.files.BadInputException;
import io.plumbline.files.csv.CsvRow;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.jobs.table.OperatorTiming;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Operators that LLMCompass measured on real hardware, one CSV per operator and device, such as
 * {@code matmul_A100.csv}; the device is known by the file's name. What it simulated is called
 * {@code …_sim.csv} and is not taken, nor is {@code die_area.csv}, which holds no times.
 *
 * <p>Times are medians of 50 on PyTorch's wall clock, launch and PyTorch included. Where a file
 * gives a throughput, with more digits than the time beside it, the time is worked out from that.
 * The twelve values of {@code transformer_…} are one GPT-3 layer (12288 wide, 96 heads) on four
 * devices with batch 8: 2048 tokens of prefill, or in {@code transformerAR_…} one token after 3071.
 *
 * @see <a href="https://github.com/PrincetonUniversity/LLMCompass">LLMCompass, ae/figure5</a>
 */
public final class LlmCompassImporter implements Importer {
  private static final Pattern OPERATOR =
      Pattern.compile(
          "(matmul|softmax|layernorm|gelu|transformer|transformerAR)_([A-Za-z0-9]+)\\.csv");
  private static final Pattern ALL_REDUCE =
      Pattern.compile("allreduce_(\\d+)x([A-Za-z0-9]+)_([A-Za-z0-9]+)\\.csv");

  private static final String GEMM_TYPE = "bf16";
  private static final String OTHER_TYPE = "fp16";
  private static final int LAYER_DEVICES = 4;
  private static final int LAYER_BATCH = 8;
  private static final long PREFILL_TOKENS = 2048;
  private static final long DECODE_KV_TOKENS = 3072;

  /**
   * A part of the layer: how the source calls it, whether it is a GEMM, whether all devices talk.
   */
  private record LayerPart(String name, String dtype, int devices) {}

  private static final List<LayerPart> LAYER =
      List.of(
          new LayerPart("q_k_v", GEMM_TYPE, 1),
          new LayerPart("q_mul_k", OTHER_TYPE, 1),
          new LayerPart("a_mul_v", OTHER_TYPE, 1),
          new LayerPart("wo_proj", GEMM_TYPE, 1),
          new LayerPart("w1_proj", GEMM_TYPE, 1),
          new LayerPart("w2_proj", GEMM_TYPE, 1),
          new LayerPart("softmax", OTHER_TYPE, 1),
          new LayerPart("layernorm_mha", OTHER_TYPE, 1),
          new LayerPart("layernorm_ffn", OTHER_TYPE, 1),
          new LayerPart("gelu", OTHER_TYPE, 1),
          new LayerPart("allreduce_mha", OTHER_TYPE, LAYER_DEVICES),
          new LayerPart("allreduce_ffn", OTHER_TYPE, LAYER_DEVICES));

  @Override
  public List<Part> parts(Path path) {
    return Part.eachFile(path, LlmCompassImporter::isMeasured);
  }

  private static boolean isMeasured(Path file) {
    String name = file.getFileName().toString();
    return OPERATOR.matcher(name).matches() || ALL_REDUCE.matcher(name).matches();
  }

  @Override
  public String fileNames() {
    return "matmul_, softmax_, layernorm_, gelu_, transformer_, transformerAR_DEVICE.csv and"
        + " allreduce_NxDEVICE_LINK.csv";
  }

  @Override
  public void read(Part part, Findings findings) {
    Path file = part.file();
    Matcher allReduce = ALL_REDUCE.matcher(file.getFileName().toString());
    if (allReduce.matches()) {
      readAllReduce(file, allReduce, findings);
      return;
    }
    Matcher operator = OPERATOR.matcher(file.getFileName().toString());
    if (!operator.matches()) {
      throw new BadInputException(
          "%s: the name must say operator and device. Known: %s".formatted(file, fileNames()));
    }
    String name = operator.group(1);
    String device = operator.group(2);
    switch (name) {
      case "matmul" -> readMatmul(file, device, findings);
      case "gelu" -> readGelu(file, device, findings);
      case "softmax", "layernorm" -> readRows(file, name, device, findings);
      default -> readLayer(file, name.equals("transformerAR"), device, findings);
    }
  }

  private static OperatorTiming measured(
      String operator, String dtype, String device, int devices) {
    return new OperatorTiming(operator)
        .device(device, devices)
        .framework("pytorch", null, null)
        .dtype(dtype, null)
        .statistic("median");
  }

  private static void readMatmul(Path file, String device, Findings findings) {
    CsvTable.withoutHeader(file, "m", "n", "k", "latency", "throughput")
        .forEach(
            row -> {
              long m = count(row, "m");
              long n = count(row, "n");
              long k = count(row, "k");
              quantity(row, "latency", "ms");
              double teraflops = quantity(row, "throughput", "Tflops");
              findings.operator(
                  measured("matmul", GEMM_TYPE, device, 1).matrix(m, n, k),
                  2.0 * m * n * k / teraflops / 1e3);
            });
  }

  private static void readRows(Path file, String operator, String device, Findings findings) {
    CsvTable.withoutHeader(file, "m", "n", "throughput")
        .forEach(
            row -> {
              long m = count(row, "m");
              long n = count(row, "n");
              findings.operator(
                  measured(operator, OTHER_TYPE, device, 1).matrix(m, n, null),
                  (double) m * n / quantity(row, "throughput", ""));
            });
  }

  private static void readGelu(Path file, String device, Findings findings) {
    CsvTable.withoutHeader(file, "elements", "throughput")
        .forEach(
            row -> {
              long elements = count(row, "elements");
              findings.operator(
                  measured("gelu", OTHER_TYPE, device, 1).elements(elements),
                  elements / quantity(row, "throughput", ""));
            });
  }

  private static void readLayer(Path file, boolean decode, String device, Findings findings) {
    List<BigDecimal> seconds = new ArrayList<>();
    CsvTable.withoutHeader(file, "seconds").forEach(row -> seconds.add(positive(row, "seconds")));
    if (seconds.size() != LAYER.size()) {
      throw new BadInputException(
          "%s: %d values, but a layer has %d. Maybe the file was cut off."
              .formatted(file, seconds.size(), LAYER.size()));
    }
    long tokens = decode ? 1 : PREFILL_TOKENS;
    for (int i = 0; i < LAYER.size(); i++) {
      LayerPart layerPart = LAYER.get(i);
      findings.operator(
          measured(layerPart.name(), layerPart.dtype(), device, layerPart.devices())
              .model("gpt-3", LAYER_DEVICES)
              .tokens(tokens * LAYER_BATCH)
              .batch(LAYER_BATCH)
              .attention(tokens, decode ? DECODE_KV_TOKENS : PREFILL_TOKENS),
          Nanos.ofSeconds(seconds.get(i)));
    }
  }

  private static void readAllReduce(Path file, Matcher name, Findings findings) {
    new CsvTable(file, "bytes", "latency_us")
        .andAtMost()
        .forEach(
            row ->
                findings.operator(
                    measured("all_reduce", null, name.group(2), Integer.parseInt(name.group(1)))
                        .framework("pytorch", null, name.group(3))
                        .bytes(row.count("bytes")),
                    Nanos.ofMicros(positive(row, "latency_us"))));
  }

  private static BigDecimal positive(CsvRow row, String column) {
    BigDecimal value = row.decimal(column);
    if (value.signum() <= 0) {
      throw row.bad(column, "must be positive");
    }
    return value;
  }

  private static long count(CsvRow row, String column) {
    BigDecimal value = positive(row, column);
    try {
      return value.longValueExact();
    } catch (ArithmeticException e) {
      throw row.bad(column, "must be an integer");
    }
  }

  /** A number with its unit behind it. */
  private static double quantity(CsvRow row, String column, String unit) {
    String text = row.required(column).strip();
    try {
      if (text.endsWith(unit)) {
        double value = Double.parseDouble(text.substring(0, text.length() - unit.length()));
        if (value > 0) {
          return value;
        }
      }
    } catch (NumberFormatException e) {
      throw row.bad(column, "must be a positive number" + (unit.isEmpty() ? "" : " of " + unit));
    }
    throw row.bad(column, "must be a positive number" + (unit.isEmpty() ? "" : " of " + unit));
  }
}
