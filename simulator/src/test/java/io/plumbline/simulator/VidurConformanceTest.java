package io.plumbline.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.batching.RequestProgress;
import io.plumbline.simulator.batching.SarathiSpec;
import io.plumbline.simulator.batching.SchedulerSpec;
import io.plumbline.simulator.batching.VllmSpec;
import io.plumbline.simulator.cluster.Cluster;
import io.plumbline.simulator.cluster.Recorder;
import io.plumbline.simulator.cluster.RoundRobinSpec;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.hardware.DeviceSku;
import io.plumbline.simulator.hardware.NodeSku;
import io.plumbline.simulator.hardware.Parallelism;
import io.plumbline.simulator.kvcache.KvCacheSpec;
import io.plumbline.simulator.latency.BlockComposition;
import io.plumbline.simulator.latency.ProfiledSpec;
import io.plumbline.trace.model.ModelSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Replays recorded runs of the original Vidur from its own prediction tables: every stage of every
 * batch and every request's times must be equal to the last bit.
 */
class VidurConformanceTest {
  private static final Path GOLDEN =
      Path.of(System.getProperty("plumbline.home", ".."), "..", "shared", "golden", "vidur");

  @TestFactory
  Stream<DynamicTest> everyRecordedRunIsReplayedToTheLastBit() {
    if (!Files.isDirectory(GOLDEN)) {
      // One test that is reported as skipped: a factory that gives none would not be seen at all.
      return Stream.of(
          DynamicTest.dynamicTest(
              "recorded runs", () -> abort("recorded Vidur runs are not here; replay is skipped")));
    }
    return GoldenVidur.csv(GOLDEN.resolve("INDEX.csv")).stream()
        .filter(row -> Set.of("vllm", "sarathi").contains(row.get("replica_scheduler")))
        .filter(row -> row.get("global_scheduler").equals("round_robin"))
        .filter(row -> !row.get("case").startsWith("c01"))
        .map(row -> DynamicTest.dynamicTest(row.get("case"), () -> replay(row)));
  }

  private static void replay(Map<String, String> index) {
    GoldenVidur golden = new GoldenVidur(GOLDEN.resolve(index.get("case")));
    SimulationSpec spec = spec(golden);
    Stages stages = new Stages();
    Cluster cluster =
        Simulator.simulate(
            spec,
            golden.workload,
            golden.arrivalSeconds,
            new BlockComposition(
                spec.deployment(),
                (ProfiledSpec) spec.predictor(),
                GoldenVidur.tables(GOLDEN.resolve("tables").resolve(index.get("tables")))),
            stages);

    List<String> expectedStages = new ArrayList<>();
    for (Map<String, String> row : golden.batchStages()) {
      expectedStages.add(
          String.join(
              " ",
              row.get("batch_id"),
              row.get("replica_id"),
              row.get("stage_id"),
              row.get("size"),
              row.get("num_tokens"),
              row.get("num_prefill_tokens"),
              String.valueOf(Double.parseDouble(row.get("stage_start"))),
              String.valueOf(Double.parseDouble(row.get("stage_end")))));
    }
    // The record lists stages as they end, we as they start.
    assertThat(stages.lines).hasSizeGreaterThanOrEqualTo(expectedStages.size());
    assertThat(expectedStages).filteredOn(line -> !stages.lines.contains(line)).isEmpty();
    for (Map<String, String> row : golden.requestFinal()) {
      RequestProgress request = cluster.request(Integer.parseInt(row.get("request_id")));
      assertThat(request.completed()).isEqualTo(row.get("completed").equals("1"));
      assertThat(request.processedTokens())
          .isEqualTo((int) Double.parseDouble(row.get("num_processed_tokens")));
      assertThat(request.preemptions()).isEqualTo(Integer.parseInt(row.get("num_restarts")));
      assertThat(request.promptTokens())
          .isEqualTo((int) Double.parseDouble(row.get("num_prefill_tokens")));
      assertTime(request.scheduledSeconds(), row.get("scheduled_at"));
      assertTime(request.firstTokenSeconds(), row.get("prefill_completed_at"));
      assertTime(request.endSeconds(), row.get("completed_at"));
    }
  }

  private static void assertTime(double seconds, String expected) {
    // Vidur writes 0 for what never happened.
    assertThat(Double.isNaN(seconds) ? 0 : seconds).isEqualTo(Double.parseDouble(expected));
  }

  private static SimulationSpec spec(GoldenVidur golden) {
    int layers = golden.configInt("model_config", "num_layers");
    int heads = golden.configInt("model_config", "num_q_heads");
    int hidden = golden.configInt("model_config", "embedding_dim");
    ModelSpec model =
        new ModelSpec(
            golden.config("model_config", "name"),
            layers,
            heads,
            golden.configInt("model_config", "num_kv_heads"),
            hidden / heads,
            hidden,
            golden.configInt("model_config", "mlp_hidden_dim"),
            golden.configInt("model_config", "vocab_size"),
            golden.configInt("model_config", "max_position_embeddings"),
            golden.config("model_config", "use_gated_mlp").equals("true"),
            golden.config("model_config", "post_attn_norm").equals("true"),
            false,
            false,
            false,
            10000,
            1e-5);
    long memoryBytes = (long) golden.configInt("device_config", "total_memory_gb") << 30;
    DeviceSku device = new DeviceSku("golden", memoryBytes, 312e12, 2e12, 0);
    int perNode = golden.configInt("node_config", "num_devices_per_node");
    NodeSku node = new NodeSku("golden", perNode, perNode, 1, 0, null, 1, 0);
    String section = "replica_scheduler_config";
    int cap = golden.configInt(section, "batch_size_cap");
    SchedulerSpec scheduler =
        golden.config(section, "name").equals("vllm")
            ? new VllmSpec(golden.configInt(section, "max_tokens_in_batch"), cap)
            : new SarathiSpec(golden.configInt(section, "chunk_size"), cap);
    String blocks = golden.config(section, "num_blocks");
    KvCacheSpec kv =
        new KvCacheSpec(
            golden.configInt(section, "block_size"),
            blocks.equals("null") ? null : Integer.valueOf(blocks),
            Double.parseDouble(golden.config("", "memory_margin_fraction")),
            Double.parseDouble(golden.config(section, "watermark_blocks_fraction")),
            maxTokens(golden));
    int timeLimit = golden.configInt("", "time_limit");
    return new SimulationSpec(
        new Deployment(
            model,
            device,
            node,
            new Parallelism(
                golden.configInt("", "tensor_parallel_size"),
                golden.configInt("", "num_pipeline_stages")),
            DataType.FLOAT16),
        golden.configInt("", "num_replicas"),
        new RoundRobinSpec(),
        scheduler,
        kv,
        ProfiledSpec.defaults(),
        Compatibility.VIDUR,
        timeLimit == 0 ? null : (double) timeLimit);
  }

  private static int maxTokens(GoldenVidur golden) {
    return golden.configInt("request_generator_config", "max_tokens");
  }

  /** Every stage start as one line. */
  private static final class Stages implements Recorder {
    final Set<String> lines = new HashSet<>();

    @Override
    public void stageStarts(
        int replica,
        int stage,
        long iteration,
        Batch batch,
        double startSeconds,
        double endSeconds,
        int kvBlocksUsed) {
      lines.add(
          "%d %d %d %d %d %d %s %s"
              .formatted(
                  iteration,
                  replica,
                  stage,
                  batch.size(),
                  batch.totalTokens(),
                  batch.prefillTokens(),
                  startSeconds,
                  endSeconds));
    }

    @Override
    public void token(int request, double atSeconds) {}
  }
}
