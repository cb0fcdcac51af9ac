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
    Problems problems = new Problems();
    ScoreFile conf = RecordBinder.bind(ConfNode.read(file), ScoreFile.class, problems);
    problems.throwIfAny(file.toString());
    PointResolver resolver = new PointResolver(modelsDir, paths, problems);
    List<ScoredRun> runs = new ArrayList<>();
    for (ScoreFile.Entry entry : conf.runs()) {
      PointResolver.Resolved point = resolver.resolve(entry.simulate());
      if (point == null) {
        continue;
      }
      Measured measured = measured(point.source(), paths);
      if (measured == null) {
        problems.add(
            entry.simulate().get("workload"),
            "a measured run has a workload of kind vllm_requests or run, whose files have its times");
        continue;
      }
      SimulationSpec spec = point.spec();
      OperatorProfile profile =
          spec.predictor().profileQuery() == null
              ? null
              : new MeasuredProfiles(paths, resolver.cards(), spec.kvCache().blockTokens())
                  .profile(spec.predictor().profileQuery(), spec.deployment());
      runs.add(
          new ScoredRun(
              entry.name(),
              spec,
              measured.workload(),
              measured.timings(),
              measured.fromQueue(),
              profile));
    }
    problems.throwIfAny(file.toString());
    return runs;
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
