package io.plumbline.jobs.fidelity;

import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.Problems;
import io.plumbline.files.conf.RecordBinder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A file that says which simulators are held against which measured runs; docs/fidelity-matrix.md
 * has the form.
 *
 * @param name of the matrix; matrices of one name are a history
 * @param seed see {@link ScoringRules}, as the next four
 * @param scores files of {@code score} whose runs are measured ones
 * @param cases measured runs, and what others predicted for them; a case that a score file has too
 *     adds to it
 * @param grids points of which only statistics were published
 */
record FidelityFile(
    String name,
    long seed,
    int resamples,
    double confidencePercent,
    double passPercent,
    double warnPercent,
    List<Score> scores,
    List<Case> cases,
    List<Grid> grids) {

  /** The usual rules, and nothing to score. */
  public static Map<String, Object> defaultValues() {
    ScoringRules rules = ScoringRules.DEFAULT;
    return Map.of(
        "seed",
        rules.seed(),
        "resamples",
        rules.resamples(),
        "confidencePercent",
        rules.confidencePercent(),
        "passPercent",
        rules.passPercent(),
        "warnPercent",
        rules.warnPercent(),
        "scores",
        List.of(),
        "cases",
        List.of(),
        "grids",
        List.of());
  }

  static FidelityFile read(Path file) {
    Problems problems = new Problems();
    FidelityFile conf = RecordBinder.bind(ConfNode.read(file), FidelityFile.class, problems);
    problems.throwIfAny(file.toString());
    return conf;
  }

  ScoringRules rules() {
    return new ScoringRules(seed, resamples, confidencePercent, passPercent, warnPercent);
  }

  /**
   * A file of {@code score}.
   *
   * @param file its path
   * @param simulators how its runs are predicted
   */
  record Score(String file, List<Simulator> simulators) {
    /** The file's own predictor. */
    public static Map<String, Object> defaultValues() {
      return Map.of("simulators", List.of(new Simulator("plumbline", null, null)));
    }
  }

  /**
   * A predictor of ours.
   *
   * @param name how it is called in tables
   * @param predictor as a sweep states it; null for that of the score file
   * @param card a card of {@code calibrate}, whose terms replace the predictor's; null for none
   */
  record Simulator(String name, ConfNode predictor, String card) {
    /** That of the score file. */
    public static Map<String, Object> defaultValues() {
      return nullFor("predictor", "card");
    }
  }

  /** Whose clock starts the times of a measured run. */
  enum Clock {
    /** The engine takes notice of the request. */
    QUEUE,
    /** The request arrives. */
    ARRIVAL
  }

  /**
   * A measured run.
   *
   * @param name how it is called in tables
   * @param measured the run and its repeats
   * @param predictions what was predicted for it
   * @param clock null for what the run itself says: from the queue if it knows when that was
   */
  record Case(String name, List<Source> measured, List<Prediction> predictions, Clock clock) {
    /** One of the two lists may be in another file. */
    public static Map<String, Object> defaultValues() {
      Map<String, Object> values = nullFor("clock");
      values.put("measured", List.of());
      values.put("predictions", List.of());
      return values;
    }
  }

  /**
   * A simulator's prediction.
   *
   * @param simulator its name in tables
   * @param runs one run, or one for each seed
   */
  record Prediction(String simulator, List<Source> runs) {}

  /**
   * Where a run is from: either files that {@code ingest} takes in, or a run in the tables, or a
   * simulation.
   *
   * @param kind of the files, a word of {@code ingest}
   * @param path of the files
   * @param run label or id of a run in the tables
   * @param simulate a point of a sweep, or several that differ in the seed
   */
  record Source(String kind, String path, String run, ConfNode simulate) {
    public Source {
      int stated = (kind == null ? 0 : 1) + (run == null ? 0 : 1) + (simulate == null ? 0 : 1);
      if (stated != 1 || (kind == null) != (path == null)) {
        throw new IllegalArgumentException("a run is either kind and path, or run, or simulate");
      }
    }

    /** Any of the three. */
    public static Map<String, Object> defaultValues() {
      return nullFor("kind", "path", "run", "simulate");
    }
  }

  /**
   * Points of which statistics were published, measured and perhaps predicted.
   *
   * @param name how it is called in tables
   * @param kind of the files, a word of {@code ingest}
   * @param path of the files
   * @param score a score file with the same grid, whose predictors predict the points too; null if
   *     there is none
   * @param simulators how they are predicted
   * @param devices names by which both sides call a device; empty if points pair by name
   * @param rank what configurations are ranked by; null if they are not to be ranked
   */
  record Grid(
      String name,
      String kind,
      String path,
      String score,
      List<Simulator> simulators,
      List<GridDevice> devices,
      Rank rank) {
    /** No predictors of ours, pairs by name. */
    public static Map<String, Object> defaultValues() {
      Map<String, Object> values = nullFor("score", "rank");
      values.put("simulators", List.of(new Simulator("plumbline", null, null)));
      values.put("devices", List.of());
      return values;
    }
  }

  /**
   * A device of a grid.
   *
   * @param called part of its name in the source
   * @param card its card, for its price; null if unknown
   * @param dollarsPerHour price of one GPU; null for that of the card
   */
  record GridDevice(String called, String card, Double dollarsPerHour) {
    /** No card. */
    public static Map<String, Object> defaultValues() {
      return nullFor("card", "dollarsPerHour");
    }
  }

  /**
   * What a decision is about.
   *
   * @param metric ttft, tbt or e2e
   * @param statistic e.g. p50
   * @param sloLimitMs the service level: the statistic may not be above; null for none
   */
  record Rank(String metric, String statistic, Double sloLimitMs) {}

  private static Map<String, Object> nullFor(String... components) {
    Map<String, Object> values = new HashMap<>();
    for (String component : components) {
      values.put(component, null);
    }
    return values;
  }
}
