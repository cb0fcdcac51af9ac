package io.plumbline.jobs.sweep;

import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import io.plumbline.files.card.ModelCards;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.Problems;
import io.plumbline.files.conf.RecordBinder;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.card.HardwareCards;
import io.plumbline.jobs.profile.VidurProfiles;
import io.plumbline.jobs.table.RunTags;
import io.plumbline.simulator.Recording;
import io.plumbline.simulator.SimulationSpec;
import io.plumbline.simulator.Simulator;
import io.plumbline.simulator.batching.SchedulerSpec;
import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.hardware.Parallelism;
import io.plumbline.simulator.latency.OperatorProfile;
import io.plumbline.simulator.latency.ProfileQuery;
import io.plumbline.trace.Sha256;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.workload.Workload;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Turns a sweep file into runs. Everything that can be wrong with any point is found here, before
 * the first one runs: cards, workloads, profiles, memory.
 */
public final class SweepPlanner {
  private final Path modelsDir;
  private final PathResolver paths;
  private final HardwareCards cards;
  private final Problems problems = new Problems();
  private final Map<Object, Object> loaded = new HashMap<>();
  private final Map<String, Workload> workloads = new LinkedHashMap<>();
  private final Map<String, OperatorProfile> profiles = new LinkedHashMap<>();

  private SweepPlanner(Path modelsDir, PathResolver paths) {
    this.modelsDir = modelsDir;
    this.paths = paths;
    this.cards = new HardwareCards(modelsDir);
  }

  /**
   * Reads and checks a sweep file.
   *
   * @param modelsDir folder of the cards
   * @throws BadInputException listing every problem with its place
   */
  public static SweepPlan plan(Path file, Path modelsDir, PathResolver paths) {
    SweepPlanner planner = new SweepPlanner(modelsDir, paths);
    SweepFile.Expanded expanded = SweepFile.read(file, planner.problems);
    planner.problems.throwIfAny(file.toString());
    Map<String, SweepPoint> points = new LinkedHashMap<>();
    for (Axes.Point point : expanded.points()) {
      SweepPoint planned = planner.point(expanded.recording(), point);
      if (planned != null) {
        points.putIfAbsent(planned.runId(), planned);
      }
    }
    planner.problems.throwIfAny(file.toString());
    return new SweepPlan(
        expanded.name(),
        List.copyOf(points.values()),
        expanded.points().size() - points.size(),
        expanded.excluded(),
        expanded.recording(),
        planner.workloads,
        planner.profiles);
  }

  private SweepPoint point(Recording recording, Axes.Point point) {
    ConfNode tree = point.tree();
    PointSpec conf = RecordBinder.bind(tree, PointSpec.class, problems);
    if (conf == null) {
      return null;
    }
    ModelSpec model =
        once(tree.get("model"), conf.model(), name -> ModelCards.load(modelsDir, name));
    var device =
        once(
            tree.get("device"),
            new DeviceKey(conf.device(), conf.dtype()),
            key -> cards.device(key.name()).sku(key.dtype()));
    var node = once(at(tree, "node"), conf.node(), name -> cards.node(name).sku());
    Workload workload = once(tree.get("workload"), conf.workload(), source -> source.load(paths));
    if (model == null || device == null || node == null || workload == null) {
      return null;
    }
    SimulationSpec spec =
        attempt(
            tree,
            () ->
                new SimulationSpec(
                    new Deployment(
                        model,
                        device,
                        node,
                        new Parallelism(conf.tensorParallel(), conf.pipelineParallel()),
                        conf.dtype()),
                    conf.replicas(),
                    conf.router(),
                    conf.scheduler(),
                    conf.kvCache(),
                    conf.predictor(),
                    conf.compatibility(),
                    conf.timeLimitSeconds()));
    if (spec == null || !isRunnable(tree, spec, workload)) {
      return null;
    }
    if (attempt(at(tree, "scheduler"), () -> batchTokens(spec.scheduler())) == null) {
      return null;
    }
    String profileHash = null;
    if (spec.predictor().profileQuery() != null) {
      OperatorProfile profile =
          once(
              at(tree, "predictor"),
              new ProfileKey(
                  spec.predictor().profileQuery(),
                  spec.deployment(),
                  spec.kvCache().blockTokens(),
                  spec.predictor().learner() != null),
              this::readProfile);
      if (profile == null) {
        return null;
      }
      profileHash = profile.contentHash();
      profiles.put(profileHash, profile);
    }
    workloads.put(workload.workloadId(), workload);
    return sweepPoint(recording, point, conf, spec, workload, profileHash);
  }

