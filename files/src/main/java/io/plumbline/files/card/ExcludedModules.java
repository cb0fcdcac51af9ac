package io.plumbline.files.card;

import io.plumbline.files.BadInputException;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.trace.model.WeightGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which matrices a checkpoint leaves unquantised, by the names of its modules. One module stands
 * for its group: the output projection for attention, the down projection for an MLP.
 */
final class ExcludedModules {
  /** Each method has its own word for the list. */
  private static final List<String> KEYS =
      List.of("modules_to_not_convert", "ignored_layers", "ignore", "exclude_modules");

  private static final Map<WeightGroup, List<String>> MODULES =
      Map.of(
          WeightGroup.ATTENTION, List.of("self_attn.o_proj"),
          WeightGroup.MLP, List.of("mlp.down_proj"),
          WeightGroup.EXPERTS, List.of("mlp.experts.0.down_proj", "block_sparse_moe.experts.0.w2"),
          WeightGroup.SHARED_EXPERTS, List.of("mlp.shared_experts.down_proj"));

  private final ConfNode config;
  private final int layers;
  private final boolean sparse;

  ExcludedModules(ConfNode config, int layers, boolean sparse) {
    this.config = config;
    this.layers = layers;
    this.sparse = sparse;
  }

  /**
   * Groups that keep the format of the activations. Only GPTQ knows how to quantise the LM head.
   */
  List<WeightGroup> groups() {
    List<WeightGroup> groups = new ArrayList<>();
    for (WeightGroup group : MODULES.keySet().stream().sorted().toList()) {
      if (KEYS.stream().anyMatch(key -> named(group, config.get(key)))) {
        groups.add(group);
      }
    }
    if (!"true".equals(HuggingFaceQuantization.text(config, "lm_head"))) {
      groups.add(WeightGroup.LM_HEAD);
    }
    return groups;
  }

  /** Whether a list of names, patterns and parts of names has the module of a group. */
  boolean named(WeightGroup group, ConfNode list) {
    if (list == null || list.kind() != ConfNode.Kind.SEQUENCE || !MODULES.containsKey(group)) {
      return false;
    }
    int layer = group == WeightGroup.MLP && sparse ? 0 : layers / 2;
    for (String module : MODULES.get(group)) {
      String name = "model.layers.%d.%s".formatted(layer, module);
      if (list.items().stream().anyMatch(entry -> matches(entry, name))) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(ConfNode entry, String name) {
    String text = entry.text();
    if (text.startsWith("re:")) {
      return matcher(entry, text.substring(3)).matcher(name).lookingAt();
    }
    if (text.contains("*")) {
      String pattern = text.replace(".", "\\.").replace("*", ".*");
      return matcher(entry, pattern).matcher(name).lookingAt();
    }
    return ("." + name + ".").contains("." + text + ".");
  }

  private static Pattern matcher(ConfNode entry, String pattern) {
    try {
      return Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw new BadInputException(
          "%s: not a regular expression: %s".formatted(entry.where(), e.getDescription()), e);
    }
  }
}
