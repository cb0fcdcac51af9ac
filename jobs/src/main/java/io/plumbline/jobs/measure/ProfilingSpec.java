package io.plumbline.jobs.measure;

import io.plumbline.files.conf.ConfNode;
import java.util.Map;

/**
 * A profile as its file states it.
 *
 * @param name of the profile, and of its folder
 * @param model name of a model card, or a path of a card or of a Hugging Face config.json
 * @param device name of the device card under which simulations look for the profile
 * @param node name of the node card under which they look for the times of the host
 * @param profile what is timed, and how; read by the engine itself, in its own JVM
 */
record ProfilingSpec(String name, String model, String device, String node, ConfNode profile) {
  ProfilingSpec {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw new IllegalArgumentException(
          "name (%s) must be letters, digits, '.', '_' and '-': it names a folder".formatted(name));
    }
  }

  /** A host of its own, as simulations have it by default. */
  static Map<String, Object> defaultValues() {
    return Map.of("node", "single");
  }
}
