package io.plumbline.jobs.conformance;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.plumbline.files.BadInputException;
import io.plumbline.simulator.metrics.StepLedger;
import io.plumbline.simulator.metrics.StepLedger.Row;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Compares our step ledgers of vLLM v1's scheduler with recorded ones: every field of every row,
 * exactly.
 */
public final class VllmV1Conformance {
  private final Path writeTo;
  private final ConformanceReport report;
  private final PrintWriter out;

  /**
   * @param writeTo folder for our own ledgers, one file per case; null to write none
   */
  public VllmV1Conformance(Path writeTo, PrintWriter out) {
    this.writeTo = writeTo;
    this.out = out;
    this.report = new ConformanceReport(out);
  }

  /**
   * Runs every case below a folder and prints what became of it.
   *
   * @return whether none failed
   * @throws BadInputException if there is no case, or a file of one cannot be read
   */
  public boolean run(Path dir) {
    List<VllmV1Case> cases = VllmV1Case.below(dir);
    out.printf("%d ledgers below %s%n%n", cases.size(), dir);
    for (VllmV1Case ledgerCase : cases) {
      StepLedger ours = ledgerCase.replay();
      if (writeTo != null) {
        write(writeTo.resolve(ledgerCase.name() + ".csv"), ours.rows());
      }
      report.add(compare(ledgerCase, ours.rows()));
    }
    report.sum();
    return !report.anyFailed();
  }

  private static CaseResult compare(VllmV1Case ledgerCase, List<Row> ours) {
    List<Map<LedgerColumn, String>> recorded = ledgerCase.recorded();
    Deviation rows = new Deviation("rows", 0);
    int both = Math.min(recorded.size(), ours.size());
    for (int i = 0; i < both; i++) {
      compare(rows, i, recorded.get(i), ours.get(i));
    }
    rows.compare(recorded.size(), ours.size(), () -> "their number");
    long steps = ours.stream().mapToLong(Row::step).distinct().count();
    return CaseResult.judged(
        ledgerCase.name(),
        "%d rows of %d steps".formatted(ours.size(), steps),
        List.of(rows),
        List.of());
  }

  private static void compare(
      Deviation rows, int index, Map<LedgerColumn, String> recorded, Row ours) {
    List<String> theirs = new ArrayList<>();
    List<String> mine = new ArrayList<>();
    recorded.forEach(
        (column, text) -> {
          if (!text.equals(column.of(ours))) {
            theirs.add(column.word() + " " + text);
            mine.add(column.word() + " " + column.of(ours));
          }
        });
    if (theirs.isEmpty()) {
      rows.compare(0, 0, () -> "");
    } else {
      String place =
          "row %d (step %s, request %s)"
              .formatted(
                  index + 1,
                  recorded.get(LedgerColumn.STEP),
                  recorded.get(LedgerColumn.REQUEST_ID));
      rows.differ(place, String.join(", ", theirs), String.join(", ", mine));
    }
  }

  private static void write(Path file, List<Row> rows) {
    try {
      Files.createDirectories(file.getParent());
      try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(file)) {
        csv.writeRecord(
            Stream.of(LedgerColumn.values()).map(LedgerColumn::word).toArray(String[]::new));
        for (Row row : rows) {
          csv.writeRecord(
              Stream.of(LedgerColumn.values())
                  .map(column -> column.of(row))
                  .toArray(String[]::new));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
