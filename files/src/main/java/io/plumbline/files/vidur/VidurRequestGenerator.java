package io.plumbline.files.vidur;

import io.plumbline.trace.workload.vidur.VidurLengths;
import io.plumbline.trace.workload.vidur.VidurZipfLengths;
import java.util.Map;

/** Where Vidur takes its requests from. */
public sealed interface VidurRequestGenerator {
  /** Longest context of a request, which Vidur's memory plan is made for. */
  int longestRequestTokens();

  /**
   * Requests drawn from laws or traces.
   *
   * @param seed of arrivals and uniform lengths
   * @param numRequests how many; null where a trace of arrivals ends them
   * @param duration seconds, and then the number does not count; null for none
   * @param maxTokens that of the lengths, which Vidur copies; null if not stated
   */
  record Synthetic(
      long seed,
      Lengths lengthGeneratorConfig,
      Intervals intervalGeneratorConfig,
      Integer numRequests,
      Double duration,
      Integer maxTokens)
      implements VidurRequestGenerator {
    public Synthetic {
      Check.seed("seed", seed);
      if (numRequests != null) {
        Check.positive("numRequests", numRequests);
      }
      if (duration != null) {
        Check.positive("duration", duration);
      }
      if (maxTokens != null && maxTokens != lengthGeneratorConfig.maxTokens()) {
        throw new IllegalArgumentException(
            "maxTokens (%d) is not that of the length generator (%d), which Vidur takes"
                .formatted(maxTokens, lengthGeneratorConfig.maxTokens()));
      }
    }

    /** Vidur's, where no section has them. */
    public static Map<String, Object> defaultValues() {
      return Map.of("seed", 42L, "numRequests", 128);
    }

    @Override
    public int longestRequestTokens() {
      return lengthGeneratorConfig.maxTokens();
    }
  }

  /**
   * Recorded requests.
   *
   * @param seed has no effect, in Vidur neither
   * @param maxTokens longest context; what is above it is taken from the prompt
   */
  record TraceReplay(
      long seed,
      String traceFile,
      double prefillScaleFactor,
      double decodeScaleFactor,
      double timeScaleFactor,
      int maxTokens)
      implements VidurRequestGenerator {
    public TraceReplay {
      checkScales(maxTokens, prefillScaleFactor, decodeScaleFactor);
      Check.positive("timeScaleFactor", timeScaleFactor);
    }

    /** Vidur's. */
    public static TraceReplay defaults() {
      return new TraceReplay(42, "data/processed_traces/splitwise_conv.csv", 1, 1, 1, 4096);
    }

    @Override
    public int longestRequestTokens() {
      return maxTokens;
    }
  }

  /** How many tokens a synthetic request has. */
  sealed interface Lengths {
    /** Longest context that the memory plan is made for, whatever the lengths are. */
    int maxTokens();

    /**
     * The same for all.
     *
     * @param seed has no effect, in Vidur neither
     */
    record Fixed(long seed, int maxTokens, int prefillTokens, int decodeTokens) implements Lengths {
      public Fixed {
        Check.positive("maxTokens", maxTokens);
        Check.positive("prefillTokens", prefillTokens);
        Check.positive("decodeTokens", decodeTokens);
      }

      /** Vidur's. */
      public static Fixed defaults() {
        return new Fixed(42, 4096, 2048, 512);
      }
    }

    /**
     * A uniform total, split by a ratio.
     *
     * @param seed has no effect, in Vidur neither
     */
    record Uniform(long seed, int maxTokens, int minTokens, double prefillToDecodeRatio)
        implements Lengths {
      public Uniform {
        new VidurLengths.Uniform(minTokens, maxTokens, prefillToDecodeRatio);
      }

      /** Vidur's. */
      public static Uniform defaults() {
        return new Uniform(42, 4096, 1024, 20);
      }
    }

    /** A total by Zipf's law, split by a ratio. */
    record Zipf(
        long seed,
        int maxTokens,
        double theta,
        boolean scramble,
        int minTokens,
        double prefillToDecodeRatio)
        implements Lengths {
      public Zipf {
        new VidurZipfLengths(minTokens, maxTokens, theta, prefillToDecodeRatio, seed);
        if (scramble) {
          throw new IllegalArgumentException(
              "scramble (true) draws from Python's hash of text, which differs from process to"
                  + " process: such a run cannot be repeated. Maybe: false");
        }
      }

      /** Vidur's. */
      public static Zipf defaults() {
        return new Zipf(42, 4096, 0.6, false, 1024, 20);
      }
    }

    /**
     * The lengths of a trace, shuffled.
     *
     * @param maxTokens a total above it is cut in proportion
     */
    record Trace(
        long seed,
        int maxTokens,
        String traceFile,
        double prefillScaleFactor,
        double decodeScaleFactor)
        implements Lengths {
      public Trace {
        Check.seed("seed", seed);
        checkScales(maxTokens, prefillScaleFactor, decodeScaleFactor);
      }

      /** Vidur's. */
      public static Trace defaults() {
        return new Trace(
            42,
            4096,
            "data/processed_traces/sharegpt_8k_filtered_stats_llama2_tokenizer.csv",
            1,
            1);
      }
    }
  }

  /** When synthetic requests arrive. The seeds have no effect, in Vidur neither. */
  sealed interface Intervals {
    /** Exponential intervals, cut at three means. */
    record Poisson(long seed, double qps) implements Intervals {
      public Poisson {
        Check.positive("qps", qps);
      }

      /** Vidur's. */
      public static Poisson defaults() {
        return new Poisson(42, 0.5);
      }
    }

    /**
     * Gamma intervals.
     *
     * @param cv coefficient of variation
     */
    record Gamma(long seed, double qps, double cv) implements Intervals {
      public Gamma {
        Check.positive("qps", qps);
        Check.positive("cv", cv);
      }

      /** Vidur's. */
      public static Gamma defaults() {
        return new Gamma(42, 0.2, 0.5);
      }
    }

    /** All at the start. */
    record Static(long seed) implements Intervals {
      /** Vidur's. */
      public static Static defaults() {
        return new Static(42);
      }
    }

    /** Recorded time stamps. */
    record Trace(
        long seed, String traceFile, String startTime, String endTime, double timeScaleFactor)
        implements Intervals {
      public Trace {
        Check.positive("timeScaleFactor", timeScaleFactor);
      }

      /** Vidur's. */
      public static Trace defaults() {
        return new Trace(
            42,
            "data/processed_traces/AzureFunctionsInvocationTraceForTwoWeeksJan2021Processed.csv",
            "1970-01-04 12:00:00",
            "1970-01-04 15:00:00",
            1);
      }
    }
  }

  private static void checkScales(
      int maxTokens, double prefillScaleFactor, double decodeScaleFactor) {
    if (maxTokens < 2) {
      throw new IllegalArgumentException(
          "maxTokens (%d) must be at least 2, a prompt and an output token".formatted(maxTokens));
    }
    Check.positive("prefillScaleFactor", prefillScaleFactor);
    Check.positive("decodeScaleFactor", decodeScaleFactor);
  }
}
