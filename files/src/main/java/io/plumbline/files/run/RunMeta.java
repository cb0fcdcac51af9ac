package io.plumbline.files.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.RunManifest;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * {@code run_meta.json}. Ours carries the whole manifest and says so in {@code written_by}; of
 * anyone else's the manifest is made as far as it goes.
 */
final class RunMeta {
  private static final String OURS = "plumbline";
  private static final String VIDUR = "vidur";
  private static final Set<String> SIMULATORS = Set.of(VIDUR, OURS, "simulator");
  private static final Set<String> NOT_SOFTWARE =
      Set.of("cuda_available", "cuda_device_name", "cwd");

  private final Path file;
  private final JsonNode meta;

  private RunMeta(Path file, JsonNode meta) {
    this.file = file;
    this.meta = meta;
  }

  /**
   * The manifest of a run folder.
   *
   * @param contentHash hash of the folder's files, which names a run that others wrote
   * @param workloadId of the requests as they were read
   */
  static RunManifest read(Path file, String contentHash, String workloadId) {
    JsonNode tree = Json.readTree(file);
    if (!tree.isObject()) {
      throw new BadInputException("%s:1: must be a JSON object".formatted(file));
    }
    RunMeta meta = new RunMeta(file, tree);
    return OURS.equals(meta.text("written_by"))
        ? meta.ours(workloadId)
        : meta.theirs(contentHash, workloadId);
  }

  private RunManifest ours(String workloadId) {
    String written = required("workload_id");
    if (!written.equals(workloadId)) {
      throw new BadInputException(
          "%s: workload_id (%s) is not that of the requests (%s). Maybe request_metrics.csv was changed."
              .formatted(file, written, workloadId));
    }
    Map<String, String> software = new LinkedHashMap<>();
    meta.path("software")
        .properties()
        .forEach(e -> software.put(e.getKey(), e.getValue().asText()));
    JsonNode seed = meta.path("seed");
    return new RunManifest(
        required("run_id"),
        origin(),
        text("backend"),
        workloadId,
        meta.has("spec_json") ? text("spec_json") : compact("params"),
        seed.canConvertToLong() && seed.isIntegralNumber() ? (Long) seed.longValue() : null,
        text("code_version"),
        text("env", "cuda_device_name"),
        text("model"),
        software,
        text("started_at"),
        text("ended_at"),
        text("host"),
        text("licence"),
        text("source_url"));
  }

  private Origin origin() {
    String origin = required("origin");
    return switch (origin) {
      case "simulated" -> Origin.SIMULATED;
      case "measured" -> Origin.MEASURED;
      default ->
          throw new BadInputException(
              "%s: origin (%s) must be simulated or measured".formatted(file, origin));
    };
  }

  private RunManifest theirs(String contentHash, String workloadId) {
    String backend = text("backend");
    boolean ofVidur =
        backend == null && (meta.path("params").has(VIDUR) || VIDUR.equals(text("run_type")));
    boolean simulated = ofVidur || (backend != null && SIMULATORS.contains(backend));
    String commit = text("git_commit");
    boolean dirty = meta.path("git_dirty").asBoolean();
    return new RunManifest(
        "r" + contentHash,
        simulated ? Origin.SIMULATED : Origin.MEASURED,
        ofVidur ? VIDUR : backend == null ? "unknown" : backend,
        workloadId,
        meta.has("params") ? compact("params") : "{}",
        null,
        commit == null ? null : dirty ? commit + "-dirty" : commit,
        text("env", "cuda_device_name"),
        text("model"),
        softwareOfEnv(),
        text("started_at"),
        text("ended_at"),
        null);
  }

  private Map<String, String> softwareOfEnv() {
    Map<String, String> software = new LinkedHashMap<>();
    meta.path("env")
        .properties()
        .forEach(
            entry -> {
              if (entry.getValue().isValueNode()
                  && !entry.getValue().isNull()
                  && !NOT_SOFTWARE.contains(entry.getKey())) {
                software.put(entry.getKey(), entry.getValue().asText());
              }
            });
    return software;
  }

  private String compact(String key) {
    return meta.has(key) ? Json.write(meta.get(key)) : null;
  }

  private String required(String key) {
    String text = text(key);
    if (text == null) {
      throw new BadInputException("%s: missing key %s (text)".formatted(file, key));
    }
    return text;
  }

  /** Text at a path of keys; null if it is absent or null. */
  private String text(String... keys) {
    JsonNode node = meta;
    for (String key : keys) {
      node = node.path(key);
    }
    if (node.isMissingNode() || node.isNull()) {
      return null;
    }
    if (!node.isTextual()) {
      throw new BadInputException(
          "%s: %s (%s) must be text".formatted(file, String.join(".", keys), node));
    }
    return node.textValue();
  }

  /** What {@link #read} makes the same manifest of. */
  static String write(RunManifest manifest) {
    // A map that drops nulls: absent is no key.
    Map<String, Object> meta = new TreeMap<>();
    put(meta, "schema_version", "v1");
    put(meta, "written_by", OURS);
    put(meta, "run_type", manifest.origin() == Origin.MEASURED ? "real" : "simulated");
    put(meta, "run_id", manifest.runId());
    put(meta, "origin", manifest.origin());
    put(meta, "backend", manifest.engine());
    put(meta, "workload_id", manifest.workloadId());
    putSpec(meta, manifest.specJson());
    put(meta, "seed", manifest.seed());
    put(meta, "code_version", manifest.codeVersion());
    if (manifest.device() != null) {
      put(meta, "env", Map.of("cuda_device_name", manifest.device()));
    }
    put(meta, "model", manifest.model());
    put(meta, "software", manifest.software());
    put(meta, "started_at", manifest.startedAt());
    put(meta, "ended_at", manifest.endedAt());
    put(meta, "host", manifest.host());
    put(meta, "licence", manifest.licence());
    put(meta, "source_url", manifest.sourceUrl());
    return Json.pretty(meta) + "\n";
  }

  private static void put(Map<String, Object> meta, String key, Object value) {
    if (value != null) {
      meta.put(key, value);
    }
  }

  private static void putSpec(Map<String, Object> meta, String specJson) {
    if (specJson == null) {
      return;
    }
    JsonNode params = parsed(specJson);
    if (params != null) {
      meta.put("params", params);
    }
    if (params == null || !Json.write(params).equals(specJson)) {
      // Not canonical: params would not give back the very same text.
      meta.put("spec_json", specJson);
    }
  }

  private static JsonNode parsed(String json) {
    try {
      JsonNode tree = Json.parseTree("spec", json);
      return tree.isMissingNode() ? null : tree;
    } catch (BadInputException e) {
      return null;
    }
  }
}
