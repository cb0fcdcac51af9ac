package io.plumbline.files.workload;

import static io.plumbline.files.Fixtures.assertBadInput;
import static io.plumbline.files.Fixtures.file;
import static io.plumbline.files.Fixtures.shared;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.TokenLengths.Pair;
import io.plumbline.trace.workload.Workload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class TraceFilesTest {
  private static final String HEADER = "arrived_at,num_prefill_tokens,num_decode_tokens";

  @TempDir Path folder;

  static LongStream seeds() {
    return LongStream.range(0, 20);
  }

  static Workload random(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Request> requests = new ArrayList<>();
    long nanos = 0;
    for (int i = 0; i < 50; i++) {
      nanos += random.nextInt(3) == 0 ? 0 : random.nextLong(10_000_000_000L);
      requests.add(new Request(i, nanos, 1 + random.nextInt(5000), 1 + random.nextInt(500)));
    }
    return new Workload(requests);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyFormIsReadBackExactly(long seed) {
    Workload workload = random(seed);
    Path requests = folder.resolve("requests.csv");
    TraceFiles.writeRequests(requests, workload);
    assertThat(TraceFiles.readRequests(requests)).isEqualTo(workload);

    Path run = folder.resolve("folder");
    TraceFiles.writeFolder(run, workload);
    assertThat(TraceFiles.readFolder(run)).isEqualTo(workload);

    List<Pair> pairs =
        workload.requests().stream()
            .map(request -> new Pair(request.promptTokens(), request.outputTokens()))
            .toList();
    Path lengths = folder.resolve("lengths.csv");
    TraceFiles.writeLengths(lengths, pairs);
    assertThat(TraceFiles.readLengths(lengths, TraceLimits.NONE)).isEqualTo(pairs);

    long[] arrivals = workload.requests().stream().mapToLong(Request::arrivalNanos).toArray();
    Path times = folder.resolve("arrivals.csv");
    TraceFiles.writeArrivals(times, arrivals);
    assertThat(TraceFiles.readArrivals(times)).isEqualTo(arrivals);
  }

  @Test
  void extraColumnsAndIntegralFloatsAreRead() {
    Path csv =
        file(
            folder,
            "a.csv",
            "x,num_decode_tokens,arrived_at,num_prefill_tokens",
            "?,44.0,0.0,374.0",
            "?,0,0.052,3");
    assertThat(TraceFiles.readRequests(csv).requests())
        .containsExactly(new Request(0, 0, 374, 44), new Request(1, 52_000_000, 3, 1));
  }

  @Test
  void limitsTakeScaleAndCut() {
    Path csv = file(folder, "a.csv", HEADER, "0.5,100,10", "1.5,3,1", "2,1,1");
    // 100 * 0.5 = 50 prompt, 10 * 2.5 = 25 output: 75 tokens, 15 above 60, so 35 prompt tokens.
    // 3 * 0.5 is truncated to 1; 1 * 2.5 to 2.
    TraceLimits limits = new TraceLimits(2, 60, 0.1, 0.5, 2.5);
    assertThat(TraceFiles.readRequests(csv, limits).requests())
        .containsExactly(new Request(0, 50_000_000, 35, 25), new Request(1, 150_000_000, 1, 2));
  }

  @Test
  void limitsThatATraceCannotMeetAreNamed() {
    Path csv = file(folder, "a.csv", HEADER, "0,5,5", "1,5,60");
    assertBadInput(
        () -> TraceFiles.readRequests(csv, new TraceLimits(null, 60, 1, 1, 1)),
        csv
            + ":3: 60 output tokens leave no room for a prompt within max_tokens (60). Maybe raise max_tokens or scale outputs down.");
    assertBadInput(
        () -> TraceFiles.readRequests(csv, new TraceLimits(3, null, 1, 1, 1)),
        csv + ": 2 rows, but 3 requests are asked for. Maybe lower requests.");
    assertThatThrownBy(() -> new TraceLimits(0, null, 1, 1, 1))
        .hasMessage("requests (0) must be positive");
    assertThatThrownBy(() -> new TraceLimits(null, 1, 1, 1, 1))
        .hasMessage("maxTokens (1) must be at least 2, a prompt and an output token");
    assertThatThrownBy(() -> new TraceLimits(null, null, Double.NaN, 1, 1))
        .hasMessage("timeScale (NaN) must be positive");
  }

  @Test
  void wrongRowsAreNamed() {
    Path unsorted = file(folder, "a.csv", HEADER, "2.0,1,1", "1.0,1,1");
    assertBadInput(
        () -> TraceFiles.readRequests(unsorted),
        unsorted
            + ":3: arrived_at (1.0) is before the row above. Maybe sort the file by arrived_at.");
    Path nan = file(folder, "b.csv", HEADER, "nan,1,1");
    assertBadInput(
        () -> TraceFiles.readRequests(nan),
        nan + ":2: arrived_at (nan) must be a number of seconds");
    Path negative = file(folder, "c.csv", HEADER, "0,1,-1");
    assertBadInput(
        () -> TraceFiles.readRequests(negative),
        negative + ":2: num_decode_tokens (-1) must not be negative");
    Path none = file(folder, "d.csv", HEADER);
    assertBadInput(() -> TraceFiles.readRequests(none), none + ": no rows below the header");
  }

  @Test
  void timestampsCountFromTheFirst() {
    Path csv =
        file(
            folder,
            "a.csv",
            "arrival_time",
            "1970-01-04 12:00:00",
            "1970-01-04 12:00:00.25",
            "1970-01-05 12:00:00");
    assertThat(TraceFiles.readArrivals(csv)).containsExactly(0, 250_000_000, 86_400_000_000_000L);
  }

  @Test
  void wrongArrivalsAreNamed() {
    Path late = file(folder, "a.csv", "arrival_time", "1970-01-04 12:00:00", "1970-01-04 11:00:00");
    assertBadInput(
        () -> TraceFiles.readArrivals(late),
        late
            + ":3: arrival_time (1970-01-04 11:00:00) is before the row above. Maybe sort the file by arrival_time.");
    Path noon = file(folder, "b.csv", "arrival_time", "noon");
    assertBadInput(
        () -> TraceFiles.readArrivals(noon),
        noon + ":2: arrival_time (noon) must be a time like 1970-01-04 12:00:00");
    Path other = file(folder, "c.csv", "x", "1");
    assertBadInput(
        () -> TraceFiles.readArrivals(other),
        other + ":1: missing column arrived_at or arrival_time. The header has: x");
  }

  @Test
  void vidursTracesAreRead() {
    Path traces = shared("extern/vidur/data/processed_traces");
    Workload code = TraceFiles.readRequests(traces.resolve("splitwise_code.csv"));
    assertThat(code.size()).isEqualTo(8819);
    assertThat(code.request(1)).isEqualTo(new Request(1, 52_000_000, 3180, 8));
    assertThat(TraceFiles.readRequests(traces.resolve("splitwise_conv.csv")).size())
        .isEqualTo(19366);
    Path arxiv = traces.resolve("arxiv_summarization_stats_llama2_tokenizer_filtered_v2.csv");
    assertThat(TraceFiles.readLengths(arxiv, TraceLimits.NONE))
        .hasSizeGreaterThan(28_000)
        .startsWith(new Pair(3772, 54), new Pair(2015, 156));
  }
}
