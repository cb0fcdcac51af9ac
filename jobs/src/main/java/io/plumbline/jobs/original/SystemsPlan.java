package io.plumbline.jobs.original;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import io.plumbline.files.Names;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.Problems;
import io.plumbline.files.conf.RecordBinder;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.process.Limits;
import io.plumbline.jobs.sweep.SweepPlan;
import io.plumbline.jobs.sweep.SweepPlanner;
import io.plumbline.jobs.sweep.SweepPoint;
import io.plumbline.trace.Sha256;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A sweep whose points are run by several systems: {@code system} below {@code simulate} names
 * them, and stands for ours if it is not there. Every system runs every point.
 *
 * @param own what we simulate; without points if we are not among the systems
 * @param systems as the file names them, the first of which the others are compared with
 * @param originals the points of the others
 * @param groups run ids of the same point, in the order of the systems
 */
public record SystemsPlan(
    SweepPlan own,
    List<String> systems,
    List<OriginalPoint> originals,
    List<List<String>> groups,
    Limits limits) {
  private static final String SIMULATE = "simulate";
  private static final String SYSTEM = "system";
  private static final String LIMITS = "limits";

  /**
   * Reads and checks a sweep file.
   *
   * @throws BadInputException listing every problem with its place
   */
  public static SystemsPlan read(Path file, Path modelsDir, PathResolver paths) {
    ConfNode root = ConfNode.read(file);
    ConfNode simulate = root.get(SIMULATE);
    ConfNode stated =
        simulate != null && simulate.kind() == ConfNode.Kind.MAPPING ? simulate.get(SYSTEM) : null;
    if (stated == null) {
      SweepPlan own = SweepPlanner.plan(root, modelsDir, paths);
      return new SystemsPlan(
          own, List.of(OriginalKind.OURS), List.of(), List.of(), Limits.defaults());
    }
    Problems problems = new Problems();
    List<String> systems = systems(stated, problems);
    Limits limits =
        root.get(LIMITS) == null
            ? Limits.defaults()
            : RecordBinder.bind(root.get(LIMITS), Limits.class, problems);
    problems.throwIfAny(root.file());
    SweepPlan plan =
        SweepPlanner.plan(
            root.without(LIMITS).with(SIMULATE, simulate.without(SYSTEM)), modelsDir, paths);
    return of(plan, systems, limits);
  }

  private static List<String> systems(ConfNode stated, Problems problems) {
    List<ConfNode> items =
        stated.kind() == ConfNode.Kind.SEQUENCE ? stated.items() : List.of(stated);
    List<String> systems = new ArrayList<>();
    for (ConfNode item : items) {
      String name = item.kind() == ConfNode.Kind.SCALAR ? item.text() : "";
      if (!OriginalKind.systems().contains(name)) {
        problems.add(item, "is no system. " + Names.hint(name, OriginalKind.systems()));
      } else if (systems.contains(name)) {
        problems.add(item, "is there already");
      } else {
        systems.add(name);
      }
    }
    if (items.isEmpty()) {
      problems.add(stated, "is an empty list, so there is no system to run");
    }
    return systems;
  }

  private static SystemsPlan of(SweepPlan plan, List<String> systems, Limits limits) {
    List<SweepPoint> own = new ArrayList<>();
    List<OriginalPoint> originals = new ArrayList<>();
    List<List<String>> groups = new ArrayList<>();
    for (SweepPoint point : plan.points()) {
      Map<String, String> group = new LinkedHashMap<>();
      for (String system : systems) {
        String axes = withSystem(point.axesJson(), system);
        OriginalKind kind = OriginalKind.find(system);
        if (kind == null) {
          own.add(withAxes(point, axes));
          group.put(system, point.runId());
        } else {
          OriginalPoint original = new OriginalPoint(runId(point, kind), kind, point, axes);
          originals.add(original);
          group.put(system, original.runId());
        }
      }
      groups.add(List.copyOf(group.values()));
    }
    return new SystemsPlan(
        new SweepPlan(
            plan.name(),
            own,
            plan.duplicates(),
            plan.excluded(),
            plan.recording(),
            plan.workloads(),
            plan.profiles()),
        systems,
        originals,
        groups,
        limits);
  }

  private static String runId(SweepPoint point, OriginalKind kind) {
    return "r"
        + new Sha256()
            .putText(kind.system())
            .putText(kind.original().commit())
            .putText(point.specJson())
            .putText(point.workloadId())
            .shortHex();
  }

  private static SweepPoint withAxes(SweepPoint point, String axesJson) {
    return new SweepPoint(
        point.runId(),
        point.spec(),
        point.workloadId(),
        point.profileHash(),
        point.seed(),
        axesJson,
        point.tags());
  }

  private static String withSystem(String axesJson, String system) {
    JsonNode axes = Json.parseTree("axes", axesJson);
    Map<String, JsonNode> sorted = new TreeMap<>();
    axes.fields().forEachRemaining(axis -> sorted.put(axis.getKey(), axis.getValue()));
    sorted.put(SYSTEM, JsonNodeFactory.instance.textNode(system));
    return Json.write(sorted);
  }

  /** Points of all systems: run id and axes, in the order of the systems. */
  List<Map.Entry<String, String>> points() {
    return Stream.concat(
            own.points().stream().map(point -> Map.entry(point.runId(), point.axesJson())),
            originals.stream().map(point -> Map.entry(point.runId(), point.axesJson())))
        .toList();
  }
}
