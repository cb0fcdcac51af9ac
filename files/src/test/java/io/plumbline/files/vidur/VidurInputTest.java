package io.plumbline.files.vidur;

import static io.plumbline.files.Fixtures.assertBadInput;
import static io.plumbline.files.Fixtures.file;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.files.vidur.VidurConfig.GlobalScheduler;
import io.plumbline.files.vidur.VidurRequestGenerator.Intervals;
import io.plumbline.files.vidur.VidurRequestGenerator.Lengths;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Setups as people have them: config.json, recorded commands, flags. */
class VidurInputTest {
  @TempDir Path temp;

  private static VidurConfig flags(String... flags) {
    return VidurInput.ofFlags(List.of(flags)).config();
  }

  private static VidurScheduler scheduler(VidurConfig config) {
    return config.clusterConfig().replicaSchedulerConfig();
  }

  private static VidurRequestGenerator.Synthetic synthetic(VidurConfig config) {
    return (VidurRequestGenerator.Synthetic) config.requestGeneratorConfig();
  }

  @Test
  void withoutFlagsEverythingIsVidursDefault() {
    VidurInput input = VidurInput.ofFlags(List.of());
    VidurConfig config = input.config();

    assertThat(input.notes()).isEmpty();
    assertThat(config.seed()).isEqualTo(42);
    assertThat(config.timeLimit()).isZero();
    assertThat(config.clusterConfig().numReplicas()).isEqualTo(1);
    assertThat(config.clusterConfig().replicaConfig())
        .isEqualTo(VidurConfig.Replica.defaults())
        .extracting(VidurConfig.Replica::modelName)
        .isEqualTo("meta-llama/Llama-2-7b-hf");
    assertThat(config.clusterConfig().globalSchedulerConfig())
        .isEqualTo(new GlobalScheduler.RoundRobin());
    assertThat(scheduler(config)).isEqualTo(new VidurScheduler.Sarathi(128, 16, 0.01, null, 512));
    assertThat(config.requestGeneratorConfig())
        .isEqualTo(
            new VidurRequestGenerator.Synthetic(
                42,
                new Lengths.Fixed(42, 4096, 2048, 512),
                new Intervals.Poisson(42, 0.5),
                128,
                null,
                null));
    assertThat(config.executionTimePredictorConfig())
        .isInstanceOf(VidurPredictor.RandomForrest.class)
        .extracting(VidurPredictor::skipCpuOverheadModeling)
        .isEqualTo(true);
    assertThat(config.metricsConfig().storePlots()).isTrue();
    assertThat(config.metricsConfig().storeOperationMetrics()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "vllm, --vllm_scheduler_config_max_tokens_in_batch, Vllm",
    "lightllm, --lightllm_scheduler_config_max_waiting_iters, Lightllm",
    "orca, --orca_scheduler_config_batch_size_cap, Orca",
    "faster_transformer, --faster_transformer_scheduler_config_num_blocks, FasterTransformer",
    "sarathi, --sarathi_scheduler_config_chunk_size, Sarathi",
  })
  void everySchedulerTakesItsOwnOptions(String kind, String flag, String type) {
    VidurScheduler scheduler =
        scheduler(flags("--replica_scheduler_config_type", kind, flag, "33"));

    assertThat(scheduler.getClass().getSimpleName()).isEqualTo(type);
    assertThat(scheduler.toString()).contains("=33");
  }

  @ParameterizedTest
  @CsvSource({
    "length, fixed, --fixed_request_length_generator_config_prefill_tokens",
    "length, uniform, --uniform_request_length_generator_config_min_tokens",
    "length, zipf, --zipf_request_length_generator_config_min_tokens",
    "length, trace, --trace_request_length_generator_config_seed",
    "interval, poisson, --poisson_request_interval_generator_config_qps",
    "interval, gamma, --gamma_request_interval_generator_config_cv",
    "interval, static, --static_request_interval_generator_config_seed",
    "interval, trace, --trace_request_interval_generator_config_time_scale_factor",
  })
  void everyGeneratorTakesItsOwnOptions(String what, String kind, String flag) {
    VidurConfig config = flags("--" + what + "_generator_config_type", kind, flag, "33");
    Object generator =
        what.equals("length")
            ? synthetic(config).lengthGeneratorConfig()
            : synthetic(config).intervalGeneratorConfig();

    assertThat(generator.getClass().getSimpleName()).isEqualToIgnoringCase(kind);
    assertThat(generator.toString()).contains("=33");
  }

