package io.plumbline.files.workload;

import io.plumbline.trace.workload.TokenLengths;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/** How many tokens the requests of a synthetic workload have, as a configuration says it. */
public sealed interface LengthSpec extends Serializable
    permits LengthSpec.Fixed, LengthSpec.Uniform, LengthSpec.Trace {

  /** The law of the lengths; a trace is read. */
  TokenLengths load(PathResolver paths);

  /** The same lengths for all. */
  record Fixed(int promptTokens, int outputTokens) implements LengthSpec {
    public Fixed {
      new TokenLengths.Fixed(promptTokens, outputTokens);
    }

    @Override
    public TokenLengths load(PathResolver paths) {
      return new TokenLengths.Fixed(promptTokens, outputTokens);
    }
  }

  /** Prompt and output drawn independently, both bounds included. */
  record Uniform(int minPromptTokens, int maxPromptTokens, int minOutputTokens, int maxOutputTokens)
      implements LengthSpec {
    public Uniform {
      new TokenLengths.Uniform(minPromptTokens, maxPromptTokens, minOutputTokens, maxOutputTokens);
    }

    @Override
    public TokenLengths load(PathResolver paths) {
      return new TokenLengths.Uniform(
          minPromptTokens, maxPromptTokens, minOutputTokens, maxOutputTokens);
    }
  }

  /**
   * The lengths of a trace in its order, starting over where more are asked for.
   *
   * @param file CSV with Vidur's columns {@code num_prefill_tokens} and {@code num_decode_tokens}
   * @param maxTokens as in {@link TraceLimits}
   * @param promptScale as in {@link TraceLimits}
   * @param outputScale as in {@link TraceLimits}
   */
  record Trace(String file, Integer maxTokens, double promptScale, double outputScale)
      implements LengthSpec {
    public Trace {
      new TraceLimits(null, maxTokens, 1, promptScale, outputScale);
    }

    /** Lengths as they are. */
    public static Map<String, Object> defaultValues() {
      return Map.of("promptScale", 1.0, "outputScale", 1.0);
    }

    @Override
    public TokenLengths load(PathResolver paths) {
      TraceLimits limits = new TraceLimits(null, maxTokens, 1, promptScale, outputScale);
      List<TokenLengths.Pair> pairs = TraceFiles.readLengths(paths.resolve(file), limits);
      return new TokenLengths.Measured(
          pairs.stream().mapToInt(TokenLengths.Pair::promptTokens).toArray(),
          pairs.stream().mapToInt(TokenLengths.Pair::outputTokens).toArray());
    }
  }
}
