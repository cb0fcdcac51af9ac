package io.plumbline.files.vidur;

import io.plumbline.files.Names;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All flags of Vidur's command line. They are the configuration's records, flattened: a flag is the
 * name of its section and that of the option; a section of which there are several kinds has a flag
 * that ends in {@code _type}.
 */
final class Flags {
  /** What Vidur computes; no flag sets it. */
  private static final Set<String> DERIVED =
      Set.of("replica_config_world_size", "synthetic_request_generator_config_max_tokens");

  private static final String GENERATOR = "request_generator_config";
  private static final String REQUEST = "request_";

  /**
   * One flag.
   *
   * @param name without the dashes
   * @param path of its value in the configuration
   * @param type of its value
   * @param needs kinds by path without which it has no effect
   */
  record Flag(String name, List<String> path, Type type, Map<List<String>, String> needs) {
    boolean isBoolean() {
      return type == boolean.class;
    }

    boolean isList() {
      return type instanceof ParameterizedType;
    }

    /** Type of the value, or of each value of a list. */
    Class<?> valueType() {
      return (Class<?>)
          (type instanceof ParameterizedType list ? list.getActualTypeArguments()[0] : type);
    }
  }

  private final Map<String, Flag> byName = new LinkedHashMap<>();

  private Flags() {}

  /** All of them by name. */
  static Map<String, Flag> all() {
    Flags flags = new Flags();
    List<String> cluster = List.of("cluster_config");
    flags.section("", List.of(), VidurConfig.class, Map.of());
    flags.section("cluster_config_", cluster, VidurConfig.Cluster.class, Map.of());
    flags.section(
        "replica_config_", child(cluster, "replica_config"), VidurConfig.Replica.class, Map.of());
    flags.kinds(
        child(cluster, "global_scheduler_config"), VidurConfig.GlobalScheduler.class, Map.of());
    flags.kinds(child(cluster, "replica_scheduler_config"), VidurScheduler.class, Map.of());
    flags.kinds(List.of(GENERATOR), VidurRequestGenerator.class, Map.of());
    Map<List<String>, String> synthetic = Map.of(List.of(GENERATOR), "synthetic");
    flags.kinds(
        List.of(GENERATOR, "length_generator_config"),
        VidurRequestGenerator.Lengths.class,
        synthetic);
    flags.kinds(
        List.of(GENERATOR, "interval_generator_config"),
        VidurRequestGenerator.Intervals.class,
        synthetic);
    flags.kinds(List.of("execution_time_predictor_config"), VidurPredictor.class, Map.of());
    flags.section(
        "metrics_config_", List.of("metrics_config"), VidurConfig.Metrics.class, Map.of());
    return flags.byName;
  }

  private void kinds(List<String> path, Class<?> sealed, Map<List<String>, String> needs) {
    String section = path.get(path.size() - 1);
    add(new Flag(section + "_type", child(path, "kind"), String.class, needs));
    for (Class<?> permitted : sealed.getPermittedSubclasses()) {
      String kind = Names.kind(permitted);
      Map<List<String>, String> needed = new LinkedHashMap<>(needs);
      needed.put(path, kind);
      section(prefix(section, kind), path, permitted, needed);
    }
  }

  /** Named by Vidur's classes: {@code VllmSchedulerConfig}, {@code TraceRequestGeneratorConfig}. */
  private static String prefix(String section, String kind) {
    return switch (section) {
      case "replica_scheduler_config" -> kind + "_scheduler_config_";
      case GENERATOR -> (kind.equals("trace_replay") ? "trace" : kind) + "_" + section + "_";
      case "length_generator_config", "interval_generator_config" ->
          kind + "_" + REQUEST + section + "_";
      default -> kind + "_" + section + "_";
    };
  }

  private void section(
      String prefix, List<String> path, Class<?> type, Map<List<String>, String> needs) {
    for (RecordComponent component : type.getRecordComponents()) {
      String key = Names.snake(component.getName());
      boolean isSection = component.getType().isRecord() || component.getType().isSealed();
      if (!isSection && !DERIVED.contains(prefix + key)) {
        add(new Flag(prefix + key, child(path, key), component.getGenericType(), needs));
      }
    }
  }

  private void add(Flag flag) {
    byName.put(flag.name(), flag);
  }

  private static List<String> child(List<String> path, String key) {
    List<String> child = new ArrayList<>(path);
    child.add(key);
    return List.copyOf(child);
  }
}
