package io.plumbline.files.workload;

import io.plumbline.files.BadInputException;
import io.plumbline.trace.workload.vidur.VidurIntervals;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Map;

/** How Vidur's synthetic requests arrive, by Vidur's own options. */
public sealed interface VidurArrivalSpec extends Serializable
    permits VidurArrivalSpec.Poisson,
        VidurArrivalSpec.Gamma,
        VidurArrivalSpec.Static,
        VidurArrivalSpec.Trace {

  /** The law of the intervals; a trace is read. */
  VidurIntervals load(PathResolver paths);

  /** Exponential intervals, cut at three means. */
  record Poisson(double qps) implements VidurArrivalSpec {
    public Poisson {
      new VidurIntervals.Poisson(qps);
    }

    /** Vidur's. */
    public static Poisson defaults() {
      return new Poisson(0.5);
    }

    @Override
    public VidurIntervals load(PathResolver paths) {
      return new VidurIntervals.Poisson(qps);
    }
  }

  /**
   * Gamma intervals.
   *
   * @param cv coefficient of variation
   */
  record Gamma(double qps, double cv) implements VidurArrivalSpec {
    public Gamma {
      new VidurIntervals.Gamma(qps, cv);
    }

    /** Vidur's. */
    public static Gamma defaults() {
      return new Gamma(0.2, 0.5);
    }

    @Override
    public VidurIntervals load(PathResolver paths) {
      return new VidurIntervals.Gamma(qps, cv);
    }
  }

  /** All at the start. */
  record Static() implements VidurArrivalSpec {
    @Override
    public VidurIntervals load(PathResolver paths) {
      return new VidurIntervals.Static();
    }
  }

  /**
   * Recorded time stamps, floored to whole seconds.
   *
   * @param file CSV with column {@code arrival_time}, looked for by {@link PathResolver}
   * @param startTime only rows after it
   * @param endTime only rows before it
   * @param timeScaleFactor arrivals are multiplied by it
   */
  record Trace(String file, String startTime, String endTime, double timeScaleFactor)
      implements VidurArrivalSpec {
    public Trace {
      LocalDateTime start = TraceFiles.parseTimestamp("startTime", startTime);
      if (!start.isBefore(TraceFiles.parseTimestamp("endTime", endTime))) {
        throw new IllegalArgumentException(
            "startTime (%s) must be before endTime (%s)".formatted(startTime, endTime));
      }
      VidurIntervals.Trace.ofArrivals(new long[0], timeScaleFactor);
    }

    /** Vidur's. */
    public static Map<String, Object> defaultValues() {
      return Map.of(
          "startTime", "1970-01-04 12:00:00",
          "endTime", "1970-01-04 15:00:00",
          "timeScaleFactor", 1.0);
    }

    @Override
    public VidurIntervals load(PathResolver paths) {
      Path path = paths.resolve(file);
      long[] arrivals =
          TraceFiles.readTimestamps(
              path,
              TraceFiles.parseTimestamp("startTime", startTime),
              TraceFiles.parseTimestamp("endTime", endTime));
      if (arrivals.length < 2) {
        throw new BadInputException(
            "%s: %d rows between %s and %s, but an interval needs two. Maybe change start_time and end_time."
                .formatted(path, arrivals.length, startTime, endTime));
      }
      return VidurIntervals.Trace.ofArrivals(arrivals, timeScaleFactor);
    }
  }
}
