package io.plumbline.reference;

import io.plumbline.files.CodeVersion;
import io.plumbline.files.Json;
import io.plumbline.reference.replay.EngineFacts;
import io.plumbline.trace.Sha256;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.RunManifest;
import io.plumbline.trace.workload.Workload;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What is known of a run before it starts.
 *
 * @param repeat which of several runs of the same file it is, from 1; null if there is only one
 * @param host name of this machine; null if unknown
 * @param environment variables of this process
 * @param loadAverage of this machine before the run: what others do on it makes times longer;
 *     negative if unknown
 */
record Provenance(
    EngineSpec spec,
    ModelSpec model,
    Workload workload,
    Integer repeat,
    String host,
    Map<String, String> environment,
    double loadAverage) {

  /**
   * Variables of the C allocator, of thread pools and of native libraries. The allocator alone can
   * make a long prefill nine times slower.
   */
  private static final Pattern BEARS_ON_TIMES =
      Pattern.compile("LD_PRELOAD|(MALLOC|OMP|KMP|MKL|OPENBLAS|PYTORCH|TORCH|CUDA|NVIDIA|DJL)_.*");

  /** The specification of a manifest: all that a repeat needs besides the workload. */
  private record Specification(EngineSpec engine, ModelSpec model) {}

  static Provenance here(EngineSpec spec, ModelSpec model, Workload workload, Integer repeat) {
    return new Provenance(
        spec, model, workload, repeat, hostName(), System.getenv(), currentLoadAverage());
  }

  /** Of this machine over the last minute; negative if unknown. */
  static double currentLoadAverage() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  static String hostName() {
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

  Map<String, String> software(EngineFacts engine) {
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
    if (loadAverage >= 0) {
      software.put("load_average", "%.2f".formatted(loadAverage));
    }
    environment.forEach(
        (name, value) -> {
          if (BEARS_ON_TIMES.matcher(name).matches()) {
            software.put(name, value);
          }
        });
    return software;
  }
}
