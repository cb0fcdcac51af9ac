package io.plumbline.simulator.reallm;

import java.util.List;

/** The models that ReaLLM knows by name. */
public final class ReallmModels {
  private ReallmModels() {}

  /** Their names. */
  public static List<String> names() {
    return List.of("llama70b", "llama405b", "deepseekv2", "deepseekv3");
  }

  /** The model of a name; null if there is none. */
  public static ReallmModel of(String name) {
    return switch (name) {
      case "llama70b" -> new DenseModel(80, 8192, 28672, 128, 64, 8);
      case "llama405b" -> new DenseModel(126, 16384, 53248, 128, 128, 8);
      case "deepseekv2" ->
          new LatentModel(60, 5120, 12288, 1536, 1, 128, 2, 160, 6, 512, 1536, 128, 64, 128);
      case "deepseekv3" ->
          new LatentModel(61, 7168, 18432, 2048, 3, 128, 1, 256, 8, 512, 1536, 128, 64, 128);
      default -> null;
    };
  }
}