  @Test
  void aReplayAndARegressionTakeTheirOwnOptions() {
    VidurConfig config =
        flags(
            "--request_generator_config_type",
            "trace_replay",
            "--trace_request_generator_config_trace_file",
            "a.csv",
            "--trace_request_generator_config_max_tokens=99",
            "--global_scheduler_config_type",
            "lor",
            "--execution_time_predictor_config_type",
            "linear_regression",
            "--linear_regression_execution_time_predictor_config_polynomial_degree",
            "2",
            "3");

    assertThat(config.requestGeneratorConfig())
        .isEqualTo(new VidurRequestGenerator.TraceReplay(42, "a.csv", 1, 1, 1, 99));
    assertThat(config.requestGeneratorConfig().longestRequestTokens()).isEqualTo(99);
    assertThat(config.clusterConfig().globalSchedulerConfig()).isEqualTo(new GlobalScheduler.Lor());
    assertThat(config.executionTimePredictorConfig())
        .isInstanceOfSatisfying(
            VidurPredictor.LinearRegression.class,
            regression -> assertThat(regression.polynomialDegree()).containsExactly(2, 3));
  }

  @Test
  void flagsMayBeShortenedAndNegated() {
    VidurConfig config =
        flags(
            "--see",
            "1",
            "--cluster_config_num_rep=3",
            "--no-metrics_config_store_pl",
            "--metrics_config_store_op",
            "--random_forrest_execution_time_predictor_config_num_training_job_threads",
            "-1",
            "--sarathi_scheduler_config_num_blocks=+0100");

    assertThat(config.seed()).isEqualTo(1);
    assertThat(config.clusterConfig().numReplicas()).isEqualTo(3);
    assertThat(config.metricsConfig().storePlots()).isFalse();
    assertThat(config.metricsConfig().storeOperationMetrics()).isTrue();
    assertThat(scheduler(config).numBlocks()).isEqualTo(100);
  }

  @Test
  void theLastOfAFlagGivenTwiceCounts() {
    String qps = "--poisson_request_interval_generator_config_qps";
    assertThat(synthetic(flags(qps, "2", qps, ".5e1")).intervalGeneratorConfig())
        .isEqualTo(new Intervals.Poisson(42, 5));
  }

  /** Python's bool() of any text but the empty one is true, and so was the run of Vidur. */
  @Test
  void aListOfBooleansIsReadAsVidurReadsIt() {
    VidurInput input =
        VidurInput.ofFlags(
            List.of(
                "--execution_time_predictor_config_type",
                "linear_regression",
                "--linear_regression_execution_time_predictor_config_fit_intercept",
                "False",
                "True",
                ""));

    assertThat(input.config().executionTimePredictorConfig())
        .isInstanceOfSatisfying(
            VidurPredictor.LinearRegression.class,
            r -> assertThat(r.fitIntercept()).containsExactly(true, true, false));
    assertThat(input.notes())
        .containsExactly(
            "--linear_regression_execution_time_predictor_config_fit_intercept: Vidur reads"
                + " \"False\" as true, and so it is read here.");
  }

  @Test
  void whatHasNoEffectIsSaidOnce() {
    VidurInput input =
        VidurInput.ofFlags(
            List.of(
                "--vllm_scheduler_config_batch_size_cap",
                "7",
                "--request_generator_config_type",
                "trace_replay",
                "--length_generator_config_type",
                "zipf",
                "--log_level",
                "debug",
                "--metrics_config_wandb_project",
                "p",
                "--metrics_config_output_dir",
                "elsewhere"));

    assertThat(input.notes())
        .containsExactly(
            "--length_generator_config_type has no effect: --request_generator_config_type is"
                + " trace_replay.",
            "--vllm_scheduler_config_batch_size_cap has no effect: --replica_scheduler_config_type"
                + " is sarathi.",
            "Ignored, as nothing here depends on it: log_level, metrics_config.wandb_project,"
                + " metrics_config.output_dir.");
  }

