package io.plumbline.jobs.score;

import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.Problems;
import io.plumbline.files.conf.RecordBinder;
import io.plumbline.files.run.RunFolder;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.files.workload.VllmRequestLog;
import io.plumbline.files.workload.WorkloadSource;
import io.plumbline.jobs.profile.MeasuredProfiles;
import io.plumbline.jobs.sweep.PointResolver;
import io.plumbline.simulator.SimulationSpec;
import io.plumbline.simulator.latency.OperatorProfile;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads a file of measured runs and everything that predicts them, before the first one runs. */
public final class ScoredRuns {
  private ScoredRuns() {}

  /** The name that a file gives to the whole. */
  public static String name(Path file) {
    return RecordBinder.bind(ConfNode.read(file), ScoreFile.class).name();
  }

  /**
   * Reads and checks a file.
   *
   * @param modelsDir folder of the cards
   * @throws io.plumbline.files.BadInputException listing every problem with its place
   */
  public static List<ScoredRun> read(Path file, Path modelsDir, PathResolver paths) {
    return read(file, null, modelsDir, paths);
  }

  /**
   * The same with another predictor.
   *
   * @param predictor as a file states it; null for the file's own
   */
  public static List<ScoredRun> read(
      Path file, ConfNode predictor, Path modelsDir, PathResolver paths) {
    ScoreFile conf = ScoreFile.read(file, predictor);
    Problems problems = new Problems();
    PointResolver resolver = new PointResolver(modelsDir, paths, problems);
    List<ScoredRun> runs = new ArrayList<>();
    boolean noneHere = conf.runs().stream().noneMatch(entry -> isHere(entry, paths));
    for (ScoreFile.Entry entry : conf.runs()) {
      // Where nothing is here, every entry says what it looked for.
      ScoredRun run =
          noneHere || isHere(entry, paths)
              ? here(entry, resolver, paths, problems)
              : elsewhere(entry, resolver, problems);
      if (run != null) {
        runs.add(run);
      }
    }
    problems.throwIfAny(file.toString());
    return runs;
  }

  /** Published runs are many, and who has one of them need not have the others. */
  static boolean isHere(ScoreFile.Entry entry, PathResolver paths) {
    ConfNode workload = entry.simulate().get("workload");
    ConfNode folder =
        workload == null || workload.kind() != ConfNode.Kind.MAPPING
            ? null
            : workload.get("folder");
    return folder == null || paths.find(folder.text()) != null;
  }

  private static ScoredRun here(
      ScoreFile.Entry entry, PointResolver resolver, PathResolver paths, Problems problems) {
    PointResolver.Resolved point = resolver.resolve(entry.simulate());
    if (point == null || !isOnePool(entry, point.spec(), problems)) {
      return null;
    }
    Measured measured = measured(point.source(), paths);
    if (measured == null) {
      problems.add(
          entry.simulate().get("workload"),
          "a measured run has a workload of kind vllm_requests or run, whose files have its times");
      return null;
    }
    SimulationSpec spec = point.spec();
    OperatorProfile profile =
        spec.predictor().profileQuery() == null
            ? null
            : new MeasuredProfiles(paths, resolver.cards(), spec.kvCache().blockTokens())
                .profile(spec.predictor().profileQuery(), spec.deployment());
    return new ScoredRun(
        entry.name(), spec, measured.workload(), measured.timings(), measured.fromQueue(), profile);
  }

  /** A run of which only the specification is known; any workload does for checking that. */
  private static ScoredRun elsewhere(
      ScoreFile.Entry entry, PointResolver resolver, Problems problems) {
    Workload any = new Workload(List.of(new Request(0, 0, 1, 1)));
    PointResolver.Resolved point = resolver.resolve(entry.simulate(), source -> any);
    return point == null || !isOnePool(entry, point.spec(), problems)
        ? null
        : new ScoredRun(entry.name(), point.spec(), any, null, false, null);
  }

  /** Whose predictor is swapped and calibrated would not be clear otherwise. */
  private static boolean isOnePool(ScoreFile.Entry entry, SimulationSpec spec, Problems problems) {
    if (spec.hasPools()) {
      problems.add(
          entry.simulate().get("cluster"),
          "a run is scored in a cluster of one pool, not of %d. Maybe sweep it instead"
              .formatted(spec.pools().size()));
    }
    return !spec.hasPools();
  }

  /** Requests, what became of them, and whose clock it was: that of the engine's queue or not. */
  private record Measured(Workload workload, List<RequestTiming> timings, boolean fromQueue) {}

  /** Null for workloads that nobody served. */
  private static Measured measured(WorkloadSource source, PathResolver paths) {
    if (source instanceof WorkloadSource.VllmRequests requests) {
      VllmRequestLog log = requests.log(paths);
      return new Measured(log.workload(), log.timings(), true);
    }
    if (source instanceof WorkloadSource.Run run) {
      RunFolder.LoadedRun loaded = RunFolder.read(paths.resolve(run.folder()));
      List<RequestTiming> timings = loaded.trace().requests();
      boolean queued = timings.stream().anyMatch(timing -> timing.queuedNanos() != null);
      return new Measured(loaded.workload(), timings, queued);
    }
    return null;
  }
}
