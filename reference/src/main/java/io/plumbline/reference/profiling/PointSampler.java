package io.plumbline.reference.profiling;

import io.plumbline.reference.replay.EngineFacts;
import io.plumbline.reference.replay.RunCounts;
import io.plumbline.reference.replay.Stopwatch;
import io.plumbline.reference.serving.Batch;
import io.plumbline.reference.serving.ServingPlan;
import io.plumbline.reference.serving.ServingRun;
import io.plumbline.trace.run.IterationTiming;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Times one size of batch until its median is sure enough. Timings are never thrown away, only the
 * first ones of a size, which find caches and allocator cold, are not taken.
 */
public final class PointSampler {
  private static final int COLD_FORWARDS = 3;
  private static final int MIN_TIMINGS = 9;
  private static final int MAX_TIMINGS = 60;
  private static final long ENOUGH_NANOS = 1_000_000_000L;
  private static final double SURE = 0.01;

  /** Of about 35 iterations each: the host's time falls to a third over the first 500. */
  private static final int WARM_UP_SERVINGS = 15;

  private static final int COLD_DECODES = 3;
  private static final int DECODES = 30;

  /** Iterations in which all requests of a host's batch come in, one budget of tokens each. */
  static final int FILLING_ITERATIONS = 4;

  /** Output of its requests, so that the first one has enough decodes left when the last is in. */
  static final int HOST_OUTPUT_TOKENS = COLD_DECODES + DECODES;

  /** Long enough that more makes no difference, here and on other virtual machines. */
  static final int PAUSE_MS = 100;

  private static final int PAUSES = 9;

  private final OperatorTimer timer;
  private final ServingPlan plan;
  private final int tensorParallel;
  private final LongSupplier clock;
  private final Runnable pause;

  /**
   * @param plan of the timer's cache
   * @param clock ns from any moment on
   * @param pause lets {@link #PAUSE_MS} pass
   */
  PointSampler(
      OperatorTimer timer,
      ServingPlan plan,
      int tensorParallel,
      LongSupplier clock,
      Runnable pause) {
    this.pause = pause;
    this.timer = timer;
    this.plan = plan;
    this.tensorParallel = tensorParallel;
    this.clock = clock;
  }

  /** A sampler by the clock of this machine. */
  public PointSampler(OperatorTimer timer, ServingPlan plan, int tensorParallel) {
    this(timer, plan, tensorParallel, System::nanoTime, PointSampler::sleep);
  }

  private static void sleep() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while profiling", e);
    }
  }

  /** Times whole forwards of one request in a loop, and each the first after a pause. */
  PausePoint samplePause(BatchShape shape) {
    long start = clock.getAsLong();
    timer.prepare(Batch.ofEqual(plan, shape.requests(), shape.tokens(), shape.contextTokens()));
    List<Long> loop = new ArrayList<>();
    for (int i = 0; i < COLD_FORWARDS + PAUSES; i++) {
      long nanos = forwardNanos();
      if (i >= COLD_FORWARDS) {
        loop.add(nanos);
      }
    }
    List<Long> paused = new ArrayList<>();
    for (int i = 0; i < PAUSES; i++) {
      pause.run();
      paused.add(forwardNanos());
    }
    return new PausePoint(
        tensorParallel, shape.totalTokens(), (clock.getAsLong() - start) / 1_000_000, loop, paused);
  }

  private long forwardNanos() {
    long start = clock.getAsLong();
    timer.forward();
    return clock.getAsLong() - start;
  }

  MeasuredPoint sample(BatchShape shape) {
    long start = clock.getAsLong();
    timer.prepare(Batch.ofEqual(plan, shape.requests(), shape.tokens(), shape.contextTokens()));
    for (int i = 0; i < COLD_FORWARDS; i++) {
      timer.operatorNanos();
    }
    List<OperatorNanos> timings = new ArrayList<>();
    List<Double> sums = new ArrayList<>();
    long began = clock.getAsLong();
    while (timings.size() < MIN_TIMINGS
        || (timings.size() < MAX_TIMINGS
            && clock.getAsLong() - began < ENOUGH_NANOS
            && TimeStats.relativeErrorOfMedian(array(sums)) > SURE)) {
      OperatorNanos times = timer.operatorNanos();
      timings.add(times);
      sums.add(sum(times));
    }
    Map<String, List<Long>> nanos = new LinkedHashMap<>();
    for (ProfiledOperator operator : ProfiledOperator.values()) {
      nanos.put(operator.profileName(), timings.stream().map(times -> times.of(operator)).toList());
    }
    return new MeasuredPoint(tensorParallel, shape, (clock.getAsLong() - start) / 1_000_000, nanos);
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static double sum(OperatorNanos times) {
    double sum = 0;
    for (ProfiledOperator operator : ProfiledOperator.values()) {
      sum += times.of(operator);
    }
    return sum;
  }

  /** Serves until the JVM has compiled what the host does, as a warmed-up run has. */
  void warmUpHost(int batchSize, int promptTokens) {
    for (int i = 0; i < WARM_UP_SERVINGS; i++) {
      sampleHost(batchSize, promptTokens);
    }
  }

  /** Serves so many requests at once, as a run does, and takes the iterations that decode all. */
  HostPoint sampleHost(int batchSize, int promptTokens) {
    long start = clock.getAsLong();
    List<Request> requests = new ArrayList<>();
    for (int id = 0; id < batchSize; id++) {
      requests.add(new Request(id, 0, promptTokens, HOST_OUTPUT_TOKENS));
    }
    ServingPlan served =
        new ServingPlan(
            plan.model(),
            new Workload(requests),
            plan.scheduler(),
            plan.blocks(),
            plan.blockTokens(),
            plan.watermark());
    List<IterationTiming> all =
        new ServingRun(served, timer, new EngineFacts("", null, Map.of()), 0)
            .run(Stopwatch.start(), new RunCounts())
            .iterations();
    List<Long> schedule = new ArrayList<>();
    List<Long> prepare = new ArrayList<>();
    List<Long> forward = new ArrayList<>();
    List<Long> sample = new ArrayList<>();
    List<Long> between = new ArrayList<>();
    int decodes = 0;
    for (int i = 0; i < all.size() - 1; i++) {
      IterationTiming it = all.get(i);
      if (it.decodeTokens() == batchSize && decodes++ >= COLD_DECODES) {
        schedule.add(it.scheduleNanos());
        prepare.add(it.prepareNanos());
        forward.add(it.forwardNanos());
        sample.add(it.sampleNanos());
        between.add(all.get(i + 1).startNanos() - it.startNanos() - it.durationNanos());
      }
    }
    return new HostPoint(
        tensorParallel,
        batchSize,
        (clock.getAsLong() - start) / 1_000_000,
        schedule,
        prepare,
        forward,
        sample,
        between);
  }
}
