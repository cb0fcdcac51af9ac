package io.plumbline.jobs;

import io.plumbline.files.run.RunFolder.LoadedRun;
import io.plumbline.jobs.ingest.Ingestion;
import io.plumbline.jobs.ingest.Ingestion.Known;
import io.plumbline.jobs.ingest.Ingestion.Taken;
import io.plumbline.jobs.table.SourceRow;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes what something else measured or simulated into the tables. */
@Command(
    name = "ingest",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Takes what something else measured or simulated into the tables: runs with their requests,"
          + " or else the numbers there are. Ids follow from content, so taking files in again"
          + " replaces them. All files are read before anything is written. docs/importing.md says"
          + " what comes from where.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:taken in", "2:the files are wrong; the message says where"},
    footer = {
      "",
      "Examples:",
      "  ingest seed-run runs/a100 --label a100-real",
      "  ingest seed-run published/runs --source https://example.org/runs --licence MIT"
    })
public final class IngestJob implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "KIND",
      converter = IngestKind.ByWord.class,
      description = "What the files are. One of: ${COMPLETION-CANDIDATES}.")
  private IngestKind kind;

  @Parameters(
      index = "1",
      paramLabel = "PATH",
      description = "A file, or a folder: all files of the kind below it are taken in.")
  private Path path;

  @Option(
      names = "--label",
      paramLabel = "LABEL",
      description =
          "A name for the run, to find it by and to show in reports; of several runs, the first"
              + " part of their names.")
  private String label;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description = "The device, for files that do not name it.")
  private String device;

  @Option(names = "--source", paramLabel = "URL", description = "Where the files were published.")
  private String sourceUrl;

  @Option(
      names = "--licence",
      paramLabel = "LICENCE",
      description = "Under which others may use them, best as SPDX has it, e.g. Apache-2.0.")
  private String licence;

  @Mixin private ResultsOption results;

  @Spec private CommandSpec spec;

  /** Runs the job alone, as spark-submit does. */
  public static void main(String[] args) {
    JobCommand.runAndExit(new IngestJob(), args);
  }

  @Override
  public Integer call() {
    new Ingestion(kind.toString(), kind.importer(), new Known(label, device, licence, sourceUrl))
        .take(path, results.writableDir(), this::print);
    return JobCommand.DONE;
  }

  private void print(Taken taken) {
    PrintWriter out = spec.commandLine().getOut();
    for (LoadedRun run : taken.runs()) {
      out.printf(
          "%s  %s, %s, %d requests of workload %s%n",
          run.manifest().runId(),
          run.manifest().origin().name().toLowerCase(Locale.ROOT),
          run.manifest().engine(),
          run.trace().requests().size(),
          run.workload().workloadId());
    }
    if (taken.source() != null) {
      out.printf("%s  %s: %s%n", taken.source().sourceId(), taken.name(), rows(taken.source()));
    }
  }

  private static String rows(SourceRow source) {
    List<String> counts = new ArrayList<>();
    count(counts, source.runSummaries(), "run summaries");
    count(counts, source.operatorTimings(), "operator timings");
    count(counts, source.kernelTimings(), "kernel timings");
    count(counts, source.microbenchmarks(), "microbenchmarks");
    count(counts, source.engineSteps(), "engine steps");
    count(counts, source.gaugeSamples(), "gauge samples");
    return String.join(", ", counts);
  }

  private static void count(List<String> counts, long rows, String what) {
    if (rows > 0) {
      counts.add(rows + " " + what);
    }
  }
}
