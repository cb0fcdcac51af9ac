package io.plumbline.jobs.score;

import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.Problems;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.files.workload.WorkloadSource;
import io.plumbline.jobs.card.DeviceCard;
import io.plumbline.jobs.profile.MeasuredProfiles;
import io.plumbline.jobs.sweep.PointResolver;
import io.plumbline.simulator.SimulationSpec;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.latency.OperatorProfile;
import io.plumbline.trace.workload.Workload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes points that can be simulated of those that someone measured. */
final class GridReader {
  private final PathResolver paths;
  private final Problems problems;
  private final PointResolver resolver;
  private final Map<Deployment, OperatorProfile> profiles = new HashMap<>();
  private final List<ScoredPoint> points = new ArrayList<>();
  private final List<ScoredGrids.AbsentDevice> absent = new ArrayList<>();

  GridReader(Path modelsDir, PathResolver paths, Problems problems) {
    this.paths = paths;
    this.problems = problems;
    this.resolver = new PointResolver(modelsDir, paths, problems);
  }

  ScoredGrids grids() {
    return new ScoredGrids(points, absent);
  }

  void add(ScoreFile.Grid grid) {
    GridSource.Points source = grid.measured().read(paths);
    Map<String, List<MeasuredPoint>> others = new HashMap<>();
    for (MeasuredPoint other : source.others()) {
      ScoreFile.GridDevice device = deviceOf(grid, other);
      if (device != null) {
        others.computeIfAbsent(key(device, other), key -> new ArrayList<>()).add(other);
      }
    }
    Set<ScoreFile.GridDevice> here = new HashSet<>();
    for (MeasuredPoint measured : source.measured()) {
      ScoreFile.GridDevice device = deviceOf(grid, measured);
      if (device == null) {
        problems.add(
            grid.simulate(),
            "no device of the grid is called as the device (%s) of a point in the source. Maybe add it to devices."
                .formatted(measured.device()));
        return;
      }
      here.add(device);
      add(grid, device, measured, others.getOrDefault(key(device, measured), List.of()));
    }
    grid.devices().stream().filter(d -> !here.contains(d)).forEach(d -> addAbsent(grid, d));
  }

  private void addAbsent(ScoreFile.Grid grid, ScoreFile.GridDevice device) {
    ConfNode stated = grid.simulate().overlay(device.simulate()).get("device");
    DeviceCard card = stated == null ? null : resolver.cards().device(stated, problems);
    if (card != null) {
      absent.add(new ScoredGrids.AbsentDevice(grid.name(), card.name()));
    }
  }

  private static ScoreFile.GridDevice deviceOf(ScoreFile.Grid grid, MeasuredPoint point) {
    for (ScoreFile.GridDevice device : grid.devices()) {
      if (point.device().contains(device.called())) {
        return device;
      }
    }
    return null;
  }

  private static String key(ScoreFile.GridDevice device, MeasuredPoint point) {
    return "%s %s %s"
        .formatted(device.called(), point.deployed(), point.load().requestsPerSecond());
  }

  private void add(
      ScoreFile.Grid grid,
      ScoreFile.GridDevice device,
      MeasuredPoint measured,
      List<MeasuredPoint> others) {
    ConfNode tree = grid.simulate().overlay(device.simulate()).overlay(stated(grid, measured));
    PointResolver.Resolved point = resolver.resolve(tree);
    if (point == null) {
      return;
    }
    points.add(
        new ScoredPoint(
            grid.name(),
            measured,
            point.spec(),
            measured.workload() != null ? List.of(measured.workload()) : draws(grid, point),
            profile(point.spec()),
            others.stream().map(MeasuredPoint::latencies).toList()));
  }

  /** What the source says of a point, as a sweep would. */
  private static ConfNode stated(ScoreFile.Grid grid, MeasuredPoint measured) {
    MeasuredPoint.Deployed deployed = measured.deployed();
    MeasuredPoint.Load load = measured.load();
    return ConfNode.parse(
        measured.name(),
        """
        model: "%s"
        replicas: %d
        tensor_parallel: %d
        pipeline_parallel: %d
        workload:
          kind: synthetic
          arrivals: {kind: poisson, requests_per_second: %s}
          lengths: {kind: fixed, prompt_tokens: %d, output_tokens: %d}
          requests: %d
          seed: %d
        """
            .formatted(
                deployed.model(),
                deployed.replicas(),
                deployed.tensorParallel(),
                deployed.pipelineParallel(),
                load.requestsPerSecond(),
                load.promptTokens(),
                load.outputTokens(),
                load.requests(),
                grid.seeds().get(0)));
  }

  private List<Workload> draws(ScoreFile.Grid grid, PointResolver.Resolved point) {
    WorkloadSource.Synthetic law = (WorkloadSource.Synthetic) point.source();
    return grid.seeds().stream()
        .map(
            seed ->
                new WorkloadSource.Synthetic(law.arrivals(), law.lengths(), law.requests(), seed)
                    .load(paths))
        .toList();
  }

  private OperatorProfile profile(SimulationSpec spec) {
    if (spec.predictor().profileQuery() == null) {
      return null;
    }
    return profiles.computeIfAbsent(
        spec.deployment(),
        deployment ->
            new MeasuredProfiles(paths, resolver.cards(), spec.kvCache().blockTokens())
                .profile(spec.predictor().profileQuery(), deployment));
  }
}