  @Test
  void everyWrongFlagIsListedAtOnce() {
    assertBadInput(
        () ->
            VidurInput.ofFlags(
                List.of(
                    "stray",
                    "--vllm_scheduler_config_batch_size",
                    "--sarathi_scheduler_config_chunksize",
                    "5",
                    "--metrics_config_store",
                    "--seed",
                    "--log_level",
                    "--time_limit",
                    "1",
                    "2",
                    "-s",
                    "3",
                    "--metrics_config_store_plots=no",
                    "--random_forrest_execution_time_predictor_config_max_depth",
                    "--cluster_config_num_replicas",
                    "2.5")),
        """
        11 problems in command line:
          command line: stray: is no flag, and the flag before it takes no such value
          command line: --vllm_scheduler_config_batch_size_cap: takes one value, found none
          command line: --sarathi_scheduler_config_chunksize: is no flag of Vidur. Maybe: --sarathi_scheduler_config_chunk_size
          command line: --metrics_config_store: may mean --metrics_config_store_plots, --metrics_config_store_operation_metrics, --metrics_config_store_token_completion_metrics, --metrics_config_store_request_metrics, --metrics_config_store_batch_metrics, --metrics_config_store_utilization_metrics. Write more of it.
          command line: --seed: takes one value, found none
          command line: --log_level: takes one value, found none
          command line: --time_limit: takes one value, found 1 2
          command line: -s: is no flag of Vidur; its flags begin with two dashes
          command line: --metrics_config_store_plots: takes no value (no). Write --metrics_config_store_plots or --no-metrics_config_store_plots.
          command line: --random_forrest_execution_time_predictor_config_max_depth: takes at least one value, found none
          command line: --cluster_config_num_replicas: expected an integer, found 2.5""");
  }

  @Test
  void everyWrongValueIsListedAtOnceUnderItsFlag() {
    assertBadInput(
        () ->
            VidurInput.ofFlags(
                List.of(
                    "--replica_scheduler_config_type",
                    "vlm",
                    "--poisson_request_interval_generator_config_qps",
                    "-1",
                    "--replica_config_memory_margin_fraction",
                    "1",
                    "--fixed_request_length_generator_config_decode_tokens",
                    "many")),
        """
        4 problems in command line:
          command line: --replica_config_memory_margin_fraction: memory_margin_fraction (1.0) must be at least 0 and below 1
          command line: --replica_scheduler_config_type: unknown kind (vlm). Maybe: vllm
          command line: --fixed_request_length_generator_config_decode_tokens: expected an integer, found many
          command line: --poisson_request_interval_generator_config_qps: qps (-1.0) must be positive""");
    assertBadInput(
        () -> flags("--synthetic_request_generator_config_seed", "-7"),
        """
        1 problem in command line:
          command line: --synthetic_request_generator_config_seed: seed (-7) must be between 0 and 2^32 - 1, NumPy takes no other""");
  }

  @Test
  void aRecordedCommandIsReadAsAShellReadsIt() {
    Path command =
        file(
            temp,
            "run.sh",
            "# the near-saturation case",
            "export ORACLE=/data",
            "python -m vidur.main \\",
            "  --seed 7 --replica_config_model_name 'meta-llama/Llama-2-70b-hf' \\",
            "  --trace_request_length_generator_config_trace_file \"$ORACLE/a b.csv\" \\",
            "  --length_generator_config_type tr\"ace\"   # not the default",
            "  --interval_generator_config_type trace",
            "  --trace_request_interval_generator_config_start_time 1970-01-04 12:30:00");
    VidurInput input = VidurInput.read(command);

    assertThat(input.source()).isEqualTo(command.toString());
    assertThat(input.config().seed()).isEqualTo(7);
    assertThat(input.config().clusterConfig().replicaConfig().modelName())
        .isEqualTo("meta-llama/Llama-2-70b-hf");
    assertThat(synthetic(input.config()).lengthGeneratorConfig())
        .isEqualTo(new Lengths.Trace(42, 4096, "$ORACLE/a b.csv", 1, 1));
    assertThat(synthetic(input.config()).intervalGeneratorConfig())
        .isInstanceOfSatisfying(
            Intervals.Trace.class,
            trace -> assertThat(trace.startTime()).isEqualTo("1970-01-04 12:30:00"));
    assertThat(input.notes())
        .containsExactly(
            "--trace_request_interval_generator_config_start_time: read as one text, \"1970-01-04"
                + " 12:30:00\".");
  }

