package io.plumbline.jobs.vidur;

import static io.plumbline.jobs.TinyProfile.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.files.BadInputException;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.vidur.VidurInput;
import io.plumbline.simulator.SimulationSpec;
import io.plumbline.simulator.batching.FasterTransformerSpec;
import io.plumbline.simulator.batching.LightllmSpec;
import io.plumbline.simulator.batching.OrcaSpec;
import io.plumbline.simulator.batching.SarathiSpec;
import io.plumbline.simulator.batching.VllmSpec;
import io.plumbline.simulator.cluster.LorSpec;
import io.plumbline.simulator.cluster.RandomSpec;
import io.plumbline.simulator.cluster.RoundRobinSpec;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.Parallelism;
import io.plumbline.simulator.kvcache.KvCacheSpec;
import io.plumbline.simulator.latency.HostOverhead;
import io.plumbline.simulator.latency.ProfiledSpec;
import io.plumbline.trace.random.PythonRandom;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Setups of Vidur, option by option, as points. */
class VidurSetupTest {
  private static final Path HOME = Path.of(System.getProperty("plumbline.home"));

  @TempDir Path temp;
  private Path external;
  private VidurPaths paths;

  @BeforeEach
  void writeTraces() {
    external = temp.resolve("extern");
    paths = new VidurPaths(null, HOME, external);
    lines(
        external.resolve("vidur/data/requests.csv"),
        "arrived_at,num_prefill_tokens,num_decode_tokens",
        "0.25,100,3",
        "1.5,5000,2",
        "2,64,8");
    lines(
        external.resolve("vidur/data/arrivals.csv"),
        "arrival_time",
        "1970-01-04 12:10:00.0",
        "1970-01-04 12:10:02.5",
        "1970-01-04 12:10:05.5");
  }

  private VidurSetup setup(String... flags) {
    return setup(PredictorChoice.PROFILED, flags);
  }

  private VidurSetup setup(PredictorChoice predictor, String... flags) {
    return VidurSetup.of(VidurInput.ofFlags(List.of(flags)), predictor, paths);
  }

  private SimulationSpec spec(String... flags) {
    return setup(flags).simulation().spec();
  }

  private static ConfNode point(VidurSetup setup) {
    return setup.sweepFile("x").get("simulate");
  }

  @Test
  void theDefaultsAreVidurs() {
    VidurSimulation simulation = setup().simulation();
    SimulationSpec spec = simulation.spec();

    assertThat(spec.compatibility()).isEqualTo(Compatibility.VIDUR);
    assertThat(spec.deployment().model().name()).isEqualTo("meta-llama/Llama-2-7b-hf");
    assertThat(spec.deployment().device().name()).isEqualTo("a100-80gb");
    assertThat(spec.deployment().node().name()).isEqualTo("a100_pairwise_nvlink");
    assertThat(spec.deployment().parallelism()).isEqualTo(new Parallelism(1, 1));
    assertThat(spec.replicas()).isEqualTo(1);
    assertThat(spec.router()).isEqualTo(new RoundRobinSpec());
    assertThat(spec.scheduler()).isEqualTo(new SarathiSpec(512, 128));
    assertThat(spec.kvCache()).isEqualTo(new KvCacheSpec(16, null, 0.1, 0.01, 4096));
    assertThat(spec.predictor()).isEqualTo(ProfiledSpec.defaults());
    assertThat(spec.timeLimitSeconds()).isNull();
    assertThat(simulation.workload().size()).isEqualTo(128);
    assertThat(simulation.workload().request(0).promptTokens()).isEqualTo(2048);
    assertThat(simulation.arrivalSeconds()).isSorted().hasSize(128);
    assertThat(simulation.metrics().storeRequestMetrics()).isTrue();
  }

  @Test
  void everySchedulerHasItsOptions() {
    String type = "--replica_scheduler_config_type";
    assertThat(spec(type, "vllm", "--vllm_scheduler_config_max_tokens_in_batch", "99").scheduler())
        .isEqualTo(new VllmSpec(99, 128));
    assertThat(spec(type, "orca", "--orca_scheduler_config_batch_size_cap", "7").scheduler())
        .isEqualTo(new OrcaSpec(7));
    assertThat(spec(type, "faster_transformer").scheduler())
        .isEqualTo(new FasterTransformerSpec(128));
    assertThat(
            spec(
                    type,
                    "lightllm",
                    "--lightllm_scheduler_config_block_size",
                    "1",
                    "--lightllm_scheduler_config_max_waiting_iters",
                    "5")
                .scheduler())
        .isEqualTo(new LightllmSpec(4096, 128, 5));
  }

