package io.plumbline.jobs.score;

import io.plumbline.files.conf.ConfNode;
import java.util.Locale;

/** What a silicon point states, as a sweep would. */
final class SiliconConf {
  private SiliconConf() {}

  static ConfNode of(SiliconPoint point, ScoreFile.Silicon entry, ScoreFile.CalledModel model) {
    return ConfNode.parse(
        point.id(),
        String.format(
            Locale.ROOT,
            """
            device: %s
            tensor_parallel: %d
            pipeline_parallel: %d
            expert_parallel: %d
            quantization: %s
            workload:
              kind: synthetic
              requests: %d
              seed: %d
              arrivals: all_at_zero
              lengths: %s
            """,
            point.system(),
            point.tensor(),
            point.pipeline() == null ? 1 : Math.max(1, point.pipeline()),
            point.expert(),
            quantization(point),
            point.inFlight() * entry.requestsPerSlot(),
            entry.seed(),
            lengths(point, model.shortest())));
  }

  private static String quantization(SiliconPoint point) {
    if (point.products() == null) {
      return "none";
    }
    return switch (point.products()) {
      case "bfloat16", "float16" -> "none";
      case "fp8_block" -> "{format: fp8, weights_per_scale: 16384}";
      default -> point.products();
    };
  }

  private static String lengths(SiliconPoint point, double shortest) {
    if (shortest == 1) {
      return "{kind: fixed, prompt_tokens: %d, output_tokens: %d}"
          .formatted(point.promptTokens(), point.outputTokens());
    }
    return "{kind: uniform, min_prompt_tokens: %d, max_prompt_tokens: %d, min_output_tokens: %d, max_output_tokens: %d}"
        .formatted(
            (int) Math.ceil(shortest * point.promptTokens()),
            point.promptTokens(),
            (int) Math.ceil(shortest * point.outputTokens()),
            point.outputTokens());
  }
}
