package io.plumbline.jobs.score;

import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.Problems;
import io.plumbline.files.conf.RecordBinder;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.files.workload.VllmRequestLog;
import io.plumbline.files.workload.WorkloadSource;
import io.plumbline.jobs.profile.MeasuredProfiles;
import io.plumbline.jobs.sweep.PointResolver;
import io.plumbline.simulator.SimulationSpec;
import io.plumbline.simulator.latency.OperatorProfile;
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
      if (!(point.source() instanceof WorkloadSource.VllmRequests requests)) {
        problems.add(
            entry.simulate().get("workload"),
            "a measured run has a workload of kind vllm_requests, whose log has its times");
        continue;
      }
      VllmRequestLog log = requests.log(paths);
      SimulationSpec spec = point.spec();
      OperatorProfile profile =
          spec.predictor().profileQuery() == null
              ? null
              : new MeasuredProfiles(paths, resolver.cards(), spec.kvCache().blockTokens())
                  .profile(spec.predictor().profileQuery(), spec.deployment());
      runs.add(new ScoredRun(entry.name(), spec, log.workload(), log.timings(), profile));
    }
    problems.throwIfAny(file.toString());
    return runs;
  }
}
