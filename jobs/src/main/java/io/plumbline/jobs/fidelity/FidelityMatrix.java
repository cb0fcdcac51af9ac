package io.plumbline.jobs.fidelity;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.table.DecisionFidelityRow;
import io.plumbline.jobs.table.FidelityCellRow;
import io.plumbline.jobs.table.FidelityDistanceRow;
import io.plumbline.jobs.table.FidelityMatrixRow;
import io.plumbline.jobs.table.Tables;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/**
 * Makes a fidelity matrix, simulators against measured runs, and appends it to the tables. The same
 * inputs give the same cells, to the last bit.
 */
public final class FidelityMatrix {
  private final SparkSession spark;
  private final Places places;
  private final CodeState code;
  private final Instant madeAt;

  /**
   * @param places where files, cards and tables are
   * @param code which code this is
   * @param madeAt now
   */
  public FidelityMatrix(SparkSession spark, Places places, CodeState code, Instant madeAt) {
    this.spark = spark;
    this.places = places;
    this.code = code;
    this.madeAt = madeAt;
  }

  /**
   * What was made.
   *
   * @param notes what a reader must know to take the numbers right
   */
  public record Result(
      FidelityMatrixRow matrix,
      List<FidelityCellRow> cells,
      List<FidelityDistanceRow> distances,
      List<DecisionFidelityRow> decisions,
      List<String> notes) {
    /** The rules that it was scored by. */
    ScoringRules rules() {
      return new ScoringRules(
          matrix.seed(),
          matrix.resamples(),
          matrix.confidencePercent(),
          matrix.passPercent(),
          matrix.warnPercent());
    }
  }

  /** The matrix that a file names: ingests, simulates and scores. */
  public Result make(Path path) {
    FidelityFile file = FidelityFile.read(path);
    FilePairs found = new FilePairs(spark, places);
    List<FidelityPair> pairs = found.pairs(file);
    Tables.register(spark, places.resultsDir());
    CellRows rows = cellRows(file.rules());
    PairScores.Result scores = new PairScores(spark, file.rules(), rows).score(pairs);
    List<FidelityCellRow> cells = new ArrayList<>(scores.cells());
    List<DecisionFidelityRow> decisions = new ArrayList<>();
    GridScores grids = new GridScores(spark, places, rows);
    file.grids().forEach(grid -> grids.add(grid, cells, decisions));
    List<String> notes = new ArrayList<>(found.notes());
    notes.addAll(grids.notes());
    return append(file.name(), file.rules(), cells, scores.distances(), decisions, notes);
  }

  /** The matrix of all runs that are in the tables already. */
  public Result makeOfTables(String name, ScoringRules rules) {
    Tables.register(spark, places.resultsDir());
    PairScores.Result scores =
        new PairScores(spark, rules, cellRows(rules)).score(FoundPairs.in(spark));
    return append(name, rules, scores.cells(), scores.distances(), List.of(), List.of());
  }

  private CellRows cellRows(ScoringRules rules) {
    return new CellRows(rules.thresholds(), new ModelKinds(places.modelsDir())::of);
  }

  private Result append(
      String name,
      ScoringRules rules,
      List<FidelityCellRow> cells,
      List<FidelityDistanceRow> distances,
      List<DecisionFidelityRow> decisions,
      List<String> notes) {
    if (cells.isEmpty()) {
      throw new BadInputException(
          "matrix %s has no cell: nothing that was measured has a prediction. %s"
              .formatted(name, String.join(" ", notes)));
    }
    FidelityMatrixRow matrix =
        new FidelityMatrixRow(
            MatrixStore.matrixId(name, code, madeAt.toString()),
            name,
            code.commit(),
            code.dirty() == null ? null : code.dirty().toString(),
            code.codeVersion(),
            madeAt.toString(),
            rules.seed(),
            rules.resamples(),
            rules.confidencePercent(),
            rules.passPercent(),
            rules.warnPercent(),
            cells.size());
    new MatrixStore(places.resultsDir()).append(matrix, cells, distances, decisions);
    Tables.register(spark, places.resultsDir());
    return new Result(matrix, cells, distances, decisions, new ArrayList<>(notes));
  }
}
