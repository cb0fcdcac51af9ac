package io.plumbline.files.run;

import static io.plumbline.files.Fixtures.assertBadInput;
import static io.plumbline.files.Fixtures.file;
import static io.plumbline.files.Fixtures.shared;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.files.Json;
import io.plumbline.files.run.RunFolder.LoadedRun;
import io.plumbline.files.workload.TraceFiles;
import io.plumbline.trace.run.IterationTiming;
import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.RequestAttempt;
import io.plumbline.trace.run.RequestAttempt.TokenSource;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunManifest;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.run.TokenTimes;
import io.plumbline.trace.workload.PromptBlocks;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RunFolderTest {
  @TempDir Path parent;

  static LongStream seeds() {
    return LongStream.range(0, 40);
  }

  /** A run whose every optional part is there or not, as the seed says. */
  private static LoadedRun random(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    boolean withTokens = random.nextBoolean();
    boolean withScheduled = random.nextBoolean();
    boolean withBlocks = random.nextInt(4) == 0;
    List<Request> requests = new ArrayList<>();
    List<RequestTiming> timings = new ArrayList<>();
    long[][] tokens = new long[20][];
    long nanos = 0;
    for (int i = 0; i < tokens.length; i++) {
      nanos += random.nextLong(1_000_000_000L);
      PromptBlocks blocks =
          withBlocks ? new PromptBlocks(16, random.longs(random.nextInt(3)).toArray()) : null;
      Integer priority = random.nextInt(5) == 0 ? (Integer) (random.nextInt(9) - 4) : null;
      String session = random.nextInt(5) == 0 ? "a, \"b\"" : null;
      Request request =
          new Request(
              i, nanos, 32 + random.nextInt(99), 1 + random.nextInt(9), blocks, priority, session);
      requests.add(request);
      RequestOutcome outcome = RequestOutcome.values()[random.nextInt(4)];
      tokens[i] = tokenTimes(request, outcome, random);
      timings.add(timing(request, outcome, tokens[i], withScheduled, random));
    }
    List<IterationTiming> iterations =
        random.nextBoolean()
            ? List.of()
            : List.of(
                new IterationTiming(0, 1, 2, 3, 4, 5, 6, 7, null),
                new IterationTiming(
                    1, 0, 3L << 40, 5L << 40, 4, 5, 6, 7, 8, 4L << 40, 2L, 1.25e12, 40.5, null,
                    null, null, null),
                new IterationTiming(
                    0, 0, 4, 6, 4, 5, 6, 7, 8, null, 0L, null, 0.1, 1L, 0L, 2L << 40, null));
    Workload workload = new Workload(requests);
    List<RequestAttempt> attempts =
        random.nextBoolean()
            ? List.of()
            : List.of(
                new RequestAttempt(3, 0, 1, null, 2, null, 0, null, null, null, "a \"b\",\nc"),
                new RequestAttempt(3, 1, 5, 6L, 9, 200, 4, 7, 5, TokenSource.SPREAD, null));
    RunTrace trace =
        new RunTrace(timings, iterations, withTokens ? TokenTimes.of(tokens) : null, attempts);
    return new LoadedRun(workload, trace, manifest(workload, random));
  }

  private static long[] tokenTimes(
      Request request, RequestOutcome outcome, SplittableRandom random) {
    int produced =
        switch (outcome) {
          case COMPLETED -> request.outputTokens();
          case REJECTED -> 0;
          case UNFINISHED, FAILED -> random.nextInt(request.outputTokens());
        };
    long[] times = new long[produced];
    long nanos = request.arrivalNanos() + 100;
    for (int k = 0; k < produced; k++) {
      nanos += random.nextInt(1000);
      times[k] = nanos;
    }
    return times;
  }

  private static RequestTiming timing(
      Request request,
      RequestOutcome outcome,
      long[] tokens,
      boolean withScheduled,
      SplittableRandom random) {
    Long first = tokens.length == 0 ? null : (Long) tokens[0];
    return new RequestTiming(
        request.id(),
        random.nextBoolean() ? (Integer) random.nextInt(4) : null,
        request.arrivalNanos(),
        withScheduled && first != null ? (Long) (request.arrivalNanos() + 50) : null,
        first,
        outcome == RequestOutcome.COMPLETED ? (Long) tokens[tokens.length - 1] : null,
        request.promptTokens(),
        request.outputTokens(),
        tokens.length,
        random.nextInt(10) == 0 ? 1 : 0,
        outcome,
        withScheduled ? (Long) random.nextLong(1L << 40) : null,
        withScheduled && random.nextBoolean() ? (Long) random.nextLong(1L << 40) : null,
        withScheduled && random.nextBoolean() ? (Long) random.nextLong(1L << 40) : null,
        null);
  }

  private static RunManifest manifest(Workload workload, SplittableRandom random) {
    boolean known = random.nextBoolean();
    String[] specs = {
      "{\"b\":1.50,\"a\":[true,null]}", "{ \"loosely\": \"written\" }", "not JSON", "1E+3", null
    };
    return new RunManifest(
        "r0123",
        known ? Origin.SIMULATED : Origin.MEASURED,
        "plumbline",
        workload.workloadId(),
        specs[random.nextInt(specs.length)],
        known ? (Long) Long.MIN_VALUE : null,
        known ? "abc-dirty" : null,
        known ? "NVIDIA H100" : null,
        known ? "plumbline/tiny" : null,
        known ? Map.of("java", "17", "cuda_device_name", "x") : Map.of(),
        known ? "2026-01-01T00:00:00Z" : null,
        known ? "2026-01-01T00:00:01Z" : null,
        known ? "host" : null,
        known ? "MIT" : null,
        known ? "https://example.org/run" : null);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aWrittenRunIsReadBackAsItWas(long seed) {
    LoadedRun run = random(seed);
    Path folder = parent.resolve("run");
    RunFolder.write(folder, run.workload(), run.trace(), run.manifest());
    assertThat(RunFolder.read(folder)).isEqualTo(run);
    assertThat(TraceFiles.readRunRequests(folder.resolve("request_metrics.csv")))
        .isEqualTo(run.workload());
  }

  @Test
  void theSameRunIsTheSameBytes_andReplacesAnEarlierOne() throws IOException {
    LoadedRun run = random(1);
    Path folder = parent.resolve("deep").resolve("run");
    RunFolder.write(folder, random(2).workload(), random(2).trace(), random(2).manifest());
    RunFolder.write(folder, run.workload(), run.trace(), run.manifest());
    Path again = parent.resolve("deep").resolve("again");
    RunFolder.write(again, run.workload(), run.trace(), run.manifest());
    for (String name : List.of("request_metrics.csv", "run_meta.json")) {
      assertThat(folder.resolve(name)).hasSameBinaryContentAs(again.resolve(name));
    }
    assertThat(RunFolder.read(folder)).isEqualTo(run);
    try (Stream<Path> left = Files.list(folder.getParent())) {
      assertThat(left).containsExactlyInAnyOrder(folder, again);
    }
  }

  @Test
  void iterationsOfAnOlderRunHaveNoSplit() throws IOException {
    LoadedRun run = random(1);
    Path folder = parent.resolve("run");
    RunFolder.write(folder, run.workload(), run.trace(), run.manifest());
    Files.writeString(
        folder.resolve("iteration_metrics.csv"),
        """
        replica,stage,iteration,start_time_ns,duration_ns,batch_size,num_prefill_tokens,num_decode_tokens
        0,0,0,5,10,1,7,0
        """);
    assertThat(RunFolder.read(folder).trace().iterations())
        .containsExactly(new IterationTiming(0, 0, 0, 5, 10, 1, 7, 0, null));
  }

  @Test
  void nothingElseThanARunIsReplaced() {
    LoadedRun run = random(1);
    Path notes = file(parent.resolve("run"), "notes.txt", "keep me");
    Path folder = notes.getParent();
    assertBadInput(
        () -> RunFolder.write(folder, run.workload(), run.trace(), run.manifest()),
        folder + " is there and is not a run folder. Maybe choose another output folder.");
    assertThat(notes).hasContent("keep me");
  }

  @Test
  void whatIsNotOneRunIsNotWritten() {
    LoadedRun one = random(1);
    LoadedRun other = random(2);
    Path folder = parent.resolve("run");
    assertThatThrownBy(() -> RunFolder.write(folder, one.workload(), one.trace(), other.manifest()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the manifest is of workload %s, not of %s"
                .formatted(other.workload().workloadId(), one.workload().workloadId()));
    assertThat(folder).doesNotExist();
  }

  @Test
  void aRunThatWasChangedByHandIsRefused() throws IOException {
    LoadedRun run = random(1);
    Path folder = parent.resolve("run");
    RunFolder.write(folder, run.workload(), run.trace(), run.manifest());
    Path meta = folder.resolve("run_meta.json");
    String id = run.workload().workloadId();
    Files.writeString(meta, Files.readString(meta).replace(id, "w0"));
    assertBadInput(
        () -> RunFolder.read(folder),
        "%s: workload_id (w0) is not that of the requests (%s). Maybe request_metrics.csv was changed."
            .formatted(meta, id));
  }

  @Test
  void aRunMeasuredByOthersIsRead() {
    Path folder = shared("real/seed_a100_qwen3_0.6b/real_run");
    LoadedRun run = RunFolder.read(folder);
    assertThat(run.trace().requireAccountsFor(run.workload()).requests().get(0))
        .isEqualTo(
            new RequestTiming(
                0,
                null,
                0,
                null,
                23_058_042L,
                880_144_268L,
                9,
                64,
                64,
                0,
                RequestOutcome.COMPLETED));
    assertThat(run.trace().tokens().tokens(0)).isEqualTo(64);
    assertThat(run.trace().tokens().nanos(0, 1)).isEqualTo(37_930_765);
    RunManifest manifest = run.manifest();
    assertThat(manifest.origin()).isEqualTo(Origin.MEASURED);
    assertThat(manifest.engine()).isEqualTo("sarathi");
    assertThat(manifest.device()).isEqualTo("NVIDIA A100-SXM4-80GB");
    assertThat(manifest.software()).containsOnlyKeys("platform", "python", "torch");
    assertThat(manifest.codeVersion()).endsWith("-dirty");
    assertThat(manifest.startedAt()).isEqualTo("2026-01-02T13:49:03.115248+00:00");
    assertThat(manifest.specJson())
        .isEqualTo(Json.write(Json.readTree(folder.resolve("run_meta.json")).get("params")));
    assertThat(manifest.runId())
        .matches("r[0-9a-f]{16}")
        .isEqualTo(RunFolder.read(folder).manifest().runId());
  }

  @Test
  void aRunSimulatedByVidurIsRead() {
    LoadedRun run = RunFolder.read(shared("real/seed_a100_qwen3_0.6b/vidur_run"));
    assertThat(run.manifest().origin()).isEqualTo(Origin.SIMULATED);
    assertThat(run.manifest().engine()).isEqualTo("vidur");
    assertThat(run.manifest().model()).isEqualTo("Qwen/Qwen3-0.6B");
    assertThat(run.workload().workloadId())
        .isEqualTo(
            RunFolder.read(shared("real/seed_a100_qwen3_0.6b/real_run")).manifest().workloadId());
  }

  @ParameterizedTest
  @ValueSource(strings = {"real_run", "vidur_run"})
  void aForeignRunKeepsEverythingWhenWrittenAsOurs(String name) {
    LoadedRun run = RunFolder.read(shared("real/seed_a100_qwen3_0.6b").resolve(name));
    RunFolder.write(parent.resolve("run"), run.workload(), run.trace(), run.manifest());
    assertThat(RunFolder.read(parent.resolve("run"))).isEqualTo(run);
  }
}
