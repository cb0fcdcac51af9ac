package io.plumbline.files.workload;

import static io.plumbline.files.Fixtures.assertBadInput;
import static io.plumbline.files.Fixtures.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.files.Json;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.RecordBinder;
import io.plumbline.trace.workload.ArrivalProcess;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.TokenLengths;
import io.plumbline.trace.workload.Workload;
import io.plumbline.trace.workload.WorkloadSpec;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WorkloadSourceTest {
  @TempDir Path folder;

  private Workload load(String... lines) {
    WorkloadSource source = bind(lines);
    // What is bound must survive the way through canonical JSON, as a run's specification does.
    assertThat(RecordBinder.bind(ConfNode.parse("j", Json.write(source)), WorkloadSource.class))
        .isEqualTo(source);
    return source.load(new PathResolver(folder, folder.resolve("home"), null));
  }

  private static WorkloadSource bind(String... lines) {
    return RecordBinder.bind(
        ConfNode.parse("a.yaml", String.join("\n", lines)), WorkloadSource.class);
  }

  @Test
  void aSyntheticWorkloadIsTheOneOfItsLaws() {
    Workload workload =
        load(
            "kind: synthetic",
            "arrivals: {kind: poisson, requests_per_second: 2.5}",
            "lengths: {kind: uniform, min_prompt_tokens: 1, max_prompt_tokens: 9,",
            "          min_output_tokens: 2, max_output_tokens: 3}",
            "requests: 20",
            "seed: 7");
    assertThat(workload)
        .isEqualTo(
            new WorkloadSpec(
                    new ArrivalProcess.Poisson(2.5), new TokenLengths.Uniform(1, 9, 2, 3), 20, 7)
                .generate());
  }

  @Test
  void lengthsAndArrivalsMayComeFromTraces() {
    file(folder, "lengths.csv", "num_prefill_tokens,num_decode_tokens", "4,2", "6,3");
    file(folder, "arrivals.csv", "arrived_at", "0.5", "1", "2");
    String synthetic = "kind: synthetic";
    String lengths = "lengths: {kind: trace, file: lengths.csv, prompt_scale: 0.5}";
    assertThat(
            load(
                    synthetic,
                    "arrivals: {kind: trace, file: arrivals.csv}",
                    lengths,
                    "requests: 3",
                    "seed: 1")
                .requests())
        .containsExactly(
            new Request(0, 500_000_000, 2, 2),
            new Request(1, 1_000_000_000, 3, 3),
            new Request(2, 2_000_000_000, 2, 2));
    assertThat(load(synthetic, "arrivals: all_at_zero", lengths, "requests: 1", "seed: 1").size())
        .isEqualTo(1);
    assertThat(
            load(
                    synthetic,
                    "arrivals: {kind: fixed_interval, interval_seconds: 2}",
                    "lengths: {kind: fixed, prompt_tokens: 5, output_tokens: 6}",
                    "requests: 2",
                    "seed: 1")
                .requests())
        .containsExactly(new Request(0, 0, 5, 6), new Request(1, 2_000_000_000, 5, 6));
    assertBadInput(
        () ->
            load(
                synthetic,
                "arrivals: {kind: trace, file: arrivals.csv}",
                lengths,
                "requests: 4",
                "seed: 1"),
        folder.resolve("arrivals.csv")
            + ": 3 arrivals, but 4 requests are asked for. Maybe lower requests.");
  }

  @Test
  void tracesFoldersAndRunsAreSources() {
    Workload workload = TraceFilesTest.random(3);
    TraceFiles.writeRequests(folder.resolve("t.csv"), workload);
    TraceFiles.writeFolder(folder.resolve("f"), workload);
    file(
        folder.resolve("r"),
        "request_metrics.csv",
        "request_id,arrival_time_ns,num_prefill_tokens,num_decode_tokens,status",
        "1,9,3,4,ok",
        "0,8,1,2,ok");
    assertThat(load("kind: trace", "file: t.csv")).isEqualTo(workload);
    assertThat(load("kind: trace", "file: t.csv", "requests: 3").requests())
        .isEqualTo(workload.requests().subList(0, 3));
    assertThat(load("kind: folder", "folder: f")).isEqualTo(workload);
    assertThat(load("kind: run", "folder: r").requests())
        .containsExactly(new Request(0, 8, 1, 2), new Request(1, 9, 3, 4));
  }

  @Test
  void aStaticWorkloadHasTheRequestsOfAnotherAtTheStart() {
    String drawn =
        "{kind: synthetic, arrivals: %s, requests: 9, seed: 7,"
            + " lengths: {kind: uniform, min_prompt_tokens: 1, max_prompt_tokens: 9,"
            + " min_output_tokens: 2, max_output_tokens: 3}}";
    assertThat(
            load(
                "kind: static",
                "of: " + drawn.formatted("{kind: poisson, requests_per_second: 2}")))
        .isEqualTo(load(drawn.formatted("all_at_zero")));
    assertThat(bind("{kind: static, of: " + drawn.formatted("all_at_zero") + "}").drawnFromSeed())
        .isEqualTo(7);
  }

  @Test
  void aPacedWorkloadHasTheRequestsOfAnotherAtItsOwnRate() {
    String drawn =
        "{kind: synthetic, arrivals: {kind: poisson, requests_per_second: %s}, requests: 9, seed: 7,"
            + " lengths: {kind: fixed, prompt_tokens: 5, output_tokens: 3}}";
    Workload paced = load("kind: paced", "requests_per_second: 4", "of: " + drawn.formatted(2));
    assertThat(paced.requestsPerSecond()).isCloseTo(4, within(1e-6));
    assertThat(paced).isEqualTo(load(drawn.formatted(2)).paced(4));
    assertThat(
            bind("{kind: paced, requests_per_second: 4, of: " + drawn.formatted(2) + "}")
                .drawnFromSeed())
        .isEqualTo(7);
    assertBadInput(
        () -> bind("kind: paced", "requests_per_second: 0", "of: " + drawn.formatted(2)),
        """
        1 problem in a.yaml:
          a.yaml:2: requests_per_second: requests_per_second (0.0) must be positive""");
  }

  @Test
  void wrongValuesAreReportedWhenTheConfigurationIsRead() {
    assertBadInput(
        () ->
            bind(
                "kind: synthetic",
                "arrivals: {kind: poisson, requests_per_second: 0}",
                "lengths: {kind: fixed, prompt_tokens: 0, output_tokens: 1}",
                "requests: 5",
                "sede: 1"),
        "4 problems in a.yaml:\n"
            + "  a.yaml:1: seed: missing key (an integer)\n"
            + "  a.yaml:2: arrivals.requests_per_second: requests_per_second (0.0) must be positive\n"
            + "  a.yaml:3: lengths: prompt_tokens must be positive, the least (0) not above the most (0)\n"
            + "  a.yaml:5: sede: unknown key. Maybe: seed");
    assertBadInput(
        () -> bind("kind: trace", "file: x", "max_tokens: 1"),
        "1 problem in a.yaml:\n  a.yaml:3: max_tokens: max_tokens (1) must be at least 2, a prompt and an output token");
  }

  @Test
  void pathsAreLookedForInOrder() {
    Path conf = folder.resolve("conf");
    Path home = folder.resolve("home");
    Path external = folder.resolve("external");
    PathResolver paths = new PathResolver(conf, home, external);
    assertBadInput(
        () -> paths.resolve("d/x.csv"),
        "no such file or folder: d/x.csv. Tried:\n  %s\n  %s\n  %s\nMaybe set EXTERNAL_REF_ROOT to another folder; it is %s."
            .formatted(
                conf.resolve("d/x.csv"),
                home.resolve("d/x.csv"),
                external.resolve("d/x.csv"),
                external));
    Path absolute = folder.resolve("none.csv");
    assertBadInput(
        () -> new PathResolver(conf, home, null).resolve(absolute.toString()),
        "no such file or folder: %s. Tried:\n  %s\nMaybe set EXTERNAL_REF_ROOT to the folder with external data."
            .formatted(absolute, absolute));
    assertThat(paths.find("d/x.csv")).isNull();
    assertThat(paths.resolve(file(external.resolve("d"), "x.csv").toString()))
        .isEqualTo(external.resolve("d/x.csv"));
    assertThat(paths.resolve("d/x.csv")).isEqualTo(external.resolve("d/x.csv"));
    file(home.resolve("d"), "x.csv");
    assertThat(paths.resolve("d/x.csv")).isEqualTo(home.resolve("d/x.csv"));
    file(conf.resolve("d"), "x.csv");
    assertThat(paths.resolve("d/x.csv")).isEqualTo(conf.resolve("d/x.csv"));
  }
}
