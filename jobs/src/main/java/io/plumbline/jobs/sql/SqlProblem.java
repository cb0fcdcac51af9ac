package io.plumbline.jobs.sql;

import io.plumbline.files.BadInputException;
import org.apache.spark.SparkThrowable;

/** What is wrong with a query, in one line. */
public final class SqlProblem {
  private SqlProblem() {}

  /** The exception as one about the query if Spark says so, else as it is. */
  public static RuntimeException inOneLine(Exception problem) {
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
