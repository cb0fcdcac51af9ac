package io.plumbline.reference.profiling;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.reference.serving.KvCacheSpec;
import io.plumbline.reference.serving.SarathiSpec;
import io.plumbline.reference.serving.ServingPlan;
import io.plumbline.trace.model.ModelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorProfilerTest {
  private static final ModelSpec MODEL =
      new ModelSpec(
          "test/tiny", 2, 4, 2, 8, 32, 48, 64, 512, true, true, true, false, false, 10_000, 1e-5);
  private static final ProfileSizes SIZES = new ProfileSizes(64, 32, 4);

  /** Sizes of the coarse grids: (1, 2, 4) x (8, 32, 64), and (8, 32) x (0, 32, 56) up to 64. */
  private static final int COARSE_POINTS = 3 * 3 + 5;

  @TempDir Path folder;
  private Path log;
  private FakeTimer timer;

  @BeforeEach
  void start() {
    log = folder.resolve("points.jsonl");
    timer = new FakeTimer();
  }

  private OperatorProfiler profiler(String question, double tolerance, double minutes) {
    return new OperatorProfiler(log, question, SIZES, minutes, tolerance);
  }

  /** The clock goes on by 1 ms with every look at it. */
  private void measure(OperatorProfiler profiler) {
    ServingPlan plan = SIZES.plan(MODEL, new SarathiSpec(32, 4), KvCacheSpec.defaults());
    AtomicLong now = new AtomicLong();
    timer.onColdForward = () -> now.addAndGet(4_000_000);
    PointSampler sampler =
        new PointSampler(
            timer, plan, 1, () -> now.addAndGet(1_000_000), () -> timer.coldForward = true);
    profiler.measure(sampler, ModelShard.of(MODEL, 1), 1);
  }

  @Test
  void theCoarseGridsAreMeasuredWhateverTheBudget() {
    OperatorProfiler profiler = profiler("q", 1e-9, 1e-9);
    measure(profiler);
    assertThat(profiler.pointCount()).isEqualTo(COARSE_POINTS);
    assertThat(profiler.hosts()).extracting(HostPoint::batchSize).containsExactly(1, 2, 4);
  }

  @Test
  void moreBudgetMakesFinerGrids_andWhatIsStraightNeedsNone() {
    OperatorProfiler finer = profiler("q", 1e-9, 60);
    measure(finer);
    // The fake's times are straight lines, but for attention of a batch, whose tokens and contexts
    // multiply; along each axis they are straight too.
    assertThat(finer.pointCount()).isEqualTo(COARSE_POINTS);
  }

  @Test
  void everyPointIsVisitedTwice_andBothVisitsCount() {
    // The first visit of every decode is five times as slow: 9 sizes, 3 + 9 forwards each.
    AtomicLong visits = new AtomicLong();
    timer = new FakeTimer(forward -> visits.incrementAndGet() <= 9 * 12 ? 5 : 1);
    OperatorProfiler profiler = profiler("q", 1, 60);
    measure(profiler);
    MeasuredPoint decode =
        profiler.points().stream()
            .filter(point -> point.shape().equals(BatchShape.decode(2, 32)))
            .findFirst()
            .orElseThrow();
    long fast = FakeTimer.nanos(ProfiledOperator.ADD, 2, 64);
    assertThat(decode.of(ProfiledOperator.ADD)).hasSize(2 * 9).containsOnly(fast, 5 * fast);
    assertThat(TimeStats.ofNanos(decode.of(ProfiledOperator.ADD)).median())
        .isEqualTo(3 * fast / 1e6);
  }

  @Test
  void anInterruptedProfileGoesOnWhereItStopped() throws IOException {
    measure(profiler("q", 1, 60));
    List<String> lines = Files.readAllLines(log);
    int forwards = timer.forwards.size();

    // Killed in the middle of a line, half of the points there.
    int kept = lines.size() / 2;
    Files.writeString(
        log, String.join("\n", lines.subList(0, kept)) + "\n" + lines.get(kept).substring(0, 40));
    timer.forwards.clear();
    OperatorProfiler resumed = profiler("q", 1, 60);
    measure(resumed);

    assertThat(resumed.pointCount()).isEqualTo(COARSE_POINTS);
    assertThat(timer.forwards).isNotEmpty().hasSizeLessThan(forwards * 3 / 4);
    assertThat(Files.readAllLines(log)).hasSameSizeAs(lines).startsWith(lines.get(0));

    // What is whole is not measured again.
    timer.forwards.clear();
    measure(profiler("q", 1, 60));
    assertThat(timer.forwards).isEmpty();
  }

  @Test
  void theHostServesBeforeItIsTimed_andNotAgainWhenAllIsThere() {
    measure(profiler("q", 1, 60));
    // Three sizes of batch, twice each, are some 35 iterations each; before them there are 500.
    assertThat(timer.served).isBetween(6 * 33 + 490, 6 * 40 + 600);
    timer.served = 0;
    measure(profiler("q", 1, 60));
    assertThat(timer.served).isZero();
  }

  @Test
  void anotherQuestionStartsAnew() throws IOException {
    measure(profiler("q", 1, 60));
    timer.forwards.clear();
    measure(profiler("other", 1, 60));
    assertThat(timer.forwards).hasSizeGreaterThan(2 * 9 * COARSE_POINTS);
    assertThat(Files.readAllLines(log).get(0)).contains("\"other\"");
  }

  @Test
  void theFilesAreVidursAndHaveWhatWasMeasured() throws IOException {
    OperatorProfiler profiler = profiler("q", 1, 60);
    measure(profiler);
    new VidurLayout(folder, "box", "rack", MODEL, 16).write(profiler);

    Table mlp = Table.read(folder.resolve("compute/box/test/tiny/mlp.csv"));
    // Decodes of 1, 2, 4 and chunks of 8, 32, the largest first.
    assertThat(mlp.column("num_tokens")).containsExactly("32", "8", "4", "2", "1");
    assertThat(mlp.column("time_stats.mlp_act.median").get(1))
        .isEqualTo("%.6f".formatted(FakeTimer.nanos(ProfiledOperator.MLP_ACT, 8, 0) / 1e6));
    assertThat(mlp.column("use_gated_mlp")).containsOnly("True");
    assertThat(mlp.header())
        .contains("time_stats.emb.std", "n_head", "n_kv_head", "n_embd", "n_expanded_embd")
        .endsWith("num_tokens", "num_tensor_parallel_workers");

    Table attention = Table.read(folder.resolve("compute/box/test/tiny/attention.csv"));
    int decode = attention.row("batch_size", "4", "kv_cache_size", "64");
    assertThat(attention.column("time_stats.attn_decode.median").get(decode)).isEqualTo("0.256000");
    assertThat(attention.column("time_stats.attn_prefill.median").get(decode)).isEmpty();
    assertThat(attention.column("prefill_chunk_size").get(decode)).isEqualTo("0");
    int prefill = attention.row("prefill_chunk_size", "8", "kv_cache_size", "56");
    assertThat(attention.column("time_stats.attn_prefill.median").get(prefill))
        .isEqualTo("0.064000");
    assertThat(attention.column("is_prefill").get(prefill)).isEqualTo("True");

    Table host = Table.read(folder.resolve("cpu_overhead/rack/test/tiny/cpu_overheads.csv"));
    assertThat(host.column("batch_size")).containsExactly("1", "2", "4");
    // Sampling of nothing, and what a forward does outside its blocks: 1 + 13 + 14 us per token.
    assertThat(Double.parseDouble(host.column("sampler_e2e_median").get(2))).isGreaterThan(0.112);
    assertThat(host.column("ray_comm_time_mean")).containsOnly("0.000000");

    Table pause = Table.read(folder.resolve("cpu_overhead/rack/test/tiny/after_pause.csv"));
    assertThat(pause.column("num_tokens")).containsExactly("1", "8", "32");
    assertThat(pause.column("pause_ms")).containsOnly("100");
    // The clock goes on by 1 ms with every look at it, and by 4 more for a forward after a pause.
    assertThat(pause.column("in_a_loop_median")).containsOnly("1.000000");
    assertThat(pause.column("after_pause_median")).containsOnly("5.000000");
  }

  /** A CSV file by column. */
  private record Table(List<String> header, List<List<String>> rows) {
    static Table read(Path file) throws IOException {
      List<List<String>> lines =
          Files.readAllLines(file).stream()
              .map(line -> List.of(Arrays.copyOf(line.split(",", -1), line.split(",", -1).length)))
              .toList();
      return new Table(lines.get(0), lines.subList(1, lines.size()));
    }

    List<String> column(String name) {
      int at = header.indexOf(name);
      assertThat(at).as(name).isNotNegative();
      return rows.stream().map(row -> row.get(at)).toList();
    }

    int row(String first, String firstValue, String second, String secondValue) {
      for (int i = 0; i < rows.size(); i++) {
        if (column(first).get(i).equals(firstValue) && column(second).get(i).equals(secondValue)) {
          return i;
        }
      }
      throw new AssertionError("no row with %s = %s".formatted(first, firstValue));
    }
  }
}