  @Test
  void clusterMemoryAndTimeAreTakenOver() {
    SimulationSpec spec =
        spec(
            "--cluster_config_num_replicas=3",
            "--global_scheduler_config_type=lor",
            "--replica_config_tensor_parallel_size=2",
            "--replica_config_num_pipeline_stages=4",
            "--replica_config_memory_margin_fraction=0.2",
            "--sarathi_scheduler_config_chunk_size=64",
            "--sarathi_scheduler_config_block_size=32",
            "--sarathi_scheduler_config_num_blocks=500",
            "--sarathi_scheduler_config_watermark_blocks_fraction=0",
            "--fixed_request_length_generator_config_max_tokens=3000",
            "--time_limit=60");

    assertThat(spec.replicas()).isEqualTo(3);
    assertThat(spec.router()).isEqualTo(new LorSpec());
    assertThat(spec.deployment().parallelism()).isEqualTo(new Parallelism(2, 4));
    assertThat(spec.deployment().multiNode()).isTrue();
    assertThat(spec.scheduler()).isEqualTo(new SarathiSpec(64, 128));
    assertThat(spec.kvCache()).isEqualTo(new KvCacheSpec(32, 500, 0.2, 0.0, 3000));
    assertThat(spec.timeLimitSeconds()).isEqualTo(60);
    assertThat(spec("--sarathi_scheduler_config_num_blocks=0").kvCache().blocks()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"a40, 45, 150e12", "a100, 80, 312e12", "h100, 80, 1000e12"})
  void aDeviceHasVidursNumbersWhateverItsCardSays(String device, long gib, double flops) {
    var sku = spec("--replica_config_device", device).deployment().device();
    assertThat(sku.memoryBytes()).isEqualTo(gib << 30);
    assertThat(sku.denseFlops()).isEqualTo(flops);
    assertThat(sku.memoryBandwidthBytesPerSecond()).isNotNull();
  }

  @Test
  void aDeviceThatOnlyACardKnowsHasTheNumbersOfTheCard() {
    assertThat(spec("--replica_config_device", "h200").deployment().device().name())
        .isEqualTo("h200");
  }

  @ParameterizedTest
  @CsvSource({"internlm/internlm2-20b, 48, true", "microsoft/phi-2, 32, false"})
  void aModelThatOnlyVidurKnowsHasVidursNumbers(String name, int layers, boolean gated) {
    var model = spec("--replica_config_model_name", name).deployment().model();
    assertThat(model.layers()).isEqualTo(layers);
    assertThat(model.gatedMlp()).isEqualTo(gated);
    assertThat(model.headDim()).isEqualTo(name.equals("microsoft/phi-2") ? 80 : 128);
  }

  @Test
  void everythingUnknownIsListedAtOnceByItsOption() {
    assertThatThrownBy(
            () ->
                setup(
                    "--replica_config_model_name=Qwen/Qwen-2-7B",
                    "--replica_config_device=a30",
                    "--replica_config_network_device=a30_single_gpu",
                    "--length_generator_config_type=trace",
                    "--trace_request_length_generator_config_trace_file=none.csv"))
        .isInstanceOf(BadInputException.class)
        .satisfies(
            e ->
                assertThat(e.getMessage().lines().filter(line -> line.startsWith("  command")))
                    .satisfiesExactly(
                        line ->
                            assertThat(line)
                                .isEqualTo(
                                    "  command line: request_generator_config.length_generator_config.trace_file: no such file or folder: none.csv. Tried:"),
                        line ->
                            assertThat(line)
                                .startsWith(
                                    "  command line: cluster_config.replica_config.model_name: Qwen/Qwen-2-7B is unknown. Known, nearest first: Qwen/Qwen-72B, ")
                                .endsWith(
                                    " Maybe give the config.json that Vidur wrote, which has the numbers, or add a card."),
                        line ->
                            assertThat(line)
                                .startsWith(
                                    "  command line: cluster_config.replica_config.device: a30 is unknown. Known, nearest first: a40, "),
                        line ->
                            assertThat(line)
                                .contains(".network_device: a30_single_gpu is unknown.")))
        .hasMessageContaining("\n      " + external.resolve("vidur/none.csv"));
  }

