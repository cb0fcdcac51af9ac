package io.plumbline.jobs.compass;

import io.plumbline.files.BadInputException;
import io.plumbline.files.Names;
import io.plumbline.jobs.table.OperatorTiming;
import io.plumbline.simulator.compass.Accelerator;
import io.plumbline.simulator.compass.HardwareSystem;
import io.plumbline.simulator.compass.MapperMode;
import io.plumbline.simulator.compass.MatmulBreakdown;
import io.plumbline.simulator.compass.MatmulOperator;
import io.plumbline.simulator.compass.MatmulShape;
import io.plumbline.simulator.compass.RowOperators;
import java.util.List;
import java.util.Locale;

/**
 * One operator of one size, and what LLMCompass says of it.
 *
 * @param operator one of {@link #OPERATORS}
 * @param m rows; null where the operator has none, as with the others
 * @param batch equal products; null for one
 * @param elements of a vector
 * @param bytes of a message
 */
public record OperatorQuery(
    String operator, Long m, Long n, Long k, Long batch, Long elements, Long bytes) {
  static final List<String> OPERATORS =
      List.of("matmul", "softmax", "layernorm", "gelu", "allreduce");

  public OperatorQuery {
    if (!OPERATORS.contains(operator)) {
      throw new BadInputException(
          "unknown operator %s. %s".formatted(operator, Names.hint(operator, OPERATORS)));
    }
    switch (operator) {
      case "matmul" -> {
        require("m", m, operator);
        require("n", n, operator);
        require("k", k, operator);
      }
      case "softmax", "layernorm" -> {
        require("m", m, operator);
        require("n", n, operator);
      }
      case "gelu" -> require("elements", elements, operator);
      default -> require("bytes", bytes, operator);
    }
    if (batch != null && batch <= 0) {
      throw new BadInputException("batch (%d) must be positive".formatted(batch));
    }
  }

  private static void require(String what, Long value, String operator) {
    if (value == null) {
      throw new BadInputException("%s needs %s. Maybe: --%s 4096".formatted(operator, what, what));
    }
    if (value <= 0) {
      throw new BadInputException("%s (%d) must be positive".formatted(what, value));
    }
  }

  /** Seconds without the launch overhead. */
  double seconds(HardwareSystem system, MatmulOperator matmuls) {
    try {
      Accelerator device = system.device();
      RowOperators rows = new RowOperators(device);
      return switch (operator) {
        case "matmul" ->
            batch == null || batch == 1
                ? matmuls.matmul(shape()).seconds()
                : matmuls.batchedSeconds(batch, shape());
        case "softmax" -> rows.softmax(m, n).seconds(device);
        case "layernorm" -> rows.layerNorm(m, n, matmuls.mode()).seconds(device);
        case "gelu" -> rows.geluSeconds(elements);
        default -> allReduce(system);
      };
    } catch (IllegalArgumentException e) {
      throw new BadInputException("%s: %s".formatted(operator, e.getMessage()), e);
    }
  }

  private double allReduce(HardwareSystem system) {
    if (system.links() == null || system.links().devices() < 2) {
      throw new IllegalArgumentException(
          "%s has no links between devices".formatted(system.name()));
    }
    return system.links().allReduceSeconds(bytes);
  }

  private MatmulShape shape() {
    return MatmulShape.fp16(m, n, k);
  }

  /** Seconds of starting it. */
  double launchSeconds(Accelerator device) {
    return switch (operator) {
      case "matmul" -> device.overheads().matmulSeconds();
      case "softmax" -> device.overheads().softmaxSeconds();
      case "layernorm" -> device.overheads().layerNormSeconds();
      case "gelu" -> device.overheads().geluSeconds();
      default -> 0;
    };
  }

  /** What is known of it in words, one line each. */
  public String text(HardwareSystem system, MapperMode mode) {
    MatmulOperator matmuls = new MatmulOperator(system.device(), mode);
    double seconds = seconds(system, matmuls);
    StringBuilder text = new StringBuilder();
    line(text, "device", "%s, %s".formatted(system.name(), mode.word()));
    line(text, "latency", micros(seconds));
    line(text, "launch overhead", micros(launchSeconds(system.device())) + " besides");
    if (operator.equals("matmul") && (batch == null || batch == 1)) {
      product(text, system.device(), matmuls);
    }
    return text.toString();
  }

  private void product(StringBuilder text, Accelerator device, MatmulOperator matmuls) {
    MatmulOperator.Result found = matmuls.matmul(shape());
    if (found.mapping() == null) {
      boolean none = found.cycles() != null;
      double computed = shape().flops() / device.vectorFlopsPerSecond();
      line(text, "mapping", none ? "none fits this mode" : "none: a vector, past the arrays");
      line(text, "bound", none || computed < found.seconds() ? "memory" : "compute");
      line(
          text,
          "utilisation",
          percent(shape().flops() / device.arrayFlopsPerSecond() / found.seconds()));
      return;
    }
    MatmulBreakdown parts = MatmulBreakdown.of(device, matmuls.mode(), shape(), found.mapping());
    line(text, "cycles", "%,d".formatted(found.cycles()));
    line(text, "mapping", found.mapping().toString());
    line(text, "mappings tried", "%,d".formatted(matmuls.candidates(shape())));
    line(text, "bound", parts.bound().word());
    line(
        text,
        "cycles by cause",
        "compute %,.0f, L1 %,.0f, L2 %,.0f, memory %,.0f"
            .formatted(
                parts.compute(), parts.localBuffers(), parts.globalBuffer(), parts.memory()));
    line(text, "utilisation", percent(parts.utilisation()));
  }

  private static void line(StringBuilder text, String what, String value) {
    text.append(String.format(Locale.ROOT, "%-16s %s%n", what, value));
  }

  private static String micros(double seconds) {
    return String.format(Locale.ROOT, "%.3f us", seconds * 1e6);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", share * 100);
  }

  /** The operator on its way to its table. */
  OperatorTiming timing(HardwareSystem system) {
    int devices = operator.equals("allreduce") ? system.links().devices() : 1;
    return new OperatorTiming(operator)
        .device(system.name(), devices)
        .framework("llmcompass", null, null)
        .dtype("fp16", null)
        .batch(batch == null ? null : Math.toIntExact(batch))
        .matrix(m, n, k)
        .elements(elements)
        .bytes(bytes)
        .statistic("model");
  }
}
