package io.plumbline.jobs.fidelity;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.table.LeagueTableRow;
import io.plumbline.jobs.table.RecordSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** A matrix for people: Markdown and one page of HTML, with the league table first. */
public final class FidelityReport {
  private FidelityReport() {}

  /**
   * Writes both files.
   *
   * @return what to say of them on the command line, the league tables above all
   */
  public static String write(SparkSession spark, FidelityMatrix.Result made, Path folder) {
    List<ReportTable> leagues = LeagueTables.of(made, league(spark, made));
    List<ReportTable> tables = FidelityTables.of(made);
    StringBuilder markdown = new StringBuilder(head(made));
    leagues.forEach(table -> markdown.append('\n').append(table.markdown()));
    String console = markdown.toString();
    tables.forEach(table -> markdown.append('\n').append(table.markdown()));
    try {
      Files.createDirectories(folder);
      Path page = folder.resolve("fidelity.html");
      Files.writeString(folder.resolve("fidelity.md"), markdown, StandardCharsets.UTF_8);
      Files.writeString(page, FidelityPage.of(made, leagues, tables), StandardCharsets.UTF_8);
      return "%s%nWrote %s and fidelity.md beside it.%n".formatted(console, page);
    } catch (IOException e) {
      throw new BadInputException("cannot write to %s: %s".formatted(folder, e.getMessage()), e);
    }
  }

  private static List<LeagueTableRow> league(SparkSession spark, FidelityMatrix.Result made) {
    return spark
        .table("league_table")
        .filter(functions.col("matrix_id").equalTo(made.matrix().matrixId()))
        .orderBy("metric", "median_absolute_percent_error", "simulator")
        .collectAsList()
        .stream()
        .map(row -> RecordSchema.record(row, LeagueTableRow.class))
        .toList();
  }

  static String head(FidelityMatrix.Result made) {
    return """
        # Fidelity matrix %s

        %s, made %s by commit %s%s. Intervals: %s %% of %d bootstrap draws, seed %d. PASS up to \
        %s %%, WARN up to %s %%, FAIL above: of the whole interval where there is one.
        """
        .formatted(
            made.matrix().name(),
            made.matrix().matrixId(),
            made.matrix().madeAt(),
            made.matrix().commit() == null ? "unknown" : made.matrix().commit(),
            "true".equals(made.matrix().dirty()) ? " with changes" : "",
            FidelityTables.plain(made.matrix().confidencePercent()),
            made.matrix().resamples(),
            made.matrix().seed(),
            FidelityTables.plain(made.matrix().passPercent()),
            FidelityTables.plain(made.matrix().warnPercent()));
  }

  /** What moved, as a table in Markdown, or a line that says that nothing did. */
  public static String moves(List<Moves.Move> moves) {
    if (moves.isEmpty()) {
      return "Nothing moved beyond its interval.\n";
    }
    ReportTable table =
        new ReportTable(
            "What moved",
            "Percent errors; the interval is the one before.",
            List.of("what", "case", "simulator", "metric", "before", "interval", "now"));
    for (Moves.Move move : moves) {
      table.add(
          List.of(
              move.kind().name().toLowerCase(Locale.ROOT),
              move.caseName(),
              move.simulator(),
              move.metric() + " " + move.statistic(),
              FidelityTables.percent(move.before()),
              FidelityTables.interval(move.low(), move.high()),
              FidelityTables.percent(move.after())));
    }
    return table.markdown();
  }
}
