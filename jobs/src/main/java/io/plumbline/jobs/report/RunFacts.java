package io.plumbline.jobs.report;

import io.plumbline.jobs.table.RunRow;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Where a run comes from, as names and values for people; unknown facts are left out. */
final class RunFacts {
  private RunFacts() {}

  static Map<String, String> of(RunRow run) {
    Map<String, String> facts = new LinkedHashMap<>();
    put(facts, "run id", run.runId());
    put(facts, "origin", run.origin());
    put(facts, "engine", run.engine());
    put(facts, "model", run.model());
    put(facts, "device", run.device());
    put(facts, "workload", run.workloadId());
    put(
        facts,
        "requests",
        "%d: %d completed, %d rejected, %d unfinished, %d failed"
            .formatted(
                run.requests(), run.completed(), run.rejected(), run.unfinished(), run.failed()));
    put(facts, "makespan", number(run.durationSeconds(), "%.3f s"));
    put(facts, "throughput", number(run.throughputTokensPerSecond(), "%.1f output tokens/s"));
    put(facts, "scheduler", run.scheduler());
    put(facts, "predictor", run.predictor());
    put(facts, "replicas", run.replicas());
    put(facts, "tensor parallel", run.tensorParallel());
    put(facts, "pipeline parallel", run.pipelineParallel());
    put(facts, "seed", run.seed());
    put(facts, "code version", run.codeVersion());
    put(facts, "software", run.softwareJson());
    put(facts, "started", run.startedAt());
    put(facts, "ended", run.endedAt());
    put(facts, "host", run.host());
    put(facts, "licence", run.licence());
    put(facts, "published", run.sourceUrl());
    return facts;
  }

  private static void put(Map<String, String> facts, String name, Object value) {
    if (value != null) {
      facts.put(name, value.toString());
    }
  }

  static String number(Double value, String format) {
    return value == null ? null : String.format(Locale.ROOT, format, value);
  }
}
