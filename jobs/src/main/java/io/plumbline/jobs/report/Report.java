package io.plumbline.jobs.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/**
 * Writes a report on comparisons, sweeps and capacity searches as {@code report.md} and {@code
 * report.html}.
 */
public final class Report {
  private Report() {}

  /**
   * Writes both files and says what they show.
   *
   * @param comparisons first letters of comparison ids; empty for all
   * @param sweeps names of sweeps; empty for all
   * @param out folder for the two files, made if it is not there
   * @return one line for people
   */
  public static String write(
      SparkSession spark,
      String resultsDir,
      List<String> comparisons,
      List<String> sweeps,
      Path out) {
    ReportData data = new ReportQueries(spark, resultsDir).load(comparisons, sweeps);
    List<CapacitySearches.Question> searches = CapacityQueries.load(spark);
    try {
      Files.createDirectories(out);
      Files.writeString(out.resolve("report.md"), MarkdownReport.of(data, searches));
      Files.writeString(out.resolve("report.html"), HtmlReport.of(data, searches));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the report to %s".formatted(out), e);
    }
    return "%s: %s".formatted(out.resolve("report.html"), ReportText.scope(data, searches));
  }
}
