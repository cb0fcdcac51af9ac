package io.plumbline.jobs.error;

import io.plumbline.jobs.table.PartitionWriter;
import io.plumbline.jobs.table.RequestErrorRow;
import io.plumbline.jobs.table.Table;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;

/** Writes sorted value pairs to the table {@code request_error}, one comparison after another. */
final class RequestErrorWriter {
  private final String referenceRunId;
  private final PartitionWriter writer;
  private Row next;

  RequestErrorWriter(String referenceRunId, String resultsDir) {
    this.referenceRunId = referenceRunId;
    this.writer = new PartitionWriter(resultsDir);
  }

  /**
   * @param rows sorted by comparison
   */
  void write(Iterator<Row> rows) {
    advance(rows);
    while (next != null) {
      String id = next.getAs("comparison_id");
      writer.replace(Table.REQUEST_ERROR, List.of(id), ofComparison(id, rows));
    }
  }

  private void advance(Iterator<Row> rows) {
    next = rows.hasNext() ? rows.next() : null;
  }

  private Iterator<RequestErrorRow> ofComparison(String id, Iterator<Row> rows) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return next != null && id.equals(next.getAs("comparison_id"));
      }

      @Override
      public RequestErrorRow next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        RequestErrorRow row = errorRow(next);
        advance(rows);
        return row;
      }
    };
  }

  private RequestErrorRow errorRow(Row row) {
    double reference = row.getAs("reference_ns");
    double simulated = row.getAs("simulated_ns");
    return new RequestErrorRow(
        row.getAs("comparison_id"),
        referenceRunId,
        row.getAs("simulated_run_id"),
        row.getAs("request_id"),
        row.getAs("metric"),
        reference,
        simulated,
        ErrorMetrics.signedError(reference, simulated),
        ErrorMetrics.relativeError(reference, simulated));
  }
}
