package io.plumbline.jobs.score;

import io.plumbline.files.conf.ConfNode;
import java.util.List;
import java.util.Map;

/**
 * A file of measured runs and of what should predict them.
 *
 * @param name of the whole
 * @param runs compared request by request, in the order in which they are shown
 * @param grids compared by percentiles, point by point
 */
record ScoreFile(String name, List<Entry> runs, List<Grid> grids) {

  /** Runs, grids or both. */
  public static Map<String, Object> defaultValues() {
    return Map.of("runs", List.of(), "grids", List.of());
  }

  /**
   * One measured run.
   *
   * @param name how it is called in tables and cards
   * @param simulate the point of a sweep that predicts it; its workload is of kind {@code
   *     vllm_requests}
   */
  record Entry(String name, ConfNode simulate) {}

  /**
   * Many measured points.
   *
   * @param name how it is called in tables and cards
   * @param measured where they are
   * @param seeds of the arrivals of points whose requests are not known: the prediction is the
   *     median over them
   * @param simulate what is the same for all points; the source states model, parallelism and load
   * @param devices what differs by device
   */
  record Grid(
      String name,
      GridSource measured,
      List<Long> seeds,
      ConfNode simulate,
      List<GridDevice> devices) {
    public Grid {
      if (seeds.isEmpty()) {
        throw new IllegalArgumentException("seeds ([]) must not be empty. Maybe seeds: [1, 2, 3]");
      }
    }

    /** Three draws of the arrivals. */
    public static Map<String, Object> defaultValues() {
      return Map.of("seeds", List.of(1L, 2L, 3L));
    }
  }

  /**
   * One device of a grid.
   *
   * @param called part of its name in the source, e.g. {@code h100} of {@code h100_p5}
   * @param simulate its cards, and whatever else differs from the grid's own
   */
  record GridDevice(String called, ConfNode simulate) {}
}
