package io.plumbline.jobs.score;

import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.Problems;
import io.plumbline.files.conf.RecordBinder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A file of measured runs and of what should predict them.
 *
 * @param name of the whole
 * @param runs compared request by request, in the order in which they are shown
 * @param grids compared by percentiles, point by point
 * @param steps compared iteration by iteration
 * @param silicon points of a closed loop, compared by TTFT and TPOT
 */
record ScoreFile(
    String name, List<Entry> runs, List<Grid> grids, List<Steps> steps, List<Silicon> silicon) {

  /** Any of them. */
  public static Map<String, Object> defaultValues() {
    return Map.of("runs", List.of(), "grids", List.of(), "steps", List.of(), "silicon", List.of());
  }

  /**
   * Reads a file.
   *
   * @param predictor what predicts all of it instead, as a file states it; null for the file's own
   * @throws io.plumbline.files.BadInputException listing every problem with its place
   */
  static ScoreFile read(Path file, ConfNode predictor) {
    Problems problems = new Problems();
    ScoreFile conf = RecordBinder.bind(ConfNode.read(file), ScoreFile.class, problems);
    problems.throwIfAny(file.toString());
    return predictor == null ? conf : conf.predictedBy(predictor);
  }

  private ScoreFile predictedBy(ConfNode predictor) {
    return new ScoreFile(
        name,
        runs.stream().map(e -> new Entry(e.name(), predicted(e.simulate(), predictor))).toList(),
        grids.stream().map(grid -> grid.predictedBy(predictor)).toList(),
        steps.stream().map(entry -> entry.predictedBy(predictor)).toList(),
        silicon.stream().map(entry -> entry.predictedBy(predictor)).toList());
  }

  private static ConfNode predicted(ConfNode simulate, ConfNode predictor) {
    return simulate.with("predictor", predictor);
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
   * Iterations that an engine logged.
   *
   * @param file a trace that {@code ingest vllm-steps} takes in
   * @param experiment which of the runs in the file
   * @param simulate the deployment that predicts them, as in a sweep but without a workload
   */
  record Steps(String name, String file, String experiment, ConfNode simulate) {
    private Steps predictedBy(ConfNode predictor) {
      return new Steps(name, file, experiment, predicted(simulate, predictor));
    }
  }

  /**
   * Points that {@code ingest aiconfigurator-silicon} takes in.
   *
   * @param file the CSV
   * @param requestsPerSlot requests that are sent for each one in flight
   * @param seed of the lengths
   * @param simulate what is the same for all points; the file states device, parallelism and load
   * @param models those that can be predicted; points of others are counted
   */
  record Silicon(
      String name,
      String file,
      int requestsPerSlot,
      long seed,
      ConfNode simulate,
      List<CalledModel> models) {
    public Silicon {
      if (requestsPerSlot <= 0) {
        throw new IllegalArgumentException(
            "requestsPerSlot (%d) must be positive".formatted(requestsPerSlot));
      }
    }

    private Silicon predictedBy(ConfNode predictor) {
      List<CalledModel> plain = models.stream().map(CalledModel::withoutPredictor).toList();
      return new Silicon(name, file, requestsPerSlot, seed, predicted(simulate, predictor), plain);
    }

    /** Ten requests for each slot. */
    public static Map<String, Object> defaultValues() {
      return Map.of("requestsPerSlot", 10, "seed", 1L);
    }
  }

  /**
   * A model of silicon points, as someone served it.
   *
   * @param called its name in the file
   * @param backend the engine in the file; null for any
   * @param source part of the text that says where a point is from; null for any
   * @param shortest share of the stated lengths that prompts and outputs have at least, as the
   *     client draws them
   * @param simulate its card, and whatever else differs
   */
  record CalledModel(
      String called, String backend, String source, double shortest, ConfNode simulate) {
    public CalledModel {
      if (!(shortest > 0 && shortest <= 1)) {
        throw new IllegalArgumentException(
            "shortest (%s) must be above 0 and at most 1".formatted(shortest));
      }
    }

    /** Whoever served it, with all lengths as stated. */
    public static Map<String, Object> defaultValues() {
      Map<String, Object> values = new HashMap<>();
      values.put("backend", null);
      values.put("source", null);
      values.put("shortest", 1.0);
      return values;
    }

    private CalledModel withoutPredictor() {
      return new CalledModel(called, backend, source, shortest, simulate.without("predictor"));
    }

    /** Whether this says how a point was served. */
    boolean isOf(SiliconPoint point) {
      return called.equals(point.model())
          && (backend == null || backend.equals(point.backend()))
          && (source == null || point.source().contains(source));
    }
  }

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

    private Grid predictedBy(ConfNode predictor) {
      List<GridDevice> plain = devices.stream().map(GridDevice::withoutPredictor).toList();
      return new Grid(name, measured, seeds, predicted(simulate, predictor), plain);
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
  record GridDevice(String called, ConfNode simulate) {
    private GridDevice withoutPredictor() {
      return new GridDevice(called, simulate.without("predictor"));
    }
  }
}
