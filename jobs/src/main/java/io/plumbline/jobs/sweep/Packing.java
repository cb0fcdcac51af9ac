package io.plumbline.jobs.sweep;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Packs points into tasks of like cost, the longest points first. A long point gets a task of its
 * own and thousands of short ones share one, whatever axis they differ in. The last tasks are
 * smaller, so that no core waits long for another's last.
 */
final class Packing {
  /** Tasks for each core, if these are not too long. */
  private static final int TASKS_PER_CORE = 8;

  /** Most seconds of a task: as much is lost with an executor. */
  private static final double MAX_TASK_SECONDS = 60;

  /** Fewest seconds of a task that has more than one point: starting it takes a tenth of them. */
  private static final double MIN_TASK_SECONDS = 0.1;

  /** Most points of a task: it travels in one message. */
  private static final int MAX_TASK_POINTS = 10_000;

  /** From this share of the work on, tasks are smaller. */
  private static final double TAIL_FROM = 0.85;

  private static final double TAIL_SIZE = 0.25;

  /**
   * The points of one task, in the order of their run ids, so that one run's rows are found fast.
   *
   * @param seconds what they are expected to take
   * @param careful whether one of them may have killed an executor before
   */
  record Chunk(ArrayList<SweepPoint> points, double seconds, boolean careful)
      implements Serializable {

    /** The same, with each run marked before it is made. */
    Chunk withCare() {
      return new Chunk(points, seconds, true);
    }
  }

  private Packing() {}

  /** Packs points for a number of cores. */
  static List<Chunk> pack(List<SweepPoint> points, ToDoubleFunction<SweepPoint> cost, int cores) {
    List<Costed> costed = new ArrayList<>(points.size());
    double total = 0;
    for (SweepPoint point : points) {
      double seconds = cost.applyAsDouble(point);
      costed.add(new Costed(point, seconds));
      total += seconds;
    }
    costed.sort(
        Comparator.comparingDouble(Costed::seconds)
            .reversed()
            .thenComparing(one -> one.point().runId()));
    double size =
        Math.max(MIN_TASK_SECONDS, Math.min(MAX_TASK_SECONDS, total / (TASKS_PER_CORE * cores)));
    List<Chunk> chunks = new ArrayList<>();
    ArrayList<SweepPoint> open = new ArrayList<>();
    double openSeconds = 0;
    double packed = 0;
    for (Costed one : costed) {
      double limit =
          packed < TAIL_FROM * total ? size : Math.max(MIN_TASK_SECONDS, TAIL_SIZE * size);
      boolean full = openSeconds + one.seconds() > limit || open.size() == MAX_TASK_POINTS;
      if (full && !open.isEmpty()) {
        chunks.add(chunk(open, openSeconds));
        packed += openSeconds;
        open = new ArrayList<>();
        openSeconds = 0;
      }
      open.add(one.point());
      openSeconds += one.seconds();
    }
    if (!open.isEmpty()) {
      chunks.add(chunk(open, openSeconds));
    }
    return chunks;
  }

  /** One task for each point, all careful. */
  static List<Chunk> alone(List<SweepPoint> points, ToDoubleFunction<SweepPoint> cost) {
    return points.stream()
        .map(point -> new Chunk(new ArrayList<>(List.of(point)), cost.applyAsDouble(point), true))
        .toList();
  }

  private record Costed(SweepPoint point, double seconds) {}

  private static Chunk chunk(ArrayList<SweepPoint> points, double seconds) {
    points.sort(Comparator.comparing(SweepPoint::runId));
    return new Chunk(points, seconds, false);
  }
}
