package io.plumbline.jobs.sweep;

import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.Problems;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.profile.MeasuredProfiles;
import io.plumbline.jobs.table.RunTags;
import io.plumbline.simulator.PoolSpec;
import io.plumbline.simulator.Recording;
import io.plumbline.simulator.SimulationSpec;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.latency.OperatorProfile;
import io.plumbline.simulator.latency.ProfileQuery;
import io.plumbline.trace.Sha256;
import io.plumbline.trace.workload.Workload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Turns a sweep file into runs. Everything that can be wrong with any point is found here, before
 * the first one runs: cards, workloads, profiles, memory.
 */
public final class SweepPlanner {
  private final PathResolver paths;
  private final Problems problems;
  private final PointResolver resolver;
  private final Map<String, Workload> workloads = new ConcurrentHashMap<>();
  private final Map<String, OperatorProfile> profiles = new ConcurrentHashMap<>();
  private final Map<Integer, MeasuredProfiles> measured = new HashMap<>();

  private SweepPlanner(Path modelsDir, PathResolver paths) {
    this.paths = paths;
    this.problems = new Problems();
    this.resolver = new PointResolver(modelsDir, paths, problems);
  }

  /**
   * A planner of single points, for which what cannot run is no problem.
   *
   * @param problems what is wrong is added to them
   * @param misfits is told of what cannot run
   */
  SweepPlanner(
      Path modelsDir, PathResolver paths, Problems problems, PointResolver.Misfits misfits) {
    this.paths = paths;
    this.problems = problems;
    this.resolver = new PointResolver(modelsDir, paths, problems, misfits);
  }

  /**
   * Reads and checks a sweep file.
   *
   * @param modelsDir folder of the cards
   * @throws BadInputException listing every problem with its place
   */
  public static SweepPlan plan(Path file, Path modelsDir, PathResolver paths) {
    return plan(ConfNode.read(file), modelsDir, paths);
  }

  /** The same with a file that is read already. */
  public static SweepPlan plan(ConfNode file, Path modelsDir, PathResolver paths) {
    SweepPlanner planner = new SweepPlanner(modelsDir, paths);
    SweepFile.Expanded expanded = SweepFile.expand(file, planner.problems);
    planner.problems.throwIfAny(file.file());
    List<SweepPoint> planned = planner.points(expanded, Order.ANY);
    if (!planner.problems.isEmpty()) {
      // Once more, for the problems to come in the order of the points.
      planner = new SweepPlanner(modelsDir, paths);
      planned = planner.points(expanded, Order.ONE_BY_ONE);
    }
    planner.problems.throwIfAny(file.file());
    Map<String, SweepPoint> points = new LinkedHashMap<>();
    planned.forEach(point -> points.putIfAbsent(point.runId(), point));
    return new SweepPlan(
        expanded.name(),
        List.copyOf(points.values()),
        expanded.points().size() - points.size(),
        expanded.excluded(),
        expanded.recording(),
        used(points.values(), point -> List.of(point.workloadId()), planner.workloads),
        used(points.values(), SweepPoint::profileHashes, planner.profiles));
  }

  /** What the points use, in their order. */
  private static <T> Map<String, T> used(
      Collection<SweepPoint> points, Function<SweepPoint, List<String>> ids, Map<String, T> all) {
    Map<String, T> used = new LinkedHashMap<>();
    for (SweepPoint point : points) {
      for (String id : ids.apply(point)) {
        if (id != null) {
          used.computeIfAbsent(id, all::get);
        }
      }
    }
    return used;
  }

  private enum Order {
    ONE_BY_ONE,
    ANY
  }

  /** All points that can be planned, in the order of the file. */
  private List<SweepPoint> points(SweepFile.Expanded expanded, Order order) {
    Stream<Axes.Point> points = expanded.points().stream();
    return (order == Order.ANY ? points.parallel() : points)
        .map(point -> point(expanded.recording(), point))
        .filter(Objects::nonNull)
        .toList();
  }

