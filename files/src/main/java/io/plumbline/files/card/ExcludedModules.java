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

  /** Groups that keep the format of the activations. Only GPTQ can quantise the LM head. */
  List<WeightGroup> groups() {
    List<WeightGroup> groups = new ArrayList<>();
    for (WeightGroup group : ofModel()) {
      if (KEYS.stream().anyMatch(key -> named(group, config.get(key))) || overridden(group)) {
        groups.add(group);
      }
    }
    if (!"true".equals(HuggingFaceQuantization.text(config, "lm_head"))) {
      groups.add(WeightGroup.LM_HEAD);
    }
    return groups;
  }

  /** Groups in the layers of the model. */
  List<WeightGroup> ofModel() {
    return sparse
        ? List.of(
            WeightGroup.ATTENTION, WeightGroup.MLP, WeightGroup.EXPERTS, WeightGroup.SHARED_EXPERTS)
        : List.of(WeightGroup.ATTENTION, WeightGroup.MLP);
  }

  /** Whether a list of names, patterns and parts of names has the module of a group. */
  boolean named(WeightGroup group, ConfNode list) {
    return list != null
        && list.kind() == ConfNode.Kind.SEQUENCE
        && list.items().stream().anyMatch(entry -> matches(entry, entry.text(), group));
  }

  /** GPTQModel's exceptions: "-:" and a regular expression for modules that are left alone. */
  private boolean overridden(WeightGroup group) {
    ConfNode exceptions = config.get("dynamic");
    if (exceptions == null || exceptions.kind() != ConfNode.Kind.MAPPING) {
      return false;
    }
    boolean matched = false;
    for (String key : exceptions.entries().keySet()) {
      if (!key.startsWith("-:")) {
        throw new BadInputException(
            "%s: '%s': several number formats in one checkpoint are not supported"
                .formatted(exceptions.where(), key));
      }
      matched |= matches(exceptions, "re:" + key.substring(2), group);
    }
    return matched;
  }

  private boolean matches(ConfNode place, String pattern, WeightGroup group) {
    int layer = group == WeightGroup.MLP && sparse ? 0 : layers / 2;
    return pattern != null
        && MODULES.get(group).stream()
            .map(module -> "model.layers.%d.%s".formatted(layer, module))
            .anyMatch(name -> matches(place, pattern, name));
  }

  private static boolean matches(ConfNode place, String pattern, String name) {
    if (pattern.startsWith("re:")) {
      return matcher(place, pattern.substring(3)).matcher(name).lookingAt();
    }
    if (pattern.contains("*")) {
      String expression = pattern.replace(".", "\\.").replace("*", ".*");
      return matcher(place, expression).matcher(name).lookingAt();
    }
    return ("." + name + ".").contains("." + pattern + ".");
  }

  private static Pattern matcher(ConfNode place, String pattern) {
    try {
      return Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw new BadInputException(
          "%s: not a regular expression: %s".formatted(place.where(), e.getDescription()), e);
    }
  }
}