  private record DeviceKey(String name, DataType dtype) {}

  /**
   * A profile to read.
   *
   * @param forLearning whether it must suffice to learn from
   */
  private record ProfileKey(
      ProfileQuery query, Deployment deployment, int blockTokens, boolean forLearning) {}

  private OperatorProfile readProfile(ProfileKey key) {
    OperatorProfile profile =
        new VidurProfiles(paths, cards, key.blockTokens()).profile(key.query(), key.deployment());
    if (key.forLearning()) {
      profile.requireLearnable();
    }
    return profile;
  }

  private static int batchTokens(SchedulerSpec scheduler) {
    // A batch has at least a token per request, so less means that the sum ran over.
    if (scheduler.maxBatchTokens() < scheduler.maxBatchSize()) {
      throw new ArithmeticException(
          "the tokens of one batch of %d requests".formatted(scheduler.maxBatchSize()));
    }
    return scheduler.maxBatchTokens();
  }

  private boolean isRunnable(ConfNode tree, SimulationSpec spec, Workload workload) {
    return attempt(
            tree,
            () -> {
              Simulator.requireRunnable(spec, workload);
              return true;
            })
        != null;
  }

  private static SweepPoint sweepPoint(
      Recording recording,
      Axes.Point point,
      PointSpec conf,
      SimulationSpec spec,
      Workload workload,
      String profileHash) {
    String specJson = Json.write(spec);
    String runId =
        "r"
            + new Sha256()
                .putText(specJson)
                .putText(workload.workloadId())
                .putText(String.valueOf(profileHash))
                .putText(SimulatorVersion.VALUE)
                .shortHex();
    RunTags tags =
        new RunTags(
            null,
            kind(point.tree().get("scheduler")),
            kind(point.tree().get("predictor")),
            conf.replicas(),
            conf.tensorParallel(),
            conf.pipelineParallel(),
            recording.name().toLowerCase(Locale.ROOT));
    Long seed = conf.workload().drawnFromSeed();
    return new SweepPoint(
        runId,
        spec,
        specJson,
        workload.workloadId(),
        profileHash,
        seed,
        axesJson(point.values()),
        tags);
  }

  private static String kind(ConfNode choice) {
    return choice.kind() == ConfNode.Kind.MAPPING ? choice.get("kind").text() : choice.text();
  }

  private static String axesJson(Map<String, String> values) {
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

  private static ConfNode at(ConfNode tree, String key) {
    return tree.get(key) == null ? tree : tree.get(key);
  }

  private record Slot(String path, Object key) {}

  /** Loads what many points share once; a failure is a problem of its node, and stays one. */
  @SuppressWarnings("unchecked")
  private <K, V> V once(ConfNode node, K key, Function<K, V> load) {
    Slot slot = new Slot(node.path(), key);
    if (!loaded.containsKey(slot)) {
      loaded.put(slot, attempt(node, () -> load.apply(key)));
    }
    return (V) loaded.get(slot);
  }

  private <V> V attempt(ConfNode node, Supplier<V> action) {
    try {
      return action.get();
    } catch (BadInputException | IllegalArgumentException e) {
      problems.add(node, e.getMessage());
      return null;
    } catch (ArithmeticException e) {
      problems.add(
          node,
          "a number of tokens, or what follows from it, is too large: %s. Maybe it has too many digits."
              .formatted(e.getMessage()));
      return null;
    }
  }
}
