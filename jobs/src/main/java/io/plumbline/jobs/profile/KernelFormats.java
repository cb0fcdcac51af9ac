package io.plumbline.jobs.profile;

import io.plumbline.files.BadInputException;
import io.plumbline.simulator.hardware.KvFormat;
import io.plumbline.trace.model.WeightGroup;
import io.plumbline.trace.model.WeightQuantization;
import java.util.Locale;

/** Number formats under the names that aiconfigurator's tables give them. */
final class KernelFormats {
  /** Weights that share a scale in blocks of 128 by 128. */
  private static final int BLOCK = 128 * 128;

  private KernelFormats() {}

  /** Of products with quantised weights. */
  static String ofProducts(WeightQuantization quantization) {
    return switch (quantization.format()) {
      case FP8 -> quantization.weightsPerScale() == null ? "fp8" : fp8Blocks(quantization);
      case NVFP4 -> "nvfp4";
      case INT8 -> "int8";
      case W8A16 -> "int8_wo";
      case W4A16 -> "int4_wo";
      case MXFP4 -> "w4a16_mxfp4";
    };
  }

  private static String fp8Blocks(WeightQuantization quantization) {
    if (quantization.weightsPerScale() != BLOCK) {
      throw new BadInputException(
          "tables have FP8 with a scale per tensor or per %d weights, not per %d"
              .formatted(BLOCK, quantization.weightsPerScale()));
    }
    return "fp8_block";
  }

  /**
   * Of experts.
   *
   * @param quantization null for 16 bits
   */
  static String ofExperts(WeightQuantization quantization) {
    boolean plain = quantization == null || !quantization.covers(WeightGroup.EXPERTS);
    return plain ? "bfloat16" : ofProducts(quantization);
  }

  /** Of cached keys and values. */
  static String ofCache(KvFormat format) {
    return switch (format) {
      case AUTO, FLOAT16 -> "bfloat16";
      case FP8, INT8, NVFP4 -> format.name().toLowerCase(Locale.ROOT);
    };
  }
}
