package io.plumbline.reference;

import io.plumbline.files.CodeVersion;
import io.plumbline.files.Json;
import io.plumbline.reference.replay.EngineFacts;
import io.plumbline.trace.Sha256;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.RunManifest;
import io.plumbline.trace.workload.Workload;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is known of a run before it starts.
 *
 * @param repeat which of several runs of the same file it is, from 1; null if there is only one
 * @param host name of this machine; null if unknown
 * @param environment variables of this process
 */
record Provenance(
    EngineSpec spec,
    ModelSpec model,
    Workload workload,
    Integer repeat,
    String host,
    Map<String, String> environment) {

  /** The specification of a manifest: all that a repeat needs besides the workload. */
  private record Specification(EngineSpec engine, ModelSpec model) {}

  static Provenance here(EngineSpec spec, ModelSpec model, Workload workload, Integer repeat) {
    return new Provenance(spec, model, workload, repeat, hostName(), System.getenv());
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return null;
    }
  }

  /** The manifest of a run between two instants, with what its engine says of itself. */
  RunManifest manifest(EngineFacts engine, Instant started, Instant ended) {
    return new RunManifest(
        runId(started),
        Origin.MEASURED,
        engine.engine(),
        workload.workloadId(),
        Json.write(new Specification(spec, model)),
        (long) spec.seed(),
        CodeVersion.of(Provenance.class),
        engine.device(),
        model.name(),
        software(engine),
        started.toString(),
        ended.toString(),
        host);
  }

  /** A measurement is an event, not a function of its inputs: when and where are part of it. */
  private String runId(Instant started) {
    return "r"
        + new Sha256()
            .putText(Json.write(spec))
            .putText(Json.write(model))
            .putText(workload.workloadId())
            .putText(started.toString())
            .putText(host == null ? "" : host)
            .shortHex();
  }

  private Map<String, String> software(EngineFacts engine) {
    Map<String, String> software = new TreeMap<>(engine.software());
    software.put("java.version", System.getProperty("java.version"));
    software.put("java.vm.name", System.getProperty("java.vm.name"));
    software.put(
        "os",
        "%s %s %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")));
    software.put("warmup_requests", Integer.toString(spec.warmupRequests()));
    if (repeat != null) {
      software.put("repeat", repeat.toString());
    }
    // The C allocator alone can make a long prefill nine times slower.
    environment.forEach(
        (name, value) -> {
          if (name.startsWith("MALLOC_") || name.equals("LD_PRELOAD")) {
            software.put(name, value);
          }
        });
    return software;
  }
}
