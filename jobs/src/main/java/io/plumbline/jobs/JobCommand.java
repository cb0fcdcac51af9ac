package io.plumbline.jobs;

import io.plumbline.files.BadInputException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;

/** What all jobs have in common on the command line: exit codes, messages, output in UTF-8. */
public final class JobCommand {
  /** The job did what it was asked. */
  public static final int DONE = 0;

  /** The job ran, and a check it was asked to make said no. */
  public static final int CHECK_FAILED = 1;

  /** The command line or a file cannot be used; the message says why. */
  public static final int BAD_INPUT = 2;

  /** Anything else: a bug or a broken machine, with a stack trace. */
  public static final int BROKEN = 3;

  private JobCommand() {}

  /** A command line around a job, or around a command that has jobs as subcommands. */
  public static CommandLine of(Callable<Integer> job) {
    // Numbers in SQL, JSON and text look the same everywhere, whatever the machine's language.
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    return new CommandLine(job)
        .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(JobCommand::explain);
  }

  /** Runs a job as a program: stops Spark at its end and leaves with its exit code. */
  public static void runAndExit(Callable<Integer> job, String... args) {
    int exitCode = of(job).execute(args);
    if (SparkSession.getDefaultSession().isDefined()) {
      SparkSession.getDefaultSession().get().stop();
    }
    // spark-submit takes a plain return as success, also in cluster mode.
    if (exitCode != DONE) {
      System.exit(exitCode);
    }
  }

  private static int explain(
      Exception problem, CommandLine command, CommandLine.ParseResult parsed) {
    if (problem instanceof BadInputException) {
      command.getErr().println(problem.getMessage());
      return BAD_INPUT;
    }
    problem.printStackTrace(command.getErr());
    return BROKEN;
  }
}
