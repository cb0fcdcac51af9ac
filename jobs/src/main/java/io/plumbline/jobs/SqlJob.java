package io.plumbline.jobs;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.report.QueryOutput;
import io.plumbline.jobs.table.SparkSessions;
import io.plumbline.jobs.table.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Answers one SQL query over the tables. */
@Command(
    name = "sql",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Answers one Spark SQL query over the tables run, sweep_point, request_timing,"
          + " iteration_timing, iteration_request, operator_time, utilization, token_timing,"
          + " request_attempt, request_error, error_summary, source, run_summary, operator_timing,"
          + " kernel_timing, microbenchmark, engine_step and gauge_sample, and the views batch_metric, decode_token_time and"
          + " time_series (docs/tables.md).",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:answered", "2:the query is wrong; the message says where"},
    footer = {
      "",
      "Examples:",
      "  sql \"SELECT run_id, engine, device, requests FROM run\"",
      "  sql --csv \"SELECT * FROM error_summary WHERE verdict = 'FAIL'\" > failures.csv",
      "  sql \"DESCRIBE request_timing\""
    })
public final class SqlJob implements Callable<Integer> {
  @ArgGroup(exclusive = true, multiplicity = "1")
  private Query query;

  @ArgGroup(exclusive = true)
  private Format format;

  @Mixin private ResultsOption results;

  @Spec private CommandSpec spec;

  static final class Query {
    @Parameters(index = "0", paramLabel = "QUERY", description = "One SQL statement.")
    private String text;

    @Option(
        names = {"-f", "--file"},
        paramLabel = "FILE",
        description = "A file with one SQL statement.")
    private Path file;
  }

  static final class Format {
    @Option(names = "--csv", description = "Print CSV with a header; null is an empty field.")
    private boolean csv;

    @Option(names = "--json", description = "Print one JSON object per line.")
    private boolean json;
  }

  /** Runs the job alone, as spark-submit does. */
  public static void main(String[] args) {
    JobCommand.runAndExit(new SqlJob(), args);
  }

  @Override
  public Integer call() {
    String statement = statement();
    String dir = results.readableDir();
    SparkSession spark = SparkSessions.open("plumbline sql");
    Tables.register(spark, dir);
    try {
      output().print(spark.sql(statement), spec.commandLine().getOut());
    } catch (RuntimeException e) {
      throw inOneLine(e);
    } catch (Exception e) {
      // Spark's AnalysisException is checked, and Scala does not say where it is thrown.
      throw inOneLine(e);
    }
    return JobCommand.DONE;
  }

  private QueryOutput output() {
    if (format == null) {
      return QueryOutput.TABLE;
    }
    return format.json ? QueryOutput.JSON : format.csv ? QueryOutput.CSV : QueryOutput.TABLE;
  }

  private String statement() {
    String text = query.text;
    if (query.file != null) {
      try {
        text = Files.readString(query.file);
      } catch (IOException e) {
        throw new BadInputException("cannot read the query file %s".formatted(query.file));
      }
    }
    return text.strip().replaceAll(";+$", "");
  }

  private static RuntimeException inOneLine(Exception problem) {
    for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
      if (cause instanceof SparkThrowable) {
        String firstLine =
            cause.getMessage().lines().filter(line -> !line.isBlank()).findFirst().orElse("");
        return new BadInputException("SQL: " + firstLine.strip());
      }
    }
    return problem instanceof RuntimeException bug ? bug : new IllegalStateException(problem);
  }
}
