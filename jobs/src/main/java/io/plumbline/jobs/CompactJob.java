package io.plumbline.jobs;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.table.Compaction;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Joins many small files of runs. */
@Command(
    name = "compact",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Writes runs that are in folders of their own, or in small packs, into larger packs.",
      "Nothing changes for readers, who may go on reading; vacuum removes the old files a day"
          + " later.",
      ""
    },
    footer = {"", "Examples:", "  compact --dry-run", "  compact && vacuum"})
public final class CompactJob implements Callable<Integer> {
  @Option(
      names = "--runs-per-pack",
      paramLabel = "N",
      defaultValue = "5000",
      description = "Runs of a new pack; packs of half as many are left alone. Default: 5000.")
  private int runsPerPack;

  @Option(names = "--dry-run", description = "Say what would be joined; write nothing.")
  private boolean dryRun;

  @Mixin private ResultsOption results;

  @Spec private CommandSpec spec;

  /** Runs the job alone, as spark-submit does. */
  public static void main(String[] args) {
    JobCommand.runAndExit(new CompactJob(), args);
  }

  @Override
  public Integer call() {
    if (runsPerPack < 2) {
      throw new BadInputException("--runs-per-pack (%d) must be 2 or more".formatted(runsPerPack));
    }
    String dir = dryRun ? results.readableDir() : results.writableDir();
    Compaction compaction = new Compaction(dir, runsPerPack);
    Compaction.Result result = dryRun ? compaction.plan() : compaction.run();
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s %d packs and %d runs in folders into %d packs.%n",
        dryRun ? "Would join" : "Joined", result.packs(), result.folders(), result.into());
    out.flush();
    return JobCommand.DONE;
  }
}
