package io.plumbline.reference.profiling;

import io.plumbline.files.Progress;
import io.plumbline.reference.profiling.RefinedGrid.Point;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Measures the shards of a model over the sizes of batches. The coarse grids are measured whatever
 * the budget; what is left of it makes them finer where that pays.
 */
public final class OperatorProfiler {
  /**
   * How often each point is timed, others in between, because slow and fast phases of a machine
   * outlast a visit. The timings of all visits count.
   */
  private static final int VISITS = 2;

  private static final int PREFILL_RATIO = 4;

  /** Finer, as the host's times are taken at these numbers of requests, too. */
  private static final int DECODE_RATIO = 2;

  private final ProfileSizes sizes;
  private final double tolerance;
  private final long budgetMs;
  private final PointLog log;

  /**
   * @param logFile where points are kept while the profile is measured
   * @param question what is measured; points of another one are not used
   * @param budgetMinutes of all calls together
   * @param tolerance relative miss of straight lines between points that is good enough
   */
  public OperatorProfiler(
      Path logFile, String question, ProfileSizes sizes, double budgetMinutes, double tolerance) {
    this.sizes = sizes;
    this.tolerance = tolerance;
    this.budgetMs = Math.round(budgetMinutes * TimeUnit.MINUTES.toMillis(1));
    this.log = PointLog.open(logFile, question);
  }

  /** Removes what was measured before. */
  public static void forget(Path logFile) {
    PointLog.remove(logFile);
  }

  /** How many sizes are measured by now. */
  public int pointCount() {
    return log.points().size();
  }

  List<MeasuredPoint> points() {
    return log.points();
  }

  List<HostPoint> hosts() {
    return log.hosts();
  }

  List<PausePoint> pauses() {
    return log.pauses();
  }

  /**
   * Measures one shard.
   *
   * @param shard says what it measures
   * @param budgetShare share of the budget that is spent at its end, shards before it included
   */
  public void measure(PointSampler sampler, ModelShard shard, double budgetShare) {
    RefinedGrid decode = decodeGrid();
    RefinedGrid prefill = prefillGrid();
    List<Integer> batchSizes = List.copyOf(decode.rows());
    AtomicInteger done = new AtomicInteger();
    AtomicInteger planned = new AtomicInteger(visits(decode, prefill, batchSizes));
    try (Progress progress =
        new Progress(
            "timings of a size",
            planned::get,
            done::get,
            () -> "%d of %d s used".formatted(log.spentMs() / 1000, budgetMs / 1000))) {
      Runnable onVisit = done::incrementAndGet;
      measureAll(decode, sampler, shard, onVisit);
      measureHosts(batchSizes, sampler, shard, onVisit);
      measureAll(prefill, sampler, shard, onVisit);
      measurePauses(prefill.rows(), sampler, shard);
      while (log.spentMs() < budgetMs * budgetShare && (decode.refine() | prefill.refine())) {
        planned.set(visits(decode, prefill, batchSizes));
        measureAll(decode, sampler, shard, onVisit);
        measureAll(prefill, sampler, shard, onVisit);
      }
    }
  }

  private static int visits(RefinedGrid decode, RefinedGrid prefill, List<Integer> batchSizes) {
    return VISITS * (decode.points().size() + prefill.points().size() + batchSizes.size());
  }

  /** Measures what a grid misses; a row or column that was begun is finished, or is of no use. */
  private void measureAll(
      RefinedGrid grid, PointSampler sampler, ModelShard shard, Runnable onVisit) {
    for (int visit = 1; visit <= VISITS; visit++) {
      for (Point point : grid.missing()) {
        BatchShape shape = grid.shape(point);
        if (log.visits(shard.tensorParallel(), shape) < visit) {
          log.add(sampler.sample(shape));
        }
        onVisit.run();
      }
    }
    for (Point point : grid.missing()) {
      MeasuredPoint measured = log.find(shard.tensorParallel(), grid.shape(point));
      grid.measured(point, measured.forwardNanos(shard.model().layers()));
    }
  }

  private void measureHosts(
      List<Integer> batchSizes, PointSampler sampler, ModelShard shard, Runnable onVisit) {
    int first = batchSizes.get(0);
    if (log.hostVisits(shard.tensorParallel(), first) < VISITS) {
      sampler.warmUpHost(first, promptTokens(first));
    }
    for (int visit = 1; visit <= VISITS; visit++) {
      for (int batchSize : batchSizes) {
        if (log.hostVisits(shard.tensorParallel(), batchSize) < visit) {
          log.add(sampler.sampleHost(batchSize, promptTokens(batchSize)));
        }
        onVisit.run();
      }
    }
  }

  /** A decode and whole prompts; what a pause costs hardly depends on the size. */
  private void measurePauses(Iterable<Integer> chunks, PointSampler sampler, ModelShard shard) {
    List<BatchShape> shapes = new ArrayList<>();
    shapes.add(BatchShape.decode(1, ProfileSizes.SHORTEST_TOKENS));
    chunks.forEach(chunk -> shapes.add(BatchShape.prefill(chunk, 0)));
    for (BatchShape shape : shapes) {
      if (!log.hasPause(shard.tensorParallel(), shape.totalTokens())) {
        log.add(sampler.samplePause(shape));
      }
    }
  }

  /** Requests by context, the token at hand included. */
  private RefinedGrid decodeGrid() {
    return new RefinedGrid(
        RefinedGrid.geometric(1, sizes.maxBatchSize(), DECODE_RATIO),
        RefinedGrid.geometric(
            ProfileSizes.SHORTEST_TOKENS, sizes.maxRequestTokens(), 2 * DECODE_RATIO),
        BatchShape::decode,
        (requests, kvTokens) -> true,
        tolerance);
  }

  /** Tokens of a chunk by context before it. */
  private RefinedGrid prefillGrid() {
    int longest = Math.min(sizes.maxBatchTokens(), sizes.maxRequestTokens());
    List<Integer> contexts =
        RefinedGrid.geometric(
            0, sizes.maxRequestTokens() - ProfileSizes.SHORTEST_TOKENS, PREFILL_RATIO);
    return new RefinedGrid(
        RefinedGrid.geometric(ProfileSizes.SHORTEST_TOKENS, longest, PREFILL_RATIO),
        contexts,
        BatchShape::prefill,
        (chunk, context) -> chunk + context <= sizes.maxRequestTokens(),
        tolerance);
  }

  /** Short enough that all requests are in before the first one ends. */
  private int promptTokens(int batchSize) {
    int inFewIterations = PointSampler.FILLING_ITERATIONS * sizes.maxBatchTokens() / batchSize;
    int longest = sizes.maxRequestTokens() - PointSampler.HOST_OUTPUT_TOKENS;
    return Math.max(1, Math.min(longest / 2, inFewIterations));
  }
}
