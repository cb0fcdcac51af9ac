package io.plumbline.jobs;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.report.QueryOutput;
import io.plumbline.jobs.sql.SqlProblem;
import io.plumbline.jobs.sql.SqlShell;
import io.plumbline.jobs.sql.Statements;
import io.plumbline.jobs.table.DuckDbScript;
import io.plumbline.jobs.table.SparkSessions;
import io.plumbline.jobs.table.Tables;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Answers SQL over the tables: one query, or a shell. */
@Command(
    name = "sql",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Answers Spark SQL over the tables and views of the results (docs/tables.md). With a query it"
          + " answers that; without one it is a shell with history and completion, or answers the"
          + " statements of its standard input. docs/cookbook.md has questions to begin with.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:answered", "2:the query is wrong; the message says where"},
    footer = {
      "",
      "Examples:",
      "  sql \"SELECT run_id, engine, device, requests FROM run\"",
      "  sql --csv \"SELECT * FROM error_summary WHERE verdict = 'FAIL'\" > failures.csv",
      "  sql \"DESCRIBE request_timing\"",
      "  sql -f conf/cookbook/12-operators-that-cost-most.sql",
      "  sql                                    a shell",
      "  sql --duckdb > views.sql               duckdb -init views.sql: the same without Spark"
    })
public final class SqlJob implements Callable<Integer> {
  @ArgGroup(exclusive = true)
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

    @Option(
        names = "--duckdb",
        description =
            "Print a script that makes the tables and views of the results in DuckDB, which reads"
                + " the same files without Spark.")
    private boolean duckDb;
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
    String statement = query == null ? null : statement();
    String dir = results.readableDir();
    PrintWriter out = spec.commandLine().getOut();
    if (query != null && query.duckDb) {
      out.print(DuckDbScript.of(dir));
      out.flush();
      return JobCommand.DONE;
    }
    SparkSession spark = SparkSessions.open("plumbline sql");
    Tables.register(spark, dir);
    if (query != null) {
      answer(spark, statement, out);
    } else if (System.console() == null) {
      Statements.of(standardInput()).all().forEach(sql -> answer(spark, sql, out));
    } else {
      try (Terminal terminal = TerminalBuilder.builder().system(true).dumb(true).build()) {
        new SqlShell(spark, output(), terminal.writer()).run(terminal, historyFile());
      } catch (IOException e) {
        throw new UncheckedIOException("no terminal", e);
      }
    }
    return JobCommand.DONE;
  }

  private void answer(SparkSession spark, String statement, PrintWriter out) {
    try {
      output().print(spark.sql(statement), out);
    } catch (RuntimeException e) {
      throw SqlProblem.inOneLine(e);
    } catch (Exception e) {
      // Spark's AnalysisException is checked, and Scala does not say where it is thrown.
      throw SqlProblem.inOneLine(e);
    }
  }

  private static String standardInput() {
    try {
      return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read standard input", e);
    }
  }

  private static Path historyFile() {
    return Path.of(System.getProperty("user.home"), ".plumbline_history");
  }

  private QueryOutput output() {
    if (format == null) {
      return QueryOutput.TABLE;
    }
    return format.json ? QueryOutput.JSON : format.csv ? QueryOutput.CSV : QueryOutput.TABLE;
  }

  private String statement() {
    String text = query.text == null ? "" : query.text;
    if (query.file != null) {
      try {
        text = Files.readString(query.file);
      } catch (IOException e) {
        throw new BadInputException("cannot read the query file %s".formatted(query.file));
      }
    }
    return text.strip().replaceAll(";+$", "");
  }
}
