package io.plumbline.files.workload;

import static io.plumbline.files.Fixtures.assertBadInput;
import static io.plumbline.files.Fixtures.file;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.files.Json;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.RecordBinder;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.TokenLengths.Pair;
import io.plumbline.trace.workload.vidur.VidurIntervals;
import io.plumbline.trace.workload.vidur.VidurLengths;
import io.plumbline.trace.workload.vidur.VidurWorkload;
import io.plumbline.trace.workload.vidur.VidurZipfLengths;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VidurSourceTest {
  @TempDir Path folder;

  private WorkloadSource bind(String... lines) {
    WorkloadSource source =
        RecordBinder.bind(ConfNode.parse("a.yaml", String.join("\n", lines)), WorkloadSource.class);
    // What is bound must survive the way through canonical JSON, as a run's specification does.
    assertThat(RecordBinder.bind(ConfNode.parse("j", Json.write(source)), WorkloadSource.class))
        .isEqualTo(source);
    return source;
  }

  private PathResolver paths() {
    return new PathResolver(folder, folder, null);
  }

  @Test
  void theDefaultsAreVidurs() {
    assertThat(bind("kind: vidur").load(paths()))
        .isEqualTo(
            new VidurWorkload(
                    new VidurIntervals.Poisson(0.5),
                    new VidurLengths.Fixed(2048, 512),
                    128,
                    null,
                    42)
                .generate()
                .workload());
    assertThat(bind("kind: vidur", "arrivals: gamma", "lengths: zipf").load(paths()))
        .isEqualTo(
            new VidurWorkload(
                    new VidurIntervals.Gamma(0.2, 0.5),
                    new VidurZipfLengths(1024, 4096, 0.6, 20, 42),
                    128,
                    null,
                    42)
                .generate()
                .workload());
    assertThat(bind("kind: vidur", "arrivals: static", "lengths: uniform").load(paths()).requests())
        .hasSize(128)
        .allMatch(request -> request.arrivalNanos() == 0);
  }

  @Test
  void arrivalsAndLengthsMayComeFromTraces() {
    file(
        folder,
        "arrivals.csv",
        "arrival_time",
        "2020-01-01 00:00:00",
        "2020-01-01 00:00:10.5",
        "2020-01-01 00:00:12.4",
        "2020-01-01 00:00:20",
        "2020-01-01 00:01:00");
    file(folder, "lengths.csv", "num_prefill_tokens,num_decode_tokens", "90,30");
    WorkloadSource source =
        bind(
            "kind: vidur",
            "arrivals: {kind: trace, file: arrivals.csv, start_time: '2020-01-01 00:00:00',",
            "           end_time: '2020-01-01 00:01:00', time_scale_factor: 2}",
            "lengths: {kind: trace, file: lengths.csv, max_tokens: 100}",
            "num_requests: 1");
    // Both bounds are left out; of the rest, 1.9 s are floored to 1 and doubled. The 20 tokens
    // above
    // the limit are taken from 90 and 30 as 15 and 5.
    assertThat(source.load(paths()).requests())
        .containsExactly(new Request(0, 2_000_000_000, 75, 25));
  }

  @Test
  void theNumberMayBeLeftToTheTrace() {
    file(folder, "a.csv", "arrival_time", "2020-01-01 00:00:01", "2020-01-01 00:00:02");
    assertThat(
            bind(
                    "kind: vidur",
                    "num_requests: null",
                    "arrivals: {kind: trace, file: a.csv, start_time: '2020-01-01 00:00:00',",
                    "           end_time: '2021-01-01 00:00:00'}")
                .load(paths())
                .size())
        .isEqualTo(1);
  }

  @Test
  void theExcessOfATraceIsTakenInProportion() {
    assertThat(VidurTraces.cutInProportion(60, 40, 100)).isEqualTo(new Pair(60, 40));
    // One token too many: ceil(0.6) and ceil(0.4) are one each.
    assertThat(VidurTraces.cutInProportion(60, 41, 100)).isEqualTo(new Pair(59, 40));
    assertThat(VidurTraces.cutInProportion(200, 1, 100)).isEqualTo(new Pair(99, 1));
    assertThat(VidurTraces.cutInProportion(0, 0, 100)).isEqualTo(new Pair(1, 1));
  }

  @Test
  void aReplayTakesTheExcessFromThePrompt() {
    file(
        folder,
        "r.csv",
        "arrived_at,num_prefill_tokens,num_decode_tokens",
        "0.1,100,20",
        "0.2,0,30");
    VidurSource source =
        (VidurSource)
            bind(
                "kind: vidur_replay",
                "file: r.csv",
                "max_tokens: 50",
                "time_scale_factor: 3",
                "decode_scale_factor: 0.5");
    assertThat(source.requests(paths()).arrivalSeconds())
        .containsExactly(0.30000000000000004, 0.6000000000000001);
    assertThat(source.requests(paths()).workload().requests())
        .containsExactly(new Request(0, 300_000_000, 40, 10), new Request(1, 600_000_000, 1, 15));
  }

  @Test
  void badTracesAreNamed() {
    String header = "arrived_at,num_prefill_tokens,num_decode_tokens";
    Path unsorted = file(folder, "u.csv", header, "2,1,1", "1,1,1");
    assertBadInput(
        () -> bind("kind: vidur_replay", "file: u.csv").load(paths()),
        unsorted
            + ": Request (1) arrives at 1.0 s, before its predecessor at 2.0 s. Maybe sort the trace by arrival.");
    Path wrong = file(folder, "w.csv", header, "soon,1,1");
    assertBadInput(
        () -> bind("kind: vidur_replay", "file: w.csv").load(paths()),
        wrong + ":2: arrived_at (soon) must be a number of seconds");
    Path negative = file(folder, "n.csv", header, "-1,1,1");
    assertBadInput(
        () -> bind("kind: vidur_replay", "file: n.csv").load(paths()),
        negative + ":2: arrived_at (-1) must be zero or more");
    Path missing = file(folder, "m.csv", header, ",1,1");
    assertBadInput(
        () -> bind("kind: vidur_replay", "file: m.csv").load(paths()),
        missing + ":2: arrived_at () must not be empty");
    Path empty = file(folder, "e.csv", header);
    assertBadInput(
        () -> bind("kind: vidur_replay", "file: e.csv").load(paths()),
        empty + ": no rows below the header");
    assertBadInput(
        () ->
            bind("kind: vidur", "lengths: {kind: trace, file: u.csv}", "num_requests: 3")
                .load(paths()),
        "workload: the trace has 2 lengths, but 3 requests are asked for. Maybe ask for fewer or take another trace.");
    Path once = file(folder, "a.csv", "arrival_time", "1970-01-04 12:00:01");
    assertBadInput(
        () -> bind("kind: vidur", "arrivals: {kind: trace, file: a.csv}").load(paths()),
        once
            + ": 1 rows between 1970-01-04 12:00:00 and 1970-01-04 15:00:00, but an interval needs two. "
            + "Maybe change start_time and end_time.");
  }

  @Test
  void wrongValuesAreReportedWhenTheConfigurationIsRead() {
    assertBadInput(
        () ->
            bind(
                "kind: vidur",
                "arrivals: {kind: poisson, qps: 0}",
                "lengths: {kind: zipf, min_tokens: 9, max_tokens: 8}"),
        "2 problems in a.yaml:\n"
            + "  a.yaml:2: arrivals.qps: qps (0.0) must be positive\n"
            + "  a.yaml:3: lengths.min_tokens: min_tokens (9) must be positive and not above max_tokens (8)");
    assertBadInput(
        () -> bind("kind: vidur_replay", "file: x", "time_scale_factor: -1"),
        "1 problem in a.yaml:\n  a.yaml:3: time_scale_factor: time_scale_factor (-1.0) must be positive");
    assertBadInput(
        () -> bind("kind: vidur", "arrivals: static", "duration: 5"),
        "1 problem in a.yaml:\n  a.yaml:1: static arrivals never reach the end of the duration (5.0 s). "
            + "Maybe give num_requests only.");
    assertBadInput(
        () ->
            bind(
                "kind: vidur",
                "arrivals: {kind: trace, file: a.csv, start_time: noon}",
                "lengths: {kind: trace, file: l.csv, decode_scale_factor: 0}"),
        "2 problems in a.yaml:\n"
            + "  a.yaml:2: arrivals.start_time: start_time (noon) must be a time like 1970-01-04 12:00:00\n"
            + "  a.yaml:3: lengths.decode_scale_factor: decode_scale_factor (0.0) must be positive");
    assertBadInput(
        () ->
            bind(
                "kind: vidur",
                "arrivals: {kind: trace, file: a.csv, start_time: '2020-01-01 00:00:00'}"),
        "1 problem in a.yaml:\n  a.yaml:2: arrivals.start_time: start_time (2020-01-01 00:00:00) must be before "
            + "end_time (1970-01-04 15:00:00)");
  }
}
