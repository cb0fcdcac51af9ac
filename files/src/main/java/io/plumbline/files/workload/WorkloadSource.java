package io.plumbline.files.workload;

import io.plumbline.trace.workload.Workload;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/** Where the workload of a configuration comes from; its key {@code kind} selects one of these. */
public sealed interface WorkloadSource extends Serializable
    permits WorkloadSource.Synthetic,
        WorkloadSource.Trace,
        WorkloadSource.Folder,
        WorkloadSource.Run,
        WorkloadSource.Static,
        WorkloadSource.Paced,
        WorkloadSource.VllmRequests,
        VidurSource.Vidur,
        VidurSource.VidurReplay {

  /**
   * Draws or reads the workload.
   *
   * @param paths where files are looked for
   */
  Workload load(PathResolver paths);

  /** Seed that the requests are drawn from; null if they are read. */
  default Long drawnFromSeed() {
    return null;
  }

  /**
   * Drawn from laws.
   *
   * @param requests how many
   * @param seed the same seed gives the same workload
   */
  record Synthetic(ArrivalSpec arrivals, LengthSpec lengths, int requests, long seed)
      implements WorkloadSource {
    public Synthetic {
      if (requests <= 0) {
        throw new IllegalArgumentException("requests (%d) must be positive".formatted(requests));
      }
    }

    @Override
    public Workload load(PathResolver paths) {
      return arrivals.generate(lengths.load(paths), requests, seed, paths);
    }

    @Override
    public Long drawnFromSeed() {
      return seed;
    }
  }

  /**
   * A CSV of requests in Vidur's form.
   *
   * @param file looked for by {@link PathResolver}
   * @param requests as in {@link TraceLimits}, like all that follow
   */
  record Trace(
      String file,
      Integer requests,
      Integer maxTokens,
      double timeScale,
      double promptScale,
      double outputScale)
      implements WorkloadSource {
    public Trace {
      new TraceLimits(requests, maxTokens, timeScale, promptScale, outputScale);
    }

    /** The trace as it is. */
    public static Map<String, Object> defaultValues() {
      return Map.of("timeScale", 1.0, "promptScale", 1.0, "outputScale", 1.0);
    }

    @Override
    public Workload load(PathResolver paths) {
      TraceLimits limits =
          new TraceLimits(requests, maxTokens, timeScale, promptScale, outputScale);
      return TraceFiles.readRequests(paths.resolve(file), limits);
    }
  }

  /**
   * A {@link WorkloadFolder}.
   *
   * @param folder looked for by {@link PathResolver}
   */
  record Folder(String folder) implements WorkloadSource {
    @Override
    public Workload load(PathResolver paths) {
      return TraceFiles.readFolder(paths.resolve(folder));
    }
  }

  /**
   * The static (offline) scenario of another workload: its requests, all there at the start.
   *
   * @param of where they come from
   */
  record Static(WorkloadSource of) implements WorkloadSource {
    @Override
    public Workload load(PathResolver paths) {
      return of.load(paths).allAtStart();
    }

    @Override
    public Long drawnFromSeed() {
      return of.drawnFromSeed();
    }
  }

  /**
   * Another workload at another rate: its arrivals stretched or squeezed in time.
   *
   * @param of where it comes from
   * @param requestsPerSecond mean rate from the first to the last arrival
   */
  record Paced(WorkloadSource of, double requestsPerSecond) implements WorkloadSource {
    public Paced {
      if (!(requestsPerSecond > 0)) {
        throw new IllegalArgumentException(
            "requestsPerSecond (%s) must be positive".formatted(requestsPerSecond));
      }
    }

    @Override
    public Workload load(PathResolver paths) {
      return of.load(paths).paced(requestsPerSecond);
    }

    @Override
    public Long drawnFromSeed() {
      return of.drawnFromSeed();
    }
  }

  /**
   * The requests that a vLLM engine logged, as they came into its queue.
   *
   * @param folder with {@code requests.jsonl}, looked for by {@link PathResolver}
   * @param promptBlocks a CSV with what the prompts have in common, row by row as in the log; null
   *     if they have nothing
   */
  record VllmRequests(String folder, String promptBlocks) implements WorkloadSource {

    /** Prompts without common blocks. */
    public static Map<String, Object> defaultValues() {
      Map<String, Object> values = new HashMap<>();
      values.put("promptBlocks", null);
      return values;
    }

    @Override
    public Workload load(PathResolver paths) {
      return log(paths).workload();
    }

    /** The log itself, with what became of the requests. */
    public VllmRequestLog log(PathResolver paths) {
      return VllmRequestLog.read(
          paths.resolve(folder), promptBlocks == null ? null : paths.resolve(promptBlocks));
    }
  }

  /**
   * The workload of an earlier run, simulated or measured.
   *
   * @param folder its run folder, looked for by {@link PathResolver}
   */
  record Run(String folder) implements WorkloadSource {
    @Override
    public Workload load(PathResolver paths) {
      return TraceFiles.readRunRequests(paths.resolve(folder).resolve("request_metrics.csv"));
    }
  }
}
