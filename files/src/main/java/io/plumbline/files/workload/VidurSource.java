package io.plumbline.files.workload;

import io.plumbline.trace.workload.Workload;
import io.plumbline.trace.workload.vidur.VidurLengths;
import io.plumbline.trace.workload.vidur.VidurRequests;
import io.plumbline.trace.workload.vidur.VidurWorkload;
import java.io.Serializable;
import java.util.Map;

/** Requests as Vidur generates them, options and defaults as its own. */
public sealed interface VidurSource extends Serializable
    permits VidurSource.Vidur, VidurSource.VidurReplay {

  /** The requests with unrounded arrivals and the stream that the random router goes on drawing. */
  VidurRequests requests(PathResolver paths);

  /**
   * Synthetic requests.
   *
   * @param numRequests how many; null draws as many as a trace of arrivals has
   * @param duration seconds, and then the number is ignored; null for none
   * @param seed of arrivals and uniform lengths
   */
  record Vidur(
      VidurArrivalSpec arrivals,
      VidurLengthSpec lengths,
      Integer numRequests,
      Double duration,
      long seed)
      implements VidurSource, WorkloadSource {
    private static final VidurLengths ANY = new VidurLengths.Fixed(1, 1);

    public Vidur {
      // A trace is read later, but all else can be refused now.
      if (!(arrivals instanceof VidurArrivalSpec.Trace)) {
        new VidurWorkload(arrivals.load(null), ANY, numRequests, duration, seed);
      }
    }

    /** Vidur's. */
    public static Vidur defaults() {
      return new Vidur(
          VidurArrivalSpec.Poisson.defaults(), VidurLengthSpec.Fixed.defaults(), 128, null, 42);
    }

    @Override
    public Workload load(PathResolver paths) {
      return requests(paths).workload();
    }

    @Override
    public Long drawnFromSeed() {
      return seed;
    }

    @Override
    public VidurRequests requests(PathResolver paths) {
      VidurWorkload workload =
          new VidurWorkload(arrivals.load(paths), lengths.load(paths), numRequests, duration, seed);
      return VidurTraces.named("workload", workload::generate);
    }
  }

  /**
   * Recorded requests.
   *
   * @param file CSV with {@code arrived_at} (s), {@code num_prefill_tokens} and {@code
   *     num_decode_tokens}, looked for by {@link PathResolver}
   * @param maxTokens longest context; what is above it is taken from the prompt
   * @param seed of the random router
   */
  record VidurReplay(
      String file,
      double prefillScaleFactor,
      double decodeScaleFactor,
      double timeScaleFactor,
      int maxTokens,
      long seed)
      implements VidurSource, WorkloadSource {
    public VidurReplay {
      VidurTraces.requirePositive("timeScaleFactor", timeScaleFactor);
      VidurTraces.requireScales(maxTokens, prefillScaleFactor, decodeScaleFactor);
    }

    /** Vidur's, but the file has to be given. */
    public static Map<String, Object> defaultValues() {
      return Map.of(
          "prefillScaleFactor", 1.0,
          "decodeScaleFactor", 1.0,
          "timeScaleFactor", 1.0,
          "maxTokens", 4096,
          "seed", 42L);
    }

    @Override
    public Workload load(PathResolver paths) {
      return requests(paths).workload();
    }

    @Override
    public VidurRequests requests(PathResolver paths) {
      TraceLimits limits =
          new TraceLimits(null, maxTokens, timeScaleFactor, prefillScaleFactor, decodeScaleFactor);
      return VidurTraces.readReplay(paths.resolve(file), limits, seed);
    }
  }
}
