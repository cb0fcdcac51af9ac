package io.plumbline.files.card;

import io.plumbline.files.BadInputException;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.trace.model.WeightFormat;
import io.plumbline.trace.model.WeightGroup;
import io.plumbline.trace.model.WeightQuantization;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code quantization_config} that llm-compressor writes: one scheme of weights and
 * activations, and the modules it is for.
 *
 * @see <a href="https://github.com/neuralmagic/compressed-tensors">compressed-tensors</a>
 */
final class CompressedTensors {
  private final ConfNode config;
  private final ExcludedModules excluded;

  CompressedTensors(ConfNode config, ExcludedModules excluded) {
    this.config = config;
    this.excluded = excluded;
  }

  WeightQuantization read() {
    ConfNode groups = config.get("config_groups");
    if (groups == null || groups.kind() != ConfNode.Kind.MAPPING || groups.entries().size() != 1) {
      throw new BadInputException(
          "%s: config_groups must have one group: several number formats in one checkpoint are not supported"
              .formatted(config.where()));
    }
    ConfNode group = groups.entries().values().iterator().next();
    ConfNode weights = group.get("weights");
    if (weights == null || weights.kind() != ConfNode.Kind.MAPPING) {
      throw new BadInputException("%s: misses weights".formatted(group.where()));
    }
    WeightFormat format = format(weights, group.get("input_activations"));
    Integer perScale = weightsPerScale(weights);
    boolean zeroPoints =
        perScale != null && "false".equals(HuggingFaceQuantization.text(weights, "symmetric"));
    return new WeightQuantization(format, perScale, zeroPoints, unquantized(group));
  }

  private static WeightFormat format(ConfNode weights, ConfNode activations) {
    Integer bits = HuggingFaceQuantization.integer(weights, "num_bits");
    String type = HuggingFaceQuantization.text(weights, "type");
    boolean both = activations != null && activations.kind() == ConfNode.Kind.MAPPING;
    Integer inputBits = both ? HuggingFaceQuantization.integer(activations, "num_bits") : null;
    if (both && !bits.equals(inputBits)) {
      throw unsupported(weights, type, bits, "activations of %s bits".formatted(inputBits));
    }
    if ("int".equals(type)) {
      return both && bits == 8
          ? WeightFormat.INT8
          : HuggingFaceQuantization.integerFormat(weights, both ? null : bits);
    }
    Integer group = HuggingFaceQuantization.integer(weights, "group_size");
    if (bits != null && bits == 8) {
      return both ? WeightFormat.FP8 : WeightFormat.W8A16;
    }
    if (bits != null && bits == 4 && both && group != null && group == 16) {
      return WeightFormat.NVFP4;
    }
    if (bits != null && bits == 4 && group != null && group == 32) {
      return WeightFormat.MXFP4;
    }
    throw unsupported(weights, type, bits, both ? "quantised activations" : "activations as is");
  }

  private static BadInputException unsupported(
      ConfNode weights, String type, Integer bits, String activations) {
    return new BadInputException(
        "%s: weights of type %s and %s bits with %s are not supported"
            .formatted(weights.where(), type, bits, activations));
  }

  private static Integer weightsPerScale(ConfNode weights) {
    ConfNode block = weights.get("block_structure");
    if (block != null && block.kind() == ConfNode.Kind.SEQUENCE) {
      return block.items().stream()
          .mapToInt(side -> Integer.parseInt(side.text()))
          .reduce(1, Math::multiplyExact);
    }
    Integer group = HuggingFaceQuantization.integer(weights, "group_size");
    return group == null || group <= 0 ? null : group;
  }

  private List<WeightGroup> unquantized(ConfNode group) {
    List<WeightGroup> groups = new ArrayList<>(excluded.groups());
    ConfNode targets = group.get("targets");
    boolean all =
        targets == null
            || targets.items().stream().anyMatch(target -> target.text().equals("Linear"));
    for (WeightGroup candidate : WeightGroup.values()) {
      if (!all && !groups.contains(candidate) && !excluded.named(candidate, targets)) {
        groups.add(candidate);
      }
    }
    return groups;
  }
}
