package io.plumbline.jobs;

import io.plumbline.files.run.RunFolder.LoadedRun;
import io.plumbline.jobs.table.RunTags;
import io.plumbline.jobs.table.RunWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes a run that something else produced into the tables. */
@Command(
    name = "ingest",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Takes a run, measured or simulated by something else, into the tables. Its id follows from"
          + " its content, so taking it in again replaces it.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:taken in", "2:the files are wrong; the message says where"},
    footer = {"", "Example:", "  ingest seed-run runs/a100 --label a100-real"})
public final class IngestJob implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "KIND",
      description = "What the files are. One of: ${COMPLETION-CANDIDATES}.")
  private IngestKind kind;

  @Parameters(index = "1", paramLabel = "PATH", description = "Where the files are.")
  private Path path;

  @Option(
      names = "--label",
      paramLabel = "LABEL",
      description = "A name for the run, to find it by and to show in reports.")
  private String label;

  @Mixin private ResultsOption results;

  @Spec private CommandSpec spec;

  /** Runs the job alone, as spark-submit does. */
  public static void main(String[] args) {
    JobCommand.runAndExit(new IngestJob(), args);
  }

  @Override
  public Integer call() {
    LoadedRun run = kind.read(path);
    run.trace().requireAccountsFor(run.workload());
    new RunWriter(results.writableDir())
        .write(run.manifest(), run.trace(), RunTags.labelled(label));
    spec.commandLine()
        .getOut()
        .printf(
            "%s  %s, %s, %d requests of workload %s%n",
            run.manifest().runId(),
            run.manifest().origin().name().toLowerCase(Locale.ROOT),
            run.manifest().engine(),
            run.trace().requests().size(),
            run.workload().workloadId());
    return JobCommand.DONE;
  }
}
