package io.plumbline.jobs.conformance;

import io.plumbline.files.Names;
import io.plumbline.files.csv.CsvRow;
import io.plumbline.simulator.metrics.StepLedger.Row;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** What a step ledger says of a request in a step, a column each. */
enum LedgerColumn {
  STEP(row -> Long.toString(row.step())),
  REQUEST_ID(row -> Integer.toString(row.request())),
  NUM_TOKENS(row -> Integer.toString(row.tokens())),
  PREEMPTED(row -> row.preempted() ? "1" : "0"),
  FINISHED(row -> row.finished() ? "1" : "0"),
  FREE_BLOCKS(row -> Integer.toString(row.freeBlocks())),
  /** May be missing. */
  GRAPH(row -> Names.constant(row.graph())),
  /** May be missing. */
  PADDED_TOKENS(row -> Integer.toString(row.paddedTokens()));

  private final Function<Row, String> text;

  LedgerColumn(Function<Row, String> text) {
    this.text = text;
  }

  boolean required() {
    return this != GRAPH && this != PADDED_TOKENS;
  }

  /** Its name in files. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  String of(Row row) {
    return text.apply(row);
  }

  private String read(CsvRow row) {
    return this == GRAPH ? row.text(word()) : Integer.toString(row.integer(word(), 0));
  }

  /** The columns that a row of a file has. */
  static Map<LedgerColumn, String> fields(CsvRow row) {
    Map<LedgerColumn, String> fields = new EnumMap<>(LedgerColumn.class);
    for (LedgerColumn column : values()) {
      if (column.required() || row.text(column.word()) != null) {
        fields.put(column, column.read(row));
      }
    }
    return fields;
  }
}