  @Test
  void aConfigWithNumbersNeedsNoCards() {
    Path config = temp.resolve("simulator_output/now/config.json");
    lines(
        config,
        "{\"cluster_config\": {\"replica_config\": {",
        " \"model_name\": \"mine\", \"device\": \"a30\", \"network_device\": \"a30_single_gpu\",",
        " \"model_config\": {\"num_layers\": 2, \"num_q_heads\": 4, \"num_kv_heads\": 2,",
        "  \"embedding_dim\": 32, \"mlp_hidden_dim\": 64, \"max_position_embeddings\": 100,",
        "  \"use_gated_mlp\": true, \"use_bias\": false, \"use_qkv_bias\": true,",
        "  \"activation\": 1, \"norm\": 1, \"post_attn_norm\": true, \"vocab_size\": 100,",
        "  \"is_neox_style\": true, \"rope_theta\": null, \"rope_scaling\": {\"a\": [1]},",
        "  \"partial_rotary_factor\": 1.0, \"no_tensor_parallel\": false, \"name\": \"mine\"},",
        " \"device_config\": {\"fp16_tflops\": 165, \"total_memory_gb\": 24, \"name\": \"a30\"},",
        " \"node_config\": {\"num_devices_per_node\": 2, \"name\": \"a30_single_gpu\"}}},",
        " \"request_generator_config\": {\"name\": \"trace_replay\",",
        "  \"trace_file\": \"data/mine.csv\"}}");
    // Vidur was started two folders above the file that it wrote.
    lines(
        temp.resolve("data/mine.csv"),
        "arrived_at,num_prefill_tokens,num_decode_tokens",
        "0,5000,1");
    VidurSimulation simulation =
        VidurSetup.of(
                VidurInput.read(config),
                PredictorChoice.PROFILED,
                new VidurPaths(config, HOME, null))
            .simulation();

    var deployment = simulation.spec().deployment();
    assertThat(deployment.model().headDim()).isEqualTo(8);
    assertThat(deployment.model().qkvBias()).isTrue();
    assertThat(deployment.device().name()).isEqualTo("a30");
    assertThat(deployment.device().memoryBytes()).isEqualTo(24L << 30);
    assertThat(deployment.device().denseFlops()).isEqualTo(165e12);
    assertThat(deployment.device().memoryBandwidthBytesPerSecond()).isNull();
    assertThat(deployment.node().devicesPerNode()).isEqualTo(2);
    assertThat(simulation.workload().request(0).promptTokens()).isEqualTo(4095);
  }

  @Test
  void traceFilesAreNamedBelowTheFolderOfExternalData() {
    VidurSetup setup =
        setup(
            "--interval_generator_config_type=trace",
            "--trace_request_interval_generator_config_trace_file=data/arrivals.csv",
            "--length_generator_config_type=trace",
            "--trace_request_length_generator_config_trace_file="
                + external.resolve("vidur/data/requests.csv"),
            "--synthetic_request_generator_config_num_requests=2");

    ConfNode workload = point(setup).get("workload");
    assertThat(workload.get("arrivals").get("file").text()).isEqualTo("vidur/data/arrivals.csv");
    assertThat(workload.get("lengths").get("file").text()).isEqualTo("vidur/data/requests.csv");
    // Floored to whole seconds from the first.
    assertThat(setup.simulation().arrivalSeconds()).containsExactly(2, 5);
  }

  @Test
  void aVariableInAPathIsThatOfTheEnvironment() {
    String flag = "--random_forrest_execution_time_predictor_config_";
    String root =
        point(
                setup(
                    flag + "compute_input_file=${HOME}/compute/{DEVICE}/{MODEL}/mlp.csv",
                    flag + "attention_input_file=${HOME}/compute/{DEVICE}/{MODEL}/attention.csv"))
            .get("predictor")
            .get("root")
            .text();
    assertThat(root).isEqualTo(Path.of(System.getenv("HOME")).toString());

    assertThatThrownBy(
            () ->
                setup(
                    "--request_generator_config_type=trace_replay",
                    "--trace_request_generator_config_trace_file=$NO_SUCH_VARIABLE/a.csv"))
        .hasMessageContaining("no such file or folder: $NO_SUCH_VARIABLE/a.csv. Tried:");
  }

