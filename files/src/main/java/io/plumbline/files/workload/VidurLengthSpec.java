package io.plumbline.files.workload;

import io.plumbline.trace.random.NumpyRandom;
import io.plumbline.trace.workload.vidur.VidurLengths;
import io.plumbline.trace.workload.vidur.VidurZipfLengths;
import java.io.Serializable;
import java.util.Map;

/** How many tokens Vidur's synthetic requests have, by Vidur's own options. */
public sealed interface VidurLengthSpec extends Serializable
    permits VidurLengthSpec.Fixed,
        VidurLengthSpec.Uniform,
        VidurLengthSpec.Zipf,
        VidurLengthSpec.Trace {

  /** The law of the lengths; a trace is read. */
  VidurLengths load(PathResolver paths);

  /** The same lengths for all. */
  record Fixed(int prefillTokens, int decodeTokens) implements VidurLengthSpec {
    public Fixed {
      new VidurLengths.Fixed(prefillTokens, decodeTokens);
    }

    /** Vidur's. */
    public static Fixed defaults() {
      return new Fixed(2048, 512);
    }

    @Override
    public VidurLengths load(PathResolver paths) {
      return new VidurLengths.Fixed(prefillTokens, decodeTokens);
    }
  }

  /** A uniform total, split by a ratio. */
  record Uniform(int minTokens, int maxTokens, double prefillToDecodeRatio)
      implements VidurLengthSpec {
    public Uniform {
      new VidurLengths.Uniform(minTokens, maxTokens, prefillToDecodeRatio);
    }

    /** Vidur's. */
    public static Uniform defaults() {
      return new Uniform(1024, 4096, 20);
    }

    @Override
    public VidurLengths load(PathResolver paths) {
      return new VidurLengths.Uniform(minTokens, maxTokens, prefillToDecodeRatio);
    }
  }

  /**
   * A total by Zipf's law, split by a ratio.
   *
   * @param seed of its own stream
   */
  record Zipf(int minTokens, int maxTokens, double theta, double prefillToDecodeRatio, long seed)
      implements VidurLengthSpec {
    public Zipf {
      new VidurZipfLengths(minTokens, maxTokens, theta, prefillToDecodeRatio, seed);
    }

    /** Vidur's. */
    public static Zipf defaults() {
      return new Zipf(1024, 4096, 0.6, 20, 42);
    }

    @Override
    public VidurLengths load(PathResolver paths) {
      return new VidurZipfLengths(minTokens, maxTokens, theta, prefillToDecodeRatio, seed);
    }
  }

  /**
   * The lengths of a trace, shuffled; a total above {@code maxTokens} is cut in proportion.
   *
   * @param file CSV with {@code num_prefill_tokens} and {@code num_decode_tokens}, looked for by
   *     {@link PathResolver}
   * @param seed of the shuffle
   */
  record Trace(
      String file, int maxTokens, double prefillScaleFactor, double decodeScaleFactor, long seed)
      implements VidurLengthSpec {
    public Trace {
      VidurTraces.requireScales(maxTokens, prefillScaleFactor, decodeScaleFactor);
      new NumpyRandom(seed);
    }

    /** Vidur's. */
    public static Map<String, Object> defaultValues() {
      return Map.of(
          "maxTokens", 4096, "prefillScaleFactor", 1.0, "decodeScaleFactor", 1.0, "seed", 42L);
    }

    @Override
    public VidurLengths load(PathResolver paths) {
      return new VidurLengths.Trace(
          VidurTraces.readLengths(
              paths.resolve(file), maxTokens, prefillScaleFactor, decodeScaleFactor),
          seed);
    }
  }
}
