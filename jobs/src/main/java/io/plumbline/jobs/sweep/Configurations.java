package io.plumbline.jobs.sweep;

import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.Problems;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.card.DeviceCard;
import io.plumbline.simulator.Recording;
import io.plumbline.simulator.latency.OperatorProfile;
import io.plumbline.trace.workload.Workload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The points of a sweep file as configurations to try with several draws of their requests; those
 * that cannot run are left out and named.
 *
 * @param name of the file
 * @param runnable in the order of the file, each once
 * @param skipped in the order of the file
 * @param excluded points that the file excludes
 * @param workloads by id
 * @param profiles by {@link SweepPoint#profileHashes()}
 */
public record Configurations(
    String name,
    List<Configuration> runnable,
    List<Skipped> skipped,
    int excluded,
    Map<String, Workload> workloads,
    Map<String, OperatorProfile> profiles) {

  /**
   * One configuration.
   *
   * @param position in the file, from 0
   * @param tree as the file states it, without lists
   * @param axesJson the values that vary, as a JSON object
   * @param devices cards, by pool
   * @param draws the same point with one draw of its requests after the other
   */
  public record Configuration(
      int position,
      ConfNode tree,
      String axesJson,
      List<DeviceCard> devices,
      List<SweepPoint> draws) {}

  /** A configuration that cannot run. */
  public record Skipped(
      int position, ConfNode tree, String axesJson, Misfit misfit, String reason) {}

  /**
   * Reads the sweep part of a file.
   *
   * @param draws how many; the first has the seed that the file states
   * @param problems everything that is wrong is added to them
   * @return null if there were problems
   */
  public static Configurations plan(
      ConfNode file, Path modelsDir, PathResolver paths, int draws, Problems problems) {
    SweepFile.Expanded expanded = SweepFile.expand(file, problems);
    return expanded == null || !problems.isEmpty()
        ? null
        : new Planning(modelsDir, paths, draws, problems).of(expanded);
  }

  private static final class Planning {
    private final int draws;
    private final Problems problems;
    private final SweepPlanner planner;
    private Misfit misfit;
    private String reason;

    Planning(Path modelsDir, PathResolver paths, int draws, Problems problems) {
      this.draws = draws;
      this.problems = problems;
      this.planner =
          new SweepPlanner(
              modelsDir,
              paths,
              problems,
              (kind, at, message) -> {
                misfit = kind;
                reason = message;
              });
    }

    Configurations of(SweepFile.Expanded expanded) {
      Map<String, Configuration> runnable = new LinkedHashMap<>();
      List<Skipped> skipped = new ArrayList<>();
      for (int i = 0; i < expanded.points().size(); i++) {
        Axes.Point point = expanded.points().get(i);
        String axesJson = SweepPlanner.axesJson(point.values());
        misfit = null;
        List<SweepPoint> drawn = draws(point);
        if (drawn == null && misfit != null) {
          skipped.add(new Skipped(i, point.tree(), axesJson, misfit, reason));
        } else if (drawn != null) {
          List<DeviceCard> devices =
              planner.resolver().poolTrees(point.tree()).stream()
                  .map(pool -> planner.resolver().cards().device(pool.get("device"), problems))
                  .toList();
          runnable.putIfAbsent(
              drawn.get(0).runId(), new Configuration(i, point.tree(), axesJson, devices, drawn));
        }
      }
      return new Configurations(
          expanded.name(),
          List.copyOf(runnable.values()),
          skipped,
          expanded.excluded(),
          planner.workloads(),
          planner.profiles());
    }

    private List<SweepPoint> draws(Axes.Point point) {
      SweepPoint first = planner.point(Recording.REQUESTS, point);
      if (first == null) {
        return null;
      }
      if (draws > 1 && first.seed() == null) {
        problems.add(
            point.tree().get("workload"),
            "is read and not drawn, so seeds (%d) has nothing to vary. Maybe seeds: 1, or a synthetic workload with the lengths of a trace."
                .formatted(draws));
        return null;
      }
      List<SweepPoint> drawn = new ArrayList<>(List.of(first));
      for (int i = 1; i < draws; i++) {
        ConfNode workload = reseeded(point.tree().get("workload"), first.seed() + i);
        SweepPoint next =
            planner.point(
                Recording.REQUESTS,
                new Axes.Point(point.tree().with("workload", workload), point.values()));
        if (next == null) {
          return null;
        }
        drawn.add(next);
      }
      return drawn;
    }

    private static ConfNode reseeded(ConfNode workload, long seed) {
      ConfNode of = workload.get("of");
      return of == null
          ? workload.withScalar("seed", Long.toString(seed))
          : workload.with("of", reseeded(of, seed));
    }
  }
}