  /** A point with its run id; null if it cannot run. */
  SweepPoint point(Recording recording, Axes.Point point) {
    PointResolver.Resolved resolved = resolver.resolve(point.tree());
    if (resolved == null) {
      return null;
    }
    List<String> hashes = new ArrayList<>();
    for (int p = 0; p < resolved.pools().size(); p++) {
      PoolSpec pool = resolved.spec().pools().get(p);
      if (pool.predictor().profileQuery() == null) {
        hashes.add(null);
        continue;
      }
      OperatorProfile profile = profile(pool, resolved.pools().get(p));
      if (profile == null) {
        return null;
      }
      hashes.add(profile.contentHash());
      profiles.put(profile.contentHash(), profile);
    }
    workloads.put(resolved.workload().workloadId(), resolved.workload());
    return sweepPoint(recording, point, resolved, hashes);
  }

  private OperatorProfile profile(PoolSpec pool, ConfNode tree) {
    return resolver.once(
        PointResolver.at(tree, "predictor"),
        new ProfileKey(
            pool.predictor().profileQuery(),
            pool.deployment(),
            pool.kvCache().blockTokens(),
            pool.predictor().learner() != null),
        this::readProfile,
        Misfit.PROFILE);
  }

  PointResolver resolver() {
    return resolver;
  }

  Map<String, Workload> workloads() {
    return workloads;
  }

  Map<String, OperatorProfile> profiles() {
    return profiles;
  }

  /**
   * A profile to read.
   *
   * @param forLearning whether it must suffice to learn from
   */
  private record ProfileKey(
      ProfileQuery query, Deployment deployment, int blockTokens, boolean forLearning) {}

  private OperatorProfile readProfile(ProfileKey key) {
    OperatorProfile profile =
        measured
            .computeIfAbsent(
                key.blockTokens(), b -> new MeasuredProfiles(paths, resolver.cards(), b))
            .profile(key.query(), key.deployment());
    if (key.forLearning()) {
      profile.requireLearnable();
    }
    return profile;
  }

  private static SweepPoint sweepPoint(
      Recording recording, Axes.Point point, PointResolver.Resolved resolved, List<String> hashes) {
    SimulationSpec spec = resolved.spec();
    String workloadId = resolved.workload().workloadId();
    String specJson = Json.write(spec);
    String runId =
        "r"
            + new Sha256()
                .putText(specJson)
                .putText(workloadId)
                .putText(hashes.stream().map(String::valueOf).collect(Collectors.joining(",")))
                .putText(SimulatorVersion.VALUE)
                .shortHex();
    RunTags tags =
        new RunTags(
            null,
            kinds(resolved.pools(), "scheduler"),
            kinds(resolved.pools(), "predictor"),
            spec.replicas(),
            same(spec, pool -> pool.deployment().parallelism().tensor()),
            same(spec, pool -> pool.deployment().parallelism().pipeline()),
            recording.name().toLowerCase(Locale.ROOT));
    Long seed = resolved.source().drawnFromSeed();
    return new SweepPoint(runId, spec, workloadId, hashes, seed, axesJson(point.values()), tags);
  }

  /** A kind, or where pools differ all kinds. */
  private static String kinds(List<ConfNode> pools, String key) {
    return pools.stream()
        .map(pool -> kind(pool.get(key)))
        .distinct()
        .collect(Collectors.joining("+"));
  }

  /** A number that all pools have; null if they differ. */
  private static Integer same(SimulationSpec spec, ToIntFunction<PoolSpec> number) {
    int[] values = spec.pools().stream().mapToInt(number).distinct().toArray();
    return values.length == 1 ? (Integer) values[0] : null;
  }

  private static String kind(ConfNode choice) {
    return choice.kind() == ConfNode.Kind.MAPPING ? choice.get("kind").text() : choice.text();
  }

  static String axesJson(Map<String, String> values) {
    StringBuilder json = new StringBuilder("{");
    new TreeMap<>(values)
        .forEach(
            (path, value) ->
                json.append(json.length() > 1 ? "," : "")
                    .append('"')
                    .append(path)
                    .append("\":")
                    .append(value));
    return json.append('}').toString();
  }
}
