package io.plumbline.jobs.error;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.table.RecordSchema;
import io.plumbline.jobs.table.RunRow;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Finds the run a person means by its id, its label, or the first letters of its id. Of several
 * repeats under one label, {@code label} is the first and {@code label-2} the second.
 */
public final class RunLookup {
  private static final int CANDIDATES = 10;

  private final SparkSession spark;

  /**
   * @param spark a session in which the tables are registered
   */
  public RunLookup(SparkSession spark) {
    this.spark = spark;
  }

  /**
   * The one run with this id, else with this label, else whose id starts with it. A run that broke
   * is none: it has nothing to look at.
   *
   * @throws BadInputException if there is none or more than one, with the candidates
   */
  public RunRow find(String name) {
    List<RunRow> all = startingWith(name);
    List<RunRow> found = all.stream().filter(run -> !broke(run)).toList();
    all.stream()
        .filter(RunLookup::broke)
        .filter(run -> found.isEmpty() || run.runId().equals(name))
        .findFirst()
        .ifPresent(
            run -> {
              throw new BadInputException(
                  "run %s broke: %s. Maybe sweep with --retry-failed."
                      .formatted(run.runId(), run.message()));
            });
    for (Predicate<RunRow> match :
        List.<Predicate<RunRow>>of(
            run -> run.runId().equals(name),
            run -> name.equals(run.label()) && (run.repeat() == null || run.repeat() == 1),
            run -> name.equals(run.label() + "-" + run.repeat()),
            run -> true)) {
      List<RunRow> matching = found.stream().filter(match).toList();
      if (matching.size() == 1) {
        return matching.get(0);
      }
      if (matching.size() > 1) {
        throw new BadInputException(
            "\"%s\" is not one run but %d:%s\nMaybe give more of the id."
                .formatted(name, matching.size(), list(matching)));
      }
    }
    throw unknown(name);
  }

  private static boolean broke(RunRow run) {
    return RunRow.FAILED.equals(run.outcome());
  }

  private List<RunRow> startingWith(String name) {
    return spark
        .table("run")
        .filter(
            functions
                .col("run_id")
                .startsWith(name)
                .or(functions.col("label").equalTo(name))
                .or(
                    functions
                        .concat_ws("-", functions.col("label"), functions.col("repeat"))
                        .equalTo(name)))
        .orderBy("run_id")
        .collectAsList()
        .stream()
        .map(row -> RecordSchema.record(row, RunRow.class))
        .toList();
  }

  private BadInputException unknown(String name) {
    List<RunRow> all =
        spark
            .table("run")
            .filter(functions.col("outcome").notEqual(RunRow.FAILED))
            .orderBy("run_id")
            .limit(CANDIDATES + 1)
            .collectAsList()
            .stream()
            .map(row -> RecordSchema.record(row, RunRow.class))
            .toList();
    if (all.isEmpty()) {
      return new BadInputException(
          "no run \"%s\": there are no runs yet. Maybe run ingest or sweep first, or give --results."
              .formatted(name));
    }
    return new BadInputException("no run \"%s\"; there are:%s".formatted(name, list(all)));
  }

  private static String list(List<RunRow> runs) {
    return runs.stream()
            .limit(CANDIDATES)
            .map(RunLookup::describe)
            .collect(Collectors.joining("\n  ", "\n  ", ""))
        + (runs.size() > CANDIDATES ? "\n  …" : "");
  }

  private static String describe(RunRow run) {
    return "%s  %s, %s%s%s"
        .formatted(
            run.runId(),
            run.origin(),
            run.engine(),
            run.label() == null ? "" : ", label \"%s\"".formatted(run.label()),
            run.repeat() == null ? "" : ", repeat " + run.repeat());
  }
}
