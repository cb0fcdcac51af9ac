package io.plumbline.jobs.sweep;

import io.plumbline.jobs.sweep.SharedSweep.Predictors;
import io.plumbline.jobs.table.PackWriter;
import io.plumbline.jobs.table.RunIndex;
import io.plumbline.jobs.table.RunMarks;
import io.plumbline.trace.run.Origin;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Makes the runs of a task, on an executor, and writes them into packs. A task that is started
 * again makes only what the first did not publish. It is careful: it marks each run before it makes
 * it, so that a run which takes its process down is found. That one is left for a task of its own,
 * which makes it once more while its process makes no other run, and then gives it up.
 */
final class ChunkRunner {
  /** Marks of a run that has killed so many processes that it is not made any more. */
  static final int MARKS_OF_POISON = 2;

  /** After so long a pack is closed, whatever was planned: more than that is not lost. */
  private static final long PACK_NANOS = 120_000_000_000L;

  /**
   * Held to write by a run that is suspected, to read by all others: if its process dies, no other
   * run of it can have done that, and none is suspected because it was made at the same time.
   */
  private static final ReadWriteLock PROCESS = new ReentrantReadWriteLock(true);

  private static final double NANOS_PER_SECOND = 1e9;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /**
   * What a task has to say in the end.
   *
   * @param cpuSeconds of its runs, by kind
   * @param suspects points that it left out, because their process died when they were made
   */
  record Outcome(Map<PointCost.Kind, Double> cpuSeconds, TaskTimes times, List<SweepPoint> suspects)
      implements Serializable {}

  private final SharedSweep shared;
  private final LongConsumer done;
  private final Consumer<SweepRunner.Failure> broken;
  private final BooleanSupplier stopped;
  private final Map<PointCost.Kind, Double> cpuSeconds = new HashMap<>();
  private final List<SweepPoint> suspects = new ArrayList<>();
  private long simulatingNanos;
  private int runs;
  private PackWriter pack;
  private long packOpened;

  /**
   * Prepares a task.
   *
   * @param done told of each run that is done
   * @param broken told of each run that broke
   * @param stopped whether the task is not wanted any more
   */
  ChunkRunner(
      SharedSweep shared,
      LongConsumer done,
      Consumer<SweepRunner.Failure> broken,
      BooleanSupplier stopped) {
    this.shared = shared;
    this.done = done;
    this.broken = broken;
    this.stopped = stopped;
  }

  /**
   * Makes the runs.
   *
   * @param careful whether an earlier attempt at them may have taken its process down
   */
  Outcome run(Packing.Chunk chunk, boolean careful) {
    long start = System.nanoTime();
    long startCpu = THREADS.getCurrentThreadCpuTime();
    Predictors predictors = shared.pool().take();
    try {
      openPack();
      if (careful) {
        runCarefully(chunk.points(), predictors);
      } else {
        chunk.points().forEach(point -> runPoint(point, predictors));
      }
      pack.publish();
    } finally {
      pack.close();
      shared.pool().giveBack(predictors);
    }
    return new Outcome(
        cpuSeconds,
        new TaskTimes(
            runs,
            simulatingNanos / NANOS_PER_SECOND,
            (THREADS.getCurrentThreadCpuTime() - startCpu) / NANOS_PER_SECOND,
            (System.nanoTime() - start) / NANOS_PER_SECOND),
        suspects);
  }

  private void openPack() {
    pack = new PackWriter(shared.resultsDir(), shared.job());
    packOpened = System.nanoTime();
  }

  private void nextPack() {
    pack.publish();
    pack.close();
    openPack();
  }

  private void runPoint(SweepPoint point, Predictors predictors) {
    PROCESS.readLock().lock();
    try {
      runLocked(point, predictors);
    } finally {
      PROCESS.readLock().unlock();
    }
  }

  private void runLocked(SweepPoint point, Predictors predictors) {
    if (stopped.getAsBoolean()) {
      throw new IllegalStateException("the task was stopped");
    }
    if (System.nanoTime() - packOpened > PACK_NANOS) {
      nextPack();
    }
    long start = THREADS.getCurrentThreadCpuTime();
    PointRun run = PointRun.of(point, shared, predictors);
    simulatingNanos += THREADS.getCurrentThreadCpuTime() - start;
    keep(point, run);
    runs++;
    cpuSeconds.merge(
        PointCost.Kind.of(point),
        (THREADS.getCurrentThreadCpuTime() - start) / NANOS_PER_SECOND,
        Double::sum);
    done.accept(1);
  }

  private void keep(SweepPoint point, PointRun run) {
    keep(point, run, 1 + shared.failures().getOrDefault(point.runId(), 0));
  }

  private void keep(SweepPoint point, PointRun run, int attempts) {
    if (run.trace() != null) {
      pack.add(run.manifest(), run.trace(), point.tags());
    } else {
      int requests = shared.workloads().get(point.workloadId()).size();
      pack.addFailed(run.manifest(), requests, point.tags(), run.message(), attempts);
      broken.accept(new SweepRunner.Failure(point.runId(), point.axesJson(), run.message()));
    }
    Long folder = shared.folderMillis().get(point.runId());
    if (folder != null) {
      pack.takeOver(Origin.SIMULATED.name().toLowerCase(Locale.ROOT), point.runId(), folder);
    }
  }

  private void runCarefully(List<SweepPoint> points, Predictors predictors) {
    RunIndex index = RunIndex.of(shared.resultsDir());
    RunMarks marks = new RunMarks(shared.resultsDir());
    Map<String, Integer> counts = marks.counts();
    boolean alone = points.size() == 1;
    for (SweepPoint point : points) {
      RunIndex.Known known = index.find(point.runId());
      int count = counts.getOrDefault(point.runId(), 0);
      if (known != null && shared.job().equals(known.job())) {
        sayPublished(point, known);
      } else if (count > 0 && !alone) {
        suspects.add(point);
      } else if (count < MARKS_OF_POISON) {
        runMarked(point, marks, count, predictors);
      } else {
        giveUp(point, count);
        nextPack();
        marks.clear(point.runId(), count);
      }
    }
  }

  private void sayPublished(SweepPoint point, RunIndex.Known known) {
    done.accept(1);
    if (known.failures() > 0) {
      broken.accept(
          new SweepRunner.Failure(
              point.runId(), point.axesJson(), "why is in its row, column message"));
    }
  }

  private void runMarked(SweepPoint point, RunMarks marks, int count, Predictors predictors) {
    Lock lock = count == 0 ? PROCESS.readLock() : PROCESS.writeLock();
    lock.lock();
    try {
      marks.set(point.runId(), count + 1);
      try {
        runPoint(point, predictors);
      } finally {
        // Whatever is thrown, the process lives.
        marks.clear(point.runId(), count + 1);
      }
    } finally {
      lock.unlock();
    }
  }

  private void giveUp(SweepPoint point, int count) {
    keep(
        point,
        PointRun.broken(
            point,
            shared,
            Instant.now(),
            "its process died while it was made, %d times and more. Maybe it takes more memory than an executor has."
                .formatted(count)),
        SweepRunner.ATTEMPTS);
    done.accept(1);
  }
}
