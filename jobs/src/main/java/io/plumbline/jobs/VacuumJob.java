package io.plumbline.jobs;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.table.Vacuum;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Removes files that no reader looks at any more. */
@Command(
    name = "vacuum",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Removes what no manifest names, what a newer pack has replaced, and what killed jobs left.",
      ""
    },
    footer = {"", "Examples:", "  vacuum --dry-run", "  vacuum --older-than-hours 1"})
public final class VacuumJob implements Callable<Integer> {
  @Option(
      names = "--older-than-hours",
      paramLabel = "HOURS",
      defaultValue = "24",
      description =
          "Leaves alone what came to be later: readers and writers may need it. 0 only when"
              + " nothing else uses the folder. Default: 24.")
  private double olderThanHours;

  @Option(names = "--dry-run", description = "Say what would be removed; remove nothing.")
  private boolean dryRun;

  @Mixin private ResultsOption results;

  @Spec private CommandSpec spec;

  /** Runs the job alone, as spark-submit does. */
  public static void main(String[] args) {
    JobCommand.runAndExit(new VacuumJob(), args);
  }

  @Override
  public Integer call() {
    if (!(olderThanHours >= 0)) {
      throw new BadInputException(
          "--older-than-hours (%s) must be 0 or more".formatted(olderThanHours));
    }
    String dir = dryRun ? results.readableDir() : results.writableDir();
    long age = (long) (olderThanHours * Duration.ofHours(1).toMillis());
    Vacuum vacuum = new Vacuum(dir, System.currentTimeMillis() - age);
    Vacuum.Garbage garbage = dryRun ? vacuum.find() : vacuum.run();
    PrintWriter out = spec.commandLine().getOut();
    if (dryRun) {
      garbage.files().forEach(out::println);
    }
    out.printf(
        Locale.ROOT,
        "%s %d files, %.1f MB.%n",
        dryRun ? "Would remove" : "Removed",
        garbage.files().size(),
        garbage.bytes() / 1e6);
    out.flush();
    return JobCommand.DONE;
  }
}
