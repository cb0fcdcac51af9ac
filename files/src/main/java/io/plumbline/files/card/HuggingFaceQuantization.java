package io.plumbline.files.card;

import io.plumbline.files.BadInputException;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.trace.model.WeightFormat;
import io.plumbline.trace.model.WeightQuantization;
import java.util.List;

/**
 * The {@code quantization_config} of a {@code config.json} on Hugging Face. Which matrices it
 * leaves alone is asked for one layer in the middle (of the MLP beside experts: the first): that
 * some checkpoints leave single layers alone as well is not counted.
 */
final class HuggingFaceQuantization {
  private static final List<String> METHODS =
      List.of("fp8", "fbgemm_fp8", "gptq", "awq", "compressed-tensors", "modelopt", "mxfp4");

  private final ConfNode config;
  private final ExcludedModules excluded;

  private HuggingFaceQuantization(ConfNode config, ExcludedModules excluded) {
    this.config = config;
    this.excluded = excluded;
  }

  /**
   * How the matrices are quantised; null if the model's config has no such key.
   *
   * @param model the whole {@code config.json}
   * @param sparse whether it has experts
   * @throws BadInputException if the method is not known, or not to its details
   */
  static WeightQuantization of(ConfNode model, int layers, boolean sparse) {
    ConfNode config = model.get("quantization_config");
    if (config == null || config.kind() != ConfNode.Kind.MAPPING) {
      return null;
    }
    return new HuggingFaceQuantization(config, new ExcludedModules(config, layers, sparse)).read();
  }

  private WeightQuantization read() {
    String method = text(config, "quant_method");
    return switch (method == null ? "" : method) {
      case "fp8" -> quantized(WeightFormat.FP8, block(), false);
      case "fbgemm_fp8" -> quantized(WeightFormat.FP8, null, false);
      case "mxfp4" -> quantized(WeightFormat.MXFP4, WeightFormat.MXFP4.weightsPerScale(), false);
      case "gptq" -> integers("bits", "group_size", "false".equals(text(config, "sym")));
      case "awq" -> integers("bits", "group_size", !"false".equals(text(config, "zero_point")));
      case "modelopt" -> modelOpt();
      case "compressed-tensors" -> new CompressedTensors(config, excluded).read();
      default ->
          throw new BadInputException(
              "%s: quant_method (%s) is not supported. Supported: %s. Maybe remove quantization_config and state quantization in the sweep."
                  .formatted(config.where(), method, String.join(", ", METHODS)));
    };
  }

  private WeightQuantization quantized(WeightFormat format, Integer perScale, boolean zeroPoints) {
    return new WeightQuantization(format, perScale, zeroPoints, excluded.groups());
  }

  /** FP8 in blocks, as DeepSeek-V3 has it; null without. */
  private Integer block() {
    ConfNode size = config.get("weight_block_size");
    if (size == null || size.kind() != ConfNode.Kind.SEQUENCE) {
      return null;
    }
    return blockSize(size);
  }

  /** Weights of a block with these sides. */
  static int blockSize(ConfNode sides) {
    int weights = 1;
    for (ConfNode side : sides.items()) {
      weights = Math.multiplyExact(weights, integer(side));
    }
    return weights;
  }

  private WeightQuantization integers(String bitsKey, String groupKey, boolean zeroPoints) {
    WeightFormat format = integerFormat(config, integer(config, bitsKey));
    Integer group = integer(config, groupKey);
    Integer perScale = group == null || group <= 0 ? null : group;
    return quantized(format, perScale, zeroPoints && perScale != null);
  }

  private WeightQuantization modelOpt() {
    String algorithm = text(config, "quant_algo");
    return switch (algorithm == null ? "" : algorithm) {
      case "FP8" -> quantized(WeightFormat.FP8, null, false);
      case "NVFP4" -> quantized(WeightFormat.NVFP4, WeightFormat.NVFP4.weightsPerScale(), false);
      default ->
          throw new BadInputException(
              "%s: quant_algo (%s) of modelopt is not supported. Supported: FP8, NVFP4."
                  .formatted(config.where(), algorithm));
    };
  }

  /** Integers with activations in 16 bits. */
  static WeightFormat integerFormat(ConfNode place, Integer bits) {
    if (bits == null || (bits != 4 && bits != 8)) {
      throw new BadInputException(
          "%s: integers of %s bits are not supported, only of 4 and 8"
              .formatted(place.where(), bits));
    }
    return bits == 4 ? WeightFormat.W4A16 : WeightFormat.W8A16;
  }

  /** The text of a key; null without one. */
  static String text(ConfNode node, String key) {
    ConfNode value = node.get(key);
    return value == null || value.kind() != ConfNode.Kind.SCALAR ? null : value.text();
  }

  /** The integer of a key; null without one. */
  static Integer integer(ConfNode node, String key) {
    return text(node, key) == null ? null : integer(node.get(key));
  }

  private static int integer(ConfNode node) {
    try {
      return Integer.parseInt(node.text());
    } catch (NumberFormatException e) {
      throw new BadInputException(
          "%s: expected an integer, found %s".formatted(node.where(), node.text()), e);
    }
  }
}
