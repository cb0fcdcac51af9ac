package io.plumbline.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.simulator.batching.FasterTransformerSpec;
import io.plumbline.simulator.batching.LightllmSpec;
import io.plumbline.simulator.batching.OrcaSpec;
import io.plumbline.simulator.batching.SarathiSpec;
import io.plumbline.simulator.batching.SchedulerSpec;
import io.plumbline.simulator.batching.VllmSpec;
import io.plumbline.simulator.cluster.LorSpec;
import io.plumbline.simulator.cluster.RandomSpec;
import io.plumbline.simulator.cluster.RoundRobinSpec;
import io.plumbline.simulator.cluster.RouterSpec;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.hardware.DeviceSku;
import io.plumbline.simulator.hardware.NodeSku;
import io.plumbline.simulator.hardware.Parallelism;
import io.plumbline.simulator.kvcache.KvCacheSpec;
import io.plumbline.simulator.latency.HostOverhead;
import io.plumbline.simulator.latency.ProfiledSpec;
import io.plumbline.trace.model.ModelSpec;

/** The specification of a recorded run of the original Vidur. */
final class GoldenSpec {
  private GoldenSpec() {}

  static SimulationSpec of(GoldenVidur golden) {
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
    double denseFlops = golden.configInt("device_config", "fp16_tflops") * 1e12;
    DeviceSku device = new DeviceSku("golden", memoryBytes, denseFlops, 2e12, 0);
    int perNode = golden.configInt("node_config", "num_devices_per_node");
    NodeSku node = new NodeSku("golden", perNode, perNode, 1, 0, null, 1, 0);
    String section = "replica_scheduler_config";
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
        router(golden),
        scheduler(golden),
        kv,
        predictor(golden),
        Compatibility.VIDUR,
        timeLimit == 0 ? null : (double) timeLimit);
  }

  private static RouterSpec router(GoldenVidur golden) {
    String name = golden.config("global_scheduler_config", "name");
    return switch (name) {
      case "round_robin" -> new RoundRobinSpec();
      case "lor" -> new LorSpec();
      case "random" -> random(golden);
      default -> throw new IllegalArgumentException("router " + name);
    };
  }

  /** The stream goes on where the request generator left it; a replay leaves it untouched. */
  private static RandomSpec random(GoldenVidur golden) {
    String section = "request_generator_config";
    if (!golden.config.contains("interval_generator_config")) {
      return new RandomSpec(golden.configInt("", "seed"), 0);
    }
    // One draw per gap; the lengths of these cases come from a trace.
    assertThat(golden.config("interval_generator_config", "name")).isEqualTo("poisson");
    assertThat(golden.config("length_generator_config", "name")).isEqualTo("trace");
    return new RandomSpec(golden.configInt(section, "seed"), golden.workload.size());
  }

  private static ProfiledSpec predictor(GoldenVidur golden) {
    ProfiledSpec defaults = ProfiledSpec.defaults();
    String skip = golden.config("", "skip_cpu_overhead_modeling");
    return new ProfiledSpec(
        defaults.root(),
        null,
        defaults.files(),
        defaults.kvGranularityTokens(),
        defaults.tokenGranularity(),
        defaults.decodeBatchingOverheadFraction(),
        defaults.prefillBatchingOverheadFraction(),
        defaults.collectiveLaunchMs(),
        defaults.collectiveSkewMsPerDevice(),
        skip.equals("true") ? HostOverhead.NONE : HostOverhead.PROFILED);
  }

  private static SchedulerSpec scheduler(GoldenVidur golden) {
    String section = "replica_scheduler_config";
    int cap = golden.configInt(section, "batch_size_cap");
    String name = golden.config(section, "name");
    return switch (name) {
      case "vllm" -> new VllmSpec(golden.configInt(section, "max_tokens_in_batch"), cap);
      case "sarathi" -> new SarathiSpec(golden.configInt(section, "chunk_size"), cap);
      case "orca" -> new OrcaSpec(cap);
      case "faster_transformer" -> new FasterTransformerSpec(cap);
      case "lightllm" ->
          new LightllmSpec(
              golden.configInt(section, "max_tokens_in_batch"),
              cap,
              golden.configInt(section, "max_waiting_iters"));
      default -> throw new IllegalArgumentException("scheduler " + name);
    };
  }

  private static int maxTokens(GoldenVidur golden) {
    return golden.configInt("request_generator_config", "max_tokens");
  }
}