  @Test
  void aProblemOfARecordedCommandHasItsLine() {
    Path command =
        file(temp, "cmd.txt", "python -m vidur.main \\", "  --seed 1 \\", "  --sede 2", "");
    assertBadInput(
        () -> VidurInput.read(command),
        """
        1 problem in %1$s:
          %1$s:3: --sede: is no flag of Vidur. Maybe: --seed"""
            .formatted(command));
    Path open = file(temp, "open.txt", "vidur --seed", "'1");
    assertBadInput(() -> VidurInput.read(open), open + ":2: the quote ' is not closed");
    Path none = file(temp, "none.txt", "seed: 5");
    assertBadInput(
        () -> VidurInput.read(none),
        none
            + ": neither a config.json of Vidur (an object in braces) nor a command with its flags"
            + " (--name value)");
    assertBadInput(() -> VidurInput.read(temp), temp + ": a folder, not a file");
    assertBadInput(() -> VidurInput.read(temp.resolve("x")), "no such file: " + temp.resolve("x"));
  }

  @Test
  void aConfigMayLeaveOutWhatHasADefault() {
    Path config =
        file(
            temp,
            "config.json",
            "{\"seed\": 3,",
            "\t\"cluster_config\": {\"replica_scheduler_config\": {\"name\": \"orca\"}},",
            " \"request_generator_config\": {\"name\": \"synthetic\", \"num_requests\": null,",
            "  \"length_generator_config\": {\"name\": \"uniform\", \"max_tokens\": 2048},",
            "  \"max_tokens\": 2048}}");
    VidurConfig read = VidurInput.read(config).config();

    assertThat(read.seed()).isEqualTo(3);
    assertThat(scheduler(read)).isEqualTo(VidurScheduler.Orca.defaults());
    assertThat(synthetic(read).numRequests()).isNull();
    assertThat(synthetic(read).lengthGeneratorConfig())
        .isEqualTo(new Lengths.Uniform(42, 2048, 1024, 20));
    assertThat(synthetic(read).intervalGeneratorConfig()).isEqualTo(new Intervals.Poisson(42, .5));
  }

  @Test
  void everyProblemOfAConfigIsListedAtOnceWithItsPath() {
    Path config =
        file(
            temp,
            "config.json",
            "{",
            "\"time_limit\": \"60\",",
            "\"cluster_config\": {",
            "  \"num_replica\": 2,",
            "  \"replica_config\": {\"tensor_parallel_size\": 2, \"world_size\": 3},",
            "  \"global_scheduler_config\": {\"name\": \"rand\"},",
            "  \"replica_scheduler_config\": {\"name\": \"vllm\", \"chunk_size\": 5}},",
            "\"request_generator_config\": {\"name\": \"synthetic\", \"max_tokens\": 5,",
            "  \"length_generator_config\": {\"name\": \"zipf\", \"scramble\": true},",
            "  \"interval_generator_config\": {\"qps\": 2}},",
            "\"execution_time_predictor_config\": {\"name\": \"dummy\"}",
            "}");
    assertBadInput(
        () -> VidurInput.read(config),
        """
        8 problems in %1$s:
          %1$s:2: time_limit: expected an integer, found the text "60". Maybe remove the quotes.
          %1$s:4: cluster_config.num_replica: unknown key. Maybe: num_replicas
          %1$s:5: cluster_config.replica_config.world_size: world_size (3) is not tensor_parallel_size (2) times num_pipeline_stages (1)
          %1$s:6: cluster_config.global_scheduler_config.name: unknown kind (rand). Maybe: random
          %1$s:7: cluster_config.replica_scheduler_config.chunk_size: unknown key. Known: batch_size_cap, block_size, watermark_blocks_fraction, num_blocks, max_tokens_in_batch
          %1$s:9: request_generator_config.length_generator_config.scramble: scramble (true) draws from Python's hash of text, which differs from process to process: such a run cannot be repeated. Maybe: false
          %1$s:10: request_generator_config.interval_generator_config: misses the key name, which says of what kind it is
          %1$s:11: execution_time_predictor_config.name: unknown kind (dummy). Known: random_forrest, linear_regression"""
            .formatted(config));
  }

  @Test
  void maxTokensOfAGeneratorAreThoseOfItsLengths() {
    Path config =
        file(
            temp,
            "config.json",
            "{\"request_generator_config\": {\"name\": \"synthetic\", \"max_tokens\": 5}}");
    assertBadInput(
        () -> VidurInput.read(config),
        """
        1 problem in %1$s:
          %1$s:1: request_generator_config.max_tokens: max_tokens (5) is not that of the length generator (4096), which Vidur takes"""
            .formatted(config));
  }
}
