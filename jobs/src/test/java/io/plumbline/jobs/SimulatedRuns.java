package io.plumbline.jobs;

import io.plumbline.simulator.Recording;
import io.plumbline.simulator.SimulationSpec;
import io.plumbline.simulator.Simulator;
import io.plumbline.simulator.batching.VllmSpec;
import io.plumbline.simulator.cluster.RoundRobinSpec;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.hardware.DeviceSku;
import io.plumbline.simulator.hardware.NodeSku;
import io.plumbline.simulator.hardware.Parallelism;
import io.plumbline.simulator.kvcache.KvCacheSpec;
import io.plumbline.simulator.latency.RooflineSpec;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.RunManifest;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Runs of the simulator to reason about by hand: a stage takes 10 ms and 1 ms per token. */
public final class SimulatedRuns {
  private static final ModelSpec MODEL =
      new ModelSpec(
          "tiny", 6, 4, 2, 8, 32, 64, 100, 4096, true, true, false, false, false, 10000, 1e-5);

  private SimulatedRuns() {}

  /**
   * Two requests of 8 and 4 tokens in a cache of five blocks of four. With one stage both prefill,
   * 26 ms; the decode of 0 takes the last block, so 1 restarts with a prompt of 9; 0 decodes until
   * 37, 48 and 59, then 1 prefills until 78 and decodes until 89 and 100.
   */
  public static RunTrace secondRestarts(Compatibility compatibility, int stages) {
    SimulationSpec spec =
        new SimulationSpec(
            new Deployment(
                MODEL,
                new DeviceSku("device", 80L << 30, 1e15, 1e12, 0),
                new NodeSku("node", 8, 8, 1e9, 0, null, 1e9, 0),
                new Parallelism(1, stages),
                DataType.FLOAT16),
            1,
            RoundRobinSpec.defaults(),
            new VllmSpec(100, 128),
            new KvCacheSpec(4, 5, 0.1, 0.0, null),
            RooflineSpec.defaults(),
            compatibility,
            null);
    Workload workload = new Workload(List.of(new Request(0, 0, 8, 4), new Request(1, 0, 8, 4)));
    return Simulator.run(
        spec, workload, (batch, stage) -> 0.01 + 0.001 * batch.totalTokens(), Recording.OPERATORS);
  }

  public static RunManifest manifest(String runId, Compatibility compatibility) {
    return new RunManifest(
        runId,
        Origin.SIMULATED,
        "plumbline",
        "w1",
        "{\"compatibility\":\"%s\"}".formatted(compatibility.name().toLowerCase(Locale.ROOT)),
        7L,
        "abc123",
        "A100",
        "tiny",
        Map.of("java", "17"),
        "2026-01-01T00:00:00Z",
        null,
        null);
  }
}
