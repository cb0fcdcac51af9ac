package io.plumbline.jobs.fidelity;

import io.plumbline.jobs.table.DecisionFidelityRow;
import io.plumbline.jobs.table.FidelityCellRow;
import io.plumbline.jobs.table.FidelityDistanceRow;
import io.plumbline.jobs.table.FidelityMatrixRow;
import io.plumbline.jobs.table.PartitionWriter;
import io.plumbline.jobs.table.Table;
import io.plumbline.trace.Sha256;
import java.util.List;

/** Appends matrices to the tables; one that is there is never changed. */
final class MatrixStore {
  private final PartitionWriter writer;

  MatrixStore(String resultsDir) {
    writer = new PartitionWriter(resultsDir);
  }

  /** Appends a matrix; its row comes last, so a matrix that is listed is complete. */
  void append(
      FidelityMatrixRow matrix,
      List<FidelityCellRow> cells,
      List<FidelityDistanceRow> distances,
      List<DecisionFidelityRow> decisions) {
    List<String> partition = List.of(matrix.matrixId());
    writer.replace(Table.FIDELITY_CELL, partition, cells.iterator());
    writer.replace(Table.FIDELITY_DISTANCE, partition, distances.iterator());
    writer.replace(Table.DECISION_FIDELITY, partition, decisions.iterator());
    writer.replace(Table.FIDELITY_MATRIX, partition, List.of(matrix).iterator());
  }

  /** The id of a matrix. */
  static String matrixId(String name, CodeState code, String madeAt) {
    return "m"
        + new Sha256()
            .putText(name)
            .putText(String.valueOf(code.commit()))
            .putText(madeAt)
            .shortHex();
  }
}