  @Test
  void aReplayKeepsItsScalesAndLeavesTheStreamToTheRouter() {
    VidurSetup setup =
        setup(
            "--request_generator_config_type=trace_replay",
            "--trace_request_generator_config_trace_file=data/requests.csv",
            "--trace_request_generator_config_time_scale_factor=2",
            "--trace_request_generator_config_max_tokens=1000",
            "--global_scheduler_config_type=random",
            "--seed=9");
    VidurSimulation simulation = setup.simulation();

    assertThat(simulation.arrivalSeconds()).containsExactly(0.5, 3, 4);
    assertThat(simulation.workload().request(1).promptTokens()).isEqualTo(998);
    assertThat(simulation.spec().kvCache().maxRequestTokens()).isEqualTo(1000);
    assertThat(simulation.spec().router()).isEqualTo(new RandomSpec(9, 0));
  }

  /** One number per Poisson gap, one per uniform length; the one that ends a duration counts. */
  @ParameterizedTest
  @CsvSource({
    "poisson, fixed, , 128",
    "poisson, uniform, , 256",
    "gamma, uniform, , 128",
    "gamma, zipf, , 0",
    "static, fixed, , 0",
    "poisson, fixed, 30, ",
    "poisson, uniform, 30, ",
    "gamma, uniform, 30, ",
  })
  void theRandomRouterGoesOnWhereTheGeneratorStopped(
      String intervals, String lengths, String duration, Integer draws) {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--global_scheduler_config_type=random",
                "--seed=1",
                "--synthetic_request_generator_config_seed=5",
                "--interval_generator_config_type=" + intervals,
                "--length_generator_config_type=" + lengths));
    if (duration != null) {
      flags.add("--synthetic_request_generator_config_duration=" + duration);
    }
    VidurSimulation simulation = setup(flags.toArray(String[]::new)).simulation();

    RandomSpec router = (RandomSpec) simulation.spec().router();
    assertThat(router.seed()).isEqualTo(5);
    if (draws != null) {
      assertThat(router.precedingDraws()).isEqualTo(draws);
    }
    PythonRandom stream = simulation.requests().python();
    var random = router.create(1000, Compatibility.VIDUR);
    for (int i = 0; i < 50; i++) {
      assertThat(random.route(null, null)).isEqualTo(stream.randint(1, 1000) - 1);
    }
  }

  @Test
  void recordedRequestsTakeThePlaceOfGeneratedOnes() {
    VidurInput input =
        VidurInput.ofFlags(
            List.of(
                "--global_scheduler_config_type=random",
                "--synthetic_request_generator_config_duration=2.5",
                // Not needed, so not looked for.
                "--length_generator_config_type=trace",
                "--trace_request_length_generator_config_trace_file=none.csv"));
    VidurSimulation simulation =
        VidurSetup.replaying(
                external.resolve("vidur/data/requests.csv"), input, PredictorChoice.PROFILED, paths)
            .simulation();

    assertThat(simulation.arrivalSeconds()).containsExactly(0.25, 1.5, 2);
    assertThat(simulation.workload().request(1).promptTokens()).isEqualTo(5000);
    assertThat(simulation.spec().kvCache().maxRequestTokens()).isEqualTo(4096);
    assertThat(simulation.spec().router()).isEqualTo(new RandomSpec(42, 4));
  }

  @Test
  void predictorOptionsAreTakenOver() {
    String flag = "--random_forrest_execution_time_predictor_config_";
    SimulationSpec spec =
        spec(
            flag + "kv_cache_prediction_granularity=32",
            flag + "attention_decode_batching_overhead_fraction=0.2",
            flag + "attention_prefill_batching_overhead_fraction=0.3",
            flag + "nccl_cpu_launch_overhead_ms=0.4",
            flag + "nccl_cpu_skew_overhead_per_device_ms=0.5",
            "--no-random_forrest_execution_time_predictor_config_skip_cpu_overhead_modeling");

    assertThat(spec.predictor())
        .isEqualTo(
            new ProfiledSpec(
                "vidur/data/profiling",
                null,
                null,
                32,
                8,
                0.2,
                0.3,
                0.4,
                0.5,
                HostOverhead.PROFILED));
  }

  @Test
  void aLearnerKeepsItsGridAsValues() {
    String flag = "--linear_regression_execution_time_predictor_config_";
    ConfNode predictor =
        point(
                setup(
                    PredictorChoice.LEARNED,
                    "--execution_time_predictor_config_type=linear_regression",
                    flag + "polynomial_degree",
                    "1",
                    "2",
                    flag + "k_fold_cv_splits=5",
                    flag + "prediction_max_batch_size=48"))
            .get("predictor");

    assertThat(predictor.without("root").toJson())
        .isEqualTo(
            "{\"kind\":\"learned\",\"learner\":{\"kind\":\"polynomial\",\"degree\":[1,2],"
                + "\"include_bias\":[true,false],\"interaction_only\":[true,false],"
                + "\"fit_intercept\":[true,false],\"folds\":5},"
                + "\"prediction_max_request_tokens\":4096,\"prediction_max_batch_size\":48,"
                + "\"prediction_max_chunk_tokens\":4096,\"kv_granularity_tokens\":64,"
                + "\"decode_batching_overhead_fraction\":0.1,"
                + "\"prefill_batching_overhead_fraction\":0.1,\"collective_launch_ms\":0.02,"
                + "\"collective_skew_ms_per_device\":0.0,\"host_overhead\":\"none\"}");
  }

  @Test
  void aForestIsGrownFromTheSeedOfTheRun() {
    ConfNode learner =
        point(setup(PredictorChoice.LEARNED, "--seed=7")).get("predictor").get("learner");
    assertThat(learner.toJson())
        .isEqualTo(
            "{\"kind\":\"random_forest\",\"estimators\":[250,500,750],"
                + "\"max_depth\":[8,16,32],\"min_samples_split\":[2,5,10],\"seed\":7,"
                + "\"folds\":10}");
  }

  @Test
  void profilesMayBeElsewhere() {
    String flag = "--random_forrest_execution_time_predictor_config_";
    lines(external.resolve("vidur/mine/compute/a100/attention.csv"), "x");
    ConfNode predictor =
        point(
                setup(
                    flag + "compute_input_file=mine/compute/{DEVICE}/{MODEL}/mlp.csv",
                    flag + "attention_input_file=mine/compute/{DEVICE}/attention.csv",
                    // One device: neither of these is read.
                    flag + "all_reduce_input_file=none.csv",
                    flag + "send_recv_input_file=none.csv"))
            .get("predictor");

    assertThat(predictor.get("root").text()).isEqualTo("vidur/mine");
    assertThat(predictor.get("files").toJson())
        .isEqualTo("{\"attention\":\"vidur/mine/compute/a100/attention.csv\"}");
    assertThatThrownBy(
            () ->
                setup(
                    "--replica_config_tensor_parallel_size=2",
                    flag + "all_reduce_input_file=none/{NETWORK_DEVICE}.csv"))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(
            "1 problem in command line:\n"
                + "  command line: execution_time_predictor_config.all_reduce_input_file:"
                + " no such file or folder: none/a100_pairwise_nvlink.csv. Tried:");
  }

  @Test
  void asMuchIsRecordedAsVidurWasAskedToKeep() {
    assertThat(setup().yaml("x")).startsWith("name: x\nrecord: requests\nsimulate:\n");
    assertThat(setup("--metrics_config_keep_individual_batch_metrics").yaml("x"))
        .contains("\nrecord: iterations\n");
    assertThat(
            setup(
                    "--metrics_config_keep_individual_batch_metrics",
                    "--metrics_config_store_token_completion_metrics")
                .yaml("x"))
        .contains("\nrecord: tokens\n");
  }

  @Test
  void theSweepFileIsReadable() {
    assertThat(setup(PredictorChoice.ROOFLINE, "--replica_config_device=h100").yaml("mine"))
        .isEqualTo(
            """
            name: mine
            record: requests
            simulate:
              compatibility: vidur
              workload:
                kind: vidur
                num_requests: 128
                seed: 42
                arrivals:
                  kind: poisson
                  qps: 0.5
                lengths:
                  kind: fixed
                  prefill_tokens: 2048
                  decode_tokens: 512
              model: meta-llama/Llama-2-7b-hf
              device:
                like: h100-sxm
                memory_bytes: 85899345920
                dense_fp16_flops: 1.0E15
              node: a100_pairwise_nvlink
              tensor_parallel: 1
              pipeline_parallel: 1
              replicas: 1
              router: round_robin
              scheduler:
                kind: sarathi
                token_budget: 512
                max_batch_size: 128
              kv_cache:
                block_tokens: 16
                memory_margin_fraction: 0.1
                watermark_fraction: 0.01
                max_request_tokens: 4096
              predictor:
                kind: roofline
            """);
  }

  @Test
  void whatCannotBeSimulatedIsReportedInTheSweepFile() {
    assertThatThrownBy(() -> setup("--replica_scheduler_config_type=lightllm").simulation())
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "1 problem in command line:\n  command line as a sweep file:3: simulate: lightllm needs"
                + " one pipeline stage (not 1) and KV blocks of one token (not 16)");
  }
}
