package io.plumbline.jobs.sweep;

import static io.plumbline.jobs.TinyProfile.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.files.BadInputException;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.TinyProfile;
import io.plumbline.simulator.Recording;
import io.plumbline.simulator.batching.SarathiSpec;
import io.plumbline.simulator.latency.HostOperator;
import io.plumbline.simulator.latency.LearnedSpec;
import io.plumbline.simulator.learning.RandomForestSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SweepPlannerTest {
  private static final Path HOME = Path.of(System.getProperty("plumbline.home"));

  /** Lines 1 to 7 of every file here. */
  private static final List<String> BASE =
      List.of(
          "name: t",
          "simulate:",
          "  workload: {kind: trace, file: trace.csv}",
          "  model: plumbline/tiny",
          "  device: a100",
          "  scheduler: sarathi",
          "  predictor: roofline");

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void writeTrace() {
    file = folder.resolve("s.yaml");
    trace("0.5,100,3", "0.5,10,1", "2,64,8");
  }

  @Test
  void aFileBecomesItsPointsWithAllThatTheirRunsNeed() {
    SweepPlan plan =
        plan(
            "  replicas: [1, 2]",
            "  time_limit_seconds: 9",
            "record: tokens",
            "points:",
            "  - {scheduler: {kind: sarathi, token_budget: 64}}");

    assertThat(plan.name()).isEqualTo("t");
    assertThat(plan.recording()).isEqualTo(Recording.TOKENS);
    assertThat(plan.points().stream().map(point -> point.axesJson()))
        .containsExactly(
            "{\"replicas\":1}",
            "{\"replicas\":2}",
            "{\"replicas\":1,\"scheduler.kind\":\"sarathi\",\"scheduler.token_budget\":64}");
    assertThat(plan.workloads()).hasSize(1);
    assertThat(plan.workloads().values().iterator().next().size()).isEqualTo(3);
    assertThat(plan.profiles()).isEmpty();

    SweepPoint second = plan.points().get(1);
    assertThat(second.workloadId()).isEqualTo(plan.workloads().keySet().iterator().next());
    assertThat(second.runId()).matches("r[0-9a-f]{16}");
    assertThat(second.seed()).isNull();
    assertThat(second.profileHash()).isNull();
    assertThat(second.spec().replicas()).isEqualTo(2);
    assertThat(second.spec().timeLimitSeconds()).isEqualTo(9);
    assertThat(second.spec().scheduler()).isEqualTo(SarathiSpec.defaults());
    assertThat(second.spec().deployment().device().name()).isEqualTo("a100-80gb");
    assertThat(second.spec().deployment().node().name()).isEqualTo("single");
    assertThat(second.specJson()).contains("\"replicas\":2", "\"token_budget\":512");
    assertThat(second.tags().recording()).isEqualTo("tokens");
    assertThat(second.tags().scheduler()).isEqualTo("sarathi");
    assertThat(second.tags().predictor()).isEqualTo("roofline");
  }

  @Test
  void aDrawnWorkloadHasItsSeedInTheRun() {
    SweepPlan plan =
        planChanged(
            "workload: {kind: trace, file: trace.csv}",
            "workload: {kind: synthetic, requests: 2, seed: [5, 6], arrivals: {kind: poisson,"
                + " requests_per_second: 2}, lengths: {kind: fixed, prompt_tokens: 8,"
                + " output_tokens: 2}}");

    assertThat(plan.points().stream().map(SweepPoint::seed)).containsExactly(5L, 6L);
    assertThat(plan.workloads()).hasSize(2);
  }

  @Test
  void planningTwiceGivesTheSameRunIds() {
    String axis = "  replicas: [1, 2, 3]";

    assertThat(ids(plan(axis))).hasSize(3).isEqualTo(ids(plan(axis)));
  }

  @Test
  void theOrderOfKeysIsNotPartOfARunsIdentity() {
    List<String> shuffled =
        List.of(
            "simulate:",
            "  predictor: {memory_efficiency: 0.77, kind: roofline}",
            "  scheduler: {max_batch_size: 128, token_budget: 512, kind: sarathi}",
            "  node: single",
            "  device: NVIDIA A100-SXM4-80GB",
            "  model: plumbline/tiny",
            "  workload: {file: trace.csv, kind: trace}",
            "name: another-name");

    assertThat(ids(planOf(shuffled))).isEqualTo(ids(plan()));
  }

  @Test
  void anotherAxisValueRenamesNothing() {
    Set<String> before = ids(plan("  replicas: [1, 2]"));

    assertThat(ids(plan("  replicas: [3, 2, 1]"))).hasSize(3).containsAll(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          device: a100        | device: a40
          model: plumbline/tiny | model: Qwen/Qwen3-0.6B
          scheduler: sarathi  | scheduler: vllm
          scheduler: sarathi  | scheduler: {kind: sarathi, token_budget: 511}
          predictor: roofline | predictor: {kind: roofline, compute_efficiency: 0.8}
          device: a100        | device: a100; dtype: float32
          file: trace.csv     | file: trace.csv, requests: 2
          file: trace.csv     | file: trace.csv, time_scale: 2
          device: a100        | device: a100; kv_cache: {watermark_fraction: 0.02}
          device: a100        | device: a100; compatibility: vidur
          device: a100        | device: a100; time_limit_seconds: 1
          device: a100        | device: a100; replicas: 2
          """)
  void whateverChangesTheResultChangesTheRunId(String before, String after) {
    String replacement = after.replace("; ", "\n  ");
    assertThat(ids(planChanged(before, replacement))).doesNotContainAnyElementsOf(ids(plan()));
  }

  @Test
  void theContentOfATraceIsPartOfTheIdentityAndItsNameIsNot() throws IOException {
    Set<String> before = ids(plan());
    Files.move(folder.resolve("trace.csv"), folder.resolve("other.csv"));

    assertThat(ids(planChanged("trace.csv", "other.csv"))).isEqualTo(before);
    trace("0.5,101,3", "0.5,10,1", "2,64,8");
    assertThat(ids(plan())).doesNotContainAnyElementsOf(before);
  }

  @Test
  void theContentOfAProfileIsPartOfTheIdentity() {
    String profiled = "predictor: {kind: profiled, root: profiles}";
    TinyProfile.write(folder.resolve("profiles"), "a100", 0.01);
    SweepPlan before = planChanged("predictor: roofline", profiled);

    assertThat(before.points().get(0).profileHash()).isNotNull();
    assertThat(before.profiles()).containsOnlyKeys(before.points().get(0).profileHash());
    assertThat(ids(planChanged("predictor: roofline", profiled))).isEqualTo(ids(before));
    TinyProfile.write(folder.resolve("profiles"), "a100", 0.02);
    assertThat(ids(planChanged("predictor: roofline", profiled)))
        .doesNotContainAnyElementsOf(ids(before));
  }

  @Test
  void theLearnerAndItsSeedArePartOfTheIdentity() {
    TinyProfile.writeLearnable(folder.resolve("profiles"), "a100", 0.01);
    Set<String> ids = new LinkedHashSet<>();
    for (String learner :
        List.of(
            "learner: random_forest",
            "learner: {kind: random_forest, seed: 1}",
            "learner: {kind: random_forest, estimators: [250]}",
            "learner: polynomial",
            "prediction_max_batch_size: 64",
            "host_overhead: none")) {
      ids.addAll(ids(planChanged("predictor: roofline", learned(learner))));
    }

    // The first and the last are both the default.
    assertThat(ids).hasSize(5);
  }

  @Test
  void aLearnedPredictorHasVidursDefaultsAndTheOptionsOfAProfiledOne() {
    TinyProfile.writeLearnable(folder.resolve("profiles"), "a100", 0.01);
    TinyProfile.writeHost(folder.resolve("profiles"), "a100_dgx", 0.5, 1);

    SweepPlan plan =
        planChanged(
            "predictor: roofline",
            learned(
                "kv_granularity_tokens: 32, host_overhead: profiled,"
                    + " files: {attention: 'profiles/compute/{DEVICE}/{MODEL}/attention.csv'}"),
            "  node: a100_dgx");

    LearnedSpec spec = (LearnedSpec) plan.points().get(0).spec().predictor();
    assertThat(spec.learner()).isEqualTo(RandomForestSpec.defaults());
    assertThat(spec.predictionMaxRequestTokens()).isEqualTo(4096);
    assertThat(spec.predictionMaxBatchSize()).isEqualTo(128);
    assertThat(spec.predictionMaxChunkTokens()).isEqualTo(4096);
    assertThat(spec.kvGranularityTokens()).isEqualTo(32);
    assertThat(spec.files().compute()).isNull();
    assertThat(plan.points().get(0).tags().predictor()).isEqualTo("learned");
    assertThat(plan.profiles().values().iterator().next().operators())
        .contains(HostOperator.SCHEDULE);
  }

  @Test
  void aProfileThatIsTooSmallToLearnFromIsReportedAtThePredictor() {
    TinyProfile.write(folder.resolve("profiles"), "a100", 0.01);

    assertProblemsOf(
        changed("predictor: roofline", learned("learner: polynomial")),
        "7: simulate.predictor: attn_prefill has 1 measured rows, but it takes at least 2 to learn"
            + " from. Maybe predictor: profiled");
    assertProblemsOf(
        changed("predictor: roofline", learned("prediction_max_request_tokens: 32")),
        "7: simulate.predictor.prediction_max_request_tokens: prediction_max_request_tokens (32)"
            + " must be at least kv_granularity_tokens (64)");
  }

  private static String learned(String options) {
    return "predictor: {kind: learned, root: profiles, %s}".formatted(options);
  }

  @Test
  void theSamePointTwiceRunsOnceAndIsCounted() {
    SweepPlan plan =
        planChanged(
            "device: a100",
            "device: [a100, a100-80gb, a40]",
            "points:",
            "  - {device: A40}",
            "  - {device: A100, replicas: 2}");

    assertThat(plan.points()).hasSize(3);
    assertThat(plan.duplicates()).isEqualTo(2);
    assertThat(plan.excluded()).isZero();
    assertThat(plan.points().get(0).axesJson()).isEqualTo("{\"device\":\"a100\"}");
  }

  @Test
  void excludedPointsAreLeftOutAndCounted() {
    SweepPlan plan =
        planChanged(
            "scheduler: sarathi",
            "scheduler: [{kind: sarathi, token_budget: [64, 128]}, {kind: vllm}]\n"
                + "  replicas: [1, 2]",
            "exclude:",
            "  - {scheduler: vllm, replicas: 2}",
            "  - {scheduler: {token_budget: [128, 256]}}");

    assertThat(plan.excluded()).isEqualTo(3);
    assertThat(plan.points().stream().map(point -> point.axesJson()))
        .containsExactly(
            "{\"replicas\":1,\"scheduler.kind\":\"sarathi\",\"scheduler.token_budget\":64}",
            "{\"replicas\":2,\"scheduler.kind\":\"sarathi\",\"scheduler.token_budget\":64}",
            "{\"replicas\":1,\"scheduler.kind\":\"vllm\"}");
  }

  @Test
  void aPatternThatExcludesNothingIsAMistake() {
    assertProblems(
        List.of("exclude: [{sheduler: sarathi}, {node: single}]"),
        "8: exclude[0]: excludes none of the 1 points. Maybe a key or value is misspelt; only what"
            + " simulate or points states can be excluded.",
        "8: exclude[1]: excludes none of the 1 points. Maybe a key or value is misspelt; only what"
            + " simulate or points states can be excluded.");
    assertProblems(
        List.of("exclude: [{scheduler: sarathi}]"), "8: exclude: leaves no point of 1 to run");
  }

  /** All that can be seen in the file alone comes at once. */
  @Test
  void everyProblemOfTheFileItselfIsListedAtOnce() {
    assertProblemsOf(
        List.of(
            "nmae: t",
            "record: everything",
            "simulate:",
            "  workload: []",
            "  replicas: [1, []]",
            "points: 3"),
        "1: nmae: unknown key. Maybe: name",
        "1: name: missing key (text)",
        "2: record: expected one of requests, iterations, tokens, operators, found everything",
        "4: simulate.workload: is an empty list, so there is no point to run",
        "5: simulate.replicas[1]: is an empty list, so there is no point to run",
        "6: points: must be a list");
    assertProblemsOf(
        List.of("name: t"),
        "1: misses the key simulate: the point, or grid of points, to simulate");
    assertProblemsOf(List.of("- name: t"), "1: must be a mapping with name and simulate");
    assertProblemsOf(List.of("name: ' '", "simulate: 3"), "1: name must not be blank");
  }

  @Test
  void aNameThatCannotBeAFolderIsReportedAtItsLine() {
    String tail =
        " cannot be a folder name. Maybe use at most 100 letters, digits and . _ - only, a letter"
            + " or digit first.";
    for (String name : List.of("a/b", "a b", "..", "it's", "_x", "n".repeat(101))) {
      assertProblemsOf(
          List.of("simulate: 3", "name: \"%s\"".formatted(name)),
          "2: name: name (" + name + ")" + tail);
    }
  }

  @Test
  void tokensThatDoNotFitAreReported() {
    assertProblemsOf(
        changed(
            "{kind: trace, file: trace.csv}",
            "{kind: synthetic, requests: 2, seed: 1, arrivals: all_at_zero, lengths: {kind: fixed,"
                + " prompt_tokens: 2000000000, output_tokens: 2000000000}}"),
        "2: simulate: a request of the workload has 4000000000 tokens, more than 2147483647");
    assertProblemsOf(
        changed("scheduler: sarathi", "scheduler: {kind: sarathi, token_budget: [64, 2147483647]}"),
        "6: simulate.scheduler: a number of tokens, or what follows from it, is too large: the"
            + " tokens of one batch of 128 requests. Maybe it has too many digits.");
  }

  @Test
  void cardsMayStandInTheFileItself() {
    SweepPlan plan =
        planOf(
            List.of(
                "name: t",
                "simulate:",
                "  workload: {kind: trace, file: trace.csv}",
                "  model: {name: mine, layers: 2, query_heads: 4, kv_heads: 4, head_dim: 8,"
                    + " hidden_size: 32, mlp_hidden_size: 64, vocabulary_size: 100,"
                    + " max_positions: 2048, gated_mlp: true, post_attention_norm: true,"
                    + " tied_embeddings: false, qkv_bias: false, query_key_norm: false,"
                    + " rope_theta: 1e4, norm_epsilon: 1e-5}",
                "  device: [a100, {like: a100, memory_bytes: [10000000, 20000000]}]",
                "  node: {like: a100_dgx, devices_per_node: 8}",
                "  scheduler: sarathi",
                "  predictor: roofline"));

    assertThat(plan.points().stream().map(point -> point.axesJson()))
        .containsExactly(
            "{\"device\":\"a100\"}",
            "{\"device.like\":\"a100\",\"device.memory_bytes\":10000000}",
            "{\"device.like\":\"a100\",\"device.memory_bytes\":20000000}");
    SweepPoint last = plan.points().get(2);
    assertThat(last.spec().deployment().device().memoryBytes()).isEqualTo(20_000_000);
    assertThat(last.spec().deployment().model().name()).isEqualTo("mine");
    assertThat(last.spec().deployment().node().name()).isEqualTo("a100_dgx");
  }

  @Test
  void aWrongCardInTheFileIsReportedAtItsKey() {
    assertProblemsOf(
        changed("device: a100", "device: {like: a100, memory: 5}\n  node: {like: dgx}"),
        "5: simulate.device.memory: unknown key. Known: name, aliases, memory_bytes,"
            + " dense_fp16_flops, dense_fp32_flops, dense_fp8_flops, dense_int8_flops,"
            + " dense_fp4_flops, memory_bandwidth_bytes_per_second, kernel_launch_seconds,"
            + " tdp_watts, price_per_hour_dollars, sources",
        "6: simulate.node: no node card 'dgx'. Known, nearest first: a100_dgx, h100_dgx, single,"
            + " pcie-4, pcie-5-host, a40_pairwise_nvlink, a100_pairwise_nvlink,"
            + " h100_pairwise_nvlink. Maybe add a card: models/devices/README.md says how.");
  }

  @Test
  void aModelsFileIsLookedForBesideTheFile() throws IOException {
    Files.writeString(
        folder.resolve("card.json"), Files.readString(HOME.resolve("models/tiny.json")));

    assertThat(ids(planChanged("model: plumbline/tiny", "model: card.json")))
        .isEqualTo(ids(plan()));
  }

  /** A value that many points share is reported once, at its own place. */
  @Test
  void everyProblemOfEveryPointIsListedAtOnceAndOnce() {
    assertProblemsOf(
        List.of(
            "name: t",
            "simulate:",
            "  workload: {kind: trace, file: trace.csv, time_scale: [0, 1]}",
            "  modle: x",
            "  model: plumbline/tiny",
            "  device: [a100, a100-80gb, a40]",
            "  scheduler:",
            "    - kind: sarati",
            "    - {kind: vllm, token_budget: [-1, 2.5, 512]}",
            "  predictor: {kind: roofline, compute_efficiency: 2, memory_efficiency: '0.5'}",
            "  replicas: 0",
            "  tensor_parallel: yes",
            "points:",
            "  - {dtype: {}}"),
        "3: simulate.workload.time_scale[0]: time_scale (0.0) must be positive",
        "4: simulate.modle: unknown key. Maybe: model",
        "8: simulate.scheduler[0].kind: unknown kind (sarati). Maybe: sarathi",
        "9: simulate.scheduler[1].token_budget[0]: token_budget (-1) must be positive",
        "9: simulate.scheduler[1].token_budget[1]: expected an integer, found 2.5",
        "10: simulate.predictor.memory_efficiency: expected a number, found the text \"0.5\". Maybe"
            + " remove the quotes.",
        "12: simulate.tensor_parallel: expected an integer, found yes",
        "14: points[0].dtype: expected one of float16, float32, found a mapping");
  }

  @Test
  void aNumberOutOfRangeIsReportedAtItsKey() {
    assertProblems(
        List.of("  replicas: [1, -2]"), "8: simulate.replicas[1]: replicas (-2) must be positive");
    assertProblems(
        List.of("  tensor_parallel: 0"),
        "8: simulate.tensor_parallel: tensor_parallel (0) must be positive");
    assertProblems(
        List.of("  pipeline_parallel: 0"),
        "8: simulate.pipeline_parallel: pipeline_parallel (0) must be positive");
    assertProblems(
        List.of("  time_limit_seconds: 0"),
        "8: simulate.time_limit_seconds: time_limit_seconds (0.0) must be positive");
    assertProblems(
        List.of("  kv_cache: {block_tokens: 16, watermark_fraction: 1}"),
        "8: simulate.kv_cache.watermark_fraction: watermark_fraction (1.0) must be at least 0 and"
            + " below 1");
  }

  @Test
  void unknownCardsAreAnsweredWithTheKnownOnes() {
    assertThatThrownBy(
            () ->
                planOf(
                    List.of(
                        "name: t",
                        "simulate:",
                        "  workload: {kind: trace, file: trace.csv}",
                        "  model: [plumbline/tiny, plumbline/tiney]",
                        "  device: [a100, a1000]",
                        "  node: pcie4",
                        "  scheduler: sarathi",
                        "  predictor: roofline")))
        .isInstanceOf(BadInputException.class)
        .satisfies(
            e ->
                assertThat(e.getMessage().lines())
                    .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("3 problems in %s:", file),
                        line ->
                            assertThat(line)
                                .startsWith(
                                    "  %s:4: simulate.model[1]: unknown model (plumbline/tiney). Known, nearest first: plumbline/tiny, "
                                        .formatted(file))
                                .endsWith(
                                    ". Maybe add a card to %s.".formatted(HOME.resolve("models"))),
                        line ->
                            assertThat(line)
                                .startsWith(
                                    "  %s:5: simulate.device[1]: no device card 'a1000'. Known, nearest first: "
                                        .formatted(file))
                                .endsWith(". Maybe add a card: models/devices/README.md says how."),
                        line ->
                            assertThat(line)
                                .startsWith(
                                    "  %s:6: simulate.node: no node card 'pcie4'. Known, nearest first: pcie-4, "
                                        .formatted(file))));
  }

  @Test
  void aMissingTraceIsReportedWithEveryPlaceThatWasTried() throws IOException {
    Files.delete(folder.resolve("trace.csv"));
    Path external = folder.resolve("external");

    assertThatThrownBy(
            () ->
                SweepPlanner.plan(
                    write(with("  replicas: 1")),
                    HOME.resolve("models"),
                    new PathResolver(folder, HOME, external)))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            """
            1 problem in %1$s:
              %1$s:3: simulate.workload: no such file or folder: trace.csv. Tried:
                  %2$s
                  %3$s
                  %4$s
                Maybe set EXTERNAL_REF_ROOT to another folder; it is %5$s.\
            """
                .formatted(
                    file,
                    folder.resolve("trace.csv"),
                    HOME.resolve("trace.csv").toAbsolutePath().normalize(),
                    external.resolve("trace.csv"),
                    external));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2,1,1   | 4 | arrived_at (1) is before the row above. Maybe sort the file by arrived_at.
          NaN,1,1 | 3 | arrived_at (NaN) must be a number of seconds
          2,-5,1  | 3 | num_prefill_tokens (-5) must not be negative
          2,1     | 3 | 2 fields, but the header has 3. Maybe the file was cut off.
          """)
  void aBadRowOfATraceIsReportedWithItsFileAndLine(String row, int line, String message) {
    trace("1,1,1", row, "1,1,1");

    assertProblems(
        List.of("  replicas: [1, 2]"),
        "3: simulate.workload: %s:%d: %s".formatted(folder.resolve("trace.csv"), line, message));
  }

  @Test
  void anEmptyTraceAndOneWithTooFewRowsAreReported() {
    trace();
    String trace = folder.resolve("trace.csv").toString();
    assertProblems(List.of(), "3: simulate.workload: " + trace + ": no rows below the header");
    trace("1,1,1");
    assertProblemsOf(
        changed("file: trace.csv", "file: trace.csv, requests: 2"),
        "3: simulate.workload: "
            + trace
            + ": 1 rows, but 2 requests are asked for. Maybe lower requests.");
  }

  @Test
  void aRequestTooLongForAnyMachineIsReported() {
    trace("0,2147483647,2147483647");

    assertProblems(
        List.of(),
        "2: simulate: a request of the workload has 4294967294 tokens, more than 2147483647");
  }

  @Test
  void aModelThatDoesNotFitItsDeviceIsReported() {
    assertProblemsOf(
        changed("model: plumbline/tiny", "model: meta-llama/Llama-2-70b-hf"),
        "2: simulate: meta-llama/Llama-2-70b-hf on a100-80gb: 138.0 GB of weights per device leave"
            + " no room for one request of 103 tokens. Maybe raise the tensor or pipeline degree,"
            + " or lower the memory margin.");
  }

  @Test
  void degreesThatDoNotDivideTheModelAreReported() {
    assertProblems(
        List.of("  node: a100_dgx", "  tensor_parallel: [2, 3, 5]"),
        "2: simulate: query heads (8) of plumbline/tiny must be a multiple of the tensor parallel"
            + " degree (3)",
        "2: simulate: query heads (8) of plumbline/tiny must be a multiple of the tensor parallel"
            + " degree (5)");
    assertProblems(
        List.of("  node: a100_dgx", "  pipeline_parallel: 3"),
        "2: simulate: layers (4) of plumbline/tiny must be a multiple of the pipeline stages (3)");
    assertProblemsOf(
        changed(
            "scheduler: sarathi",
            "scheduler: {kind: sarathi, max_batch_size: 1}",
            "  pipeline_parallel: 2"),
        "8: simulate.pipeline_parallel: pipeline_parallel (2) must not be above the scheduler's"
            + " max_batch_size (1)");
  }

  @Test
  void aProfileThatLacksWhatAPointNeedsIsReportedAtThePredictor() throws IOException {
    List<String> profiled =
        changed("predictor: roofline", "predictor: {kind: profiled, root: profiles}");
    Path profiles = folder.resolve("profiles");
    TinyProfile.write(profiles, "a100", 1);
    Path compute = TinyProfile.compute(profiles, "a100");
    List<String> twoDevices = new ArrayList<>(profiled);
    twoDevices.addAll(List.of("  node: a100_dgx", "  tensor_parallel: [1, 2]"));

    assertProblemsOf(
        twoDevices,
        "7: simulate.predictor: %s has no rows for tensor parallel degree 2 (column num_tensor_parallel_workers); it has [1]. Maybe choose one of these."
            .formatted(compute.resolve("mlp.csv")));

    Path mlp = compute.resolve("mlp.csv");
    String whole = Files.readString(mlp);
    Files.writeString(mlp, whole.replace("time_stats.mlp_act.median", "x"));
    assertProblemsOf(
        profiled,
        "7: simulate.predictor: %s has no column time_stats.mlp_act.median. It has %s."
            .formatted(
                mlp,
                TinyProfile.MLP_HEADER
                    .replace("time_stats.mlp_act.median", "x")
                    .replace(",", ", ")));

    Files.writeString(mlp, whole.substring(0, whole.length() - 5));
    assertProblemsOf(
        profiled,
        "7: simulate.predictor: %s:3: 16 fields, but the header has 17. Maybe the file was cut off."
            .formatted(mlp));

    Files.delete(mlp);
    assertProblemsOf(
        profiled,
        "7: simulate.predictor: no profile %s. Maybe choose a device, model and node that were profiled, or the predictor roofline, which needs no profile."
            .formatted(mlp));
  }

  @Test
  void aSweepThatIsNotThereOrAFolderIsNamed() {
    assertThatThrownBy(() -> plan(folder.resolve("none.yaml")))
        .isInstanceOf(BadInputException.class)
        .hasMessage("no such file: " + folder.resolve("none.yaml"));
    assertThatThrownBy(() -> plan(folder))
        .isInstanceOf(BadInputException.class)
        .hasMessage(folder + ": a folder, not a file");
  }

  private void trace(String... rows) {
    List<String> all = new ArrayList<>(List.of("arrived_at,num_prefill_tokens,num_decode_tokens"));
    all.addAll(Arrays.asList(rows));
    lines(folder.resolve("trace.csv"), all.toArray(String[]::new));
  }

  private static List<String> with(String... more) {
    List<String> all = new ArrayList<>(BASE);
    all.addAll(Arrays.asList(more));
    return all;
  }

  private static List<String> changed(String before, String after, String... more) {
    String text = String.join("\n", with(more));
    assertThat(text).contains(before);
    return List.of(text.replace(before, after));
  }

  private SweepPlan plan(String... more) {
    return planOf(with(more));
  }

  private SweepPlan planChanged(String before, String after, String... more) {
    return planOf(changed(before, after, more));
  }

  private SweepPlan planOf(List<String> yaml) {
    return plan(write(yaml));
  }

  private Path write(List<String> yaml) {
    lines(file, yaml.toArray(String[]::new));
    return file;
  }

  private SweepPlan plan(Path sweep) {
    return SweepPlanner.plan(sweep, HOME.resolve("models"), new PathResolver(folder, HOME, null));
  }

  private static Set<String> ids(SweepPlan plan) {
    Set<String> ids = new LinkedHashSet<>();
    plan.points().forEach(point -> ids.add(point.runId()));
    return ids;
  }

  private void assertProblems(List<String> more, String... problems) {
    assertProblemsOf(with(more.toArray(String[]::new)), problems);
  }

  private void assertProblemsOf(List<String> yaml, String... problems) {
    StringBuilder message = new StringBuilder();
    message.append(problems.length).append(problems.length == 1 ? " problem in " : " problems in ");
    message.append(file).append(':');
    for (String problem : problems) {
      message.append("\n  ").append(file).append(':').append(problem);
    }
    assertThatThrownBy(() -> planOf(yaml))
        .isInstanceOf(BadInputException.class)
        .hasMessage(message.toString());
  }
}
