package io.plumbline.jobs;

import io.plumbline.jobs.search.SearchPlan;
import io.plumbline.jobs.search.SearchPlanner;
import io.plumbline.jobs.search.SearchResult;
import io.plumbline.jobs.search.SearchRunner;
import io.plumbline.jobs.search.SearchText;
import io.plumbline.jobs.table.SparkSessions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Finds what every configuration of a file bears, and which is the best. */
@Command(
    name = "search",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Finds for each configuration of a sweep file the highest arrival rate that meets the service"
          + " level objectives, and the best configuration per dollar, device or watt.",
      "What is done already is not done again, so an interrupted search goes on where it stopped."
          + " Configurations that cannot run are left out and named.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all capacities are in the tables",
      "1:some searches broke; the others are in the tables",
      "2:the file is wrong, every problem is listed with its place; or the results folder cannot be"
          + " written"
    },
    footer = {
      "",
      "Examples:",
      "  search conf/searches/llama-3-8b.yaml",
      "  EXTERNAL_REF_ROOT=/data search conf/searches/vidur-paper.yaml"
    })
public final class SearchJob implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "The search; docs/search.md has its form.")
  private Path file;

  @Option(names = "--force", description = "Search again what is done already.")
  private boolean force;

  @Option(names = "--dry-run", description = "Check the file and say what would run; run nothing.")
  private boolean dryRun;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description =
          "Folder of the models that predictor learned trains. Default: _trained in the results"
              + " folder.")
  private String cacheDir;

  @Mixin private ResultsOption results;

  @Spec private CommandSpec spec;

  /** Runs the job alone, as spark-submit does. */
  public static void main(String[] args) {
    JobCommand.runAndExit(new SearchJob(), args);
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    SearchPlan plan = SearchPlanner.plan(file, Home.models(), Home.paths(file, results.dir()));
    String dir = dryRun ? results.readableDir() : results.writableDir();
    List<SearchPlan.Case> todo = SearchRunner.todo(plan, dir, force);
    out.println(SearchText.scope(plan, todo.size()));
    String skipped = SearchText.skipped(plan);
    if (!skipped.isEmpty()) {
      out.println(skipped);
    }
    out.flush();
    if (dryRun) {
      return JobCommand.DONE;
    }
    SparkSession spark = SparkSessions.open("plumbline search");
    List<SearchRunner.Failure> failures =
        SearchRunner.run(
            spark, plan, todo, dir, cacheDir == null ? results.trainedDir() : cacheDir);
    SearchResult result = SearchResult.write(spark, plan, failures, dir);
    for (SearchRunner.Failure failure : failures) {
      spec.commandLine()
          .getErr()
          .printf("Search %s broke: %s%n", failure.capacityId(), failure.message());
    }
    out.print(SearchText.best(result));
    out.printf("Results are in %s, tables capacity and pareto.%n", dir);
    if (result.operatingPoints() != null) {
      out.printf(
          "Runs at %.0f %% of the capacities: plumbline sweep %s%n",
          plan.operatingPointPercent(), result.operatingPoints());
    }
    out.flush();
    return failures.isEmpty() ? JobCommand.DONE : JobCommand.CHECK_FAILED;
  }
}
