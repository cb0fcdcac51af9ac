package io.plumbline.jobs;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.error.RunLookup;
import io.plumbline.jobs.table.RunRow;
import io.plumbline.jobs.table.SparkSessions;
import io.plumbline.jobs.table.Tables;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a run in the format of another tool. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Writes a run of the tables in the format of another tool. A chrome-trace opens in"
          + " https://ui.perfetto.dev and in chrome://tracing: what each stage of each replica did"
          + " when; it needs a run that recorded iterations, and names the requests of a batch if"
          + " the run recorded tokens.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:written",
      "2:the run is unknown or recorded too little, or the file cannot be written"
    },
    footer = {"", "Example:", "  export chrome-trace vidur --out trace.json.gz"})
public final class ExportJob implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "KIND",
      description = "The format. One of: ${COMPLETION-CANDIDATES}.")
  private ExportKind kind;

  @Parameters(
      index = "1",
      paramLabel = "RUN",
      description = "A run id, a label, or the first letters of a run id.")
  private String run;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "The file to write, compressed if its name ends in .gz. Default: RUN_ID.KIND.json.gz.")
  private Path out;

  @Mixin private ResultsOption results;

  @Spec private CommandSpec spec;

  /** Runs the job alone, as spark-submit does. */
  public static void main(String[] args) {
    JobCommand.runAndExit(new ExportJob(), args);
  }

  @Override
  public Integer call() {
    String dir = results.readableDir();
    SparkSession spark = SparkSessions.open("plumbline export");
    Tables.register(spark, dir);
    RunRow found = new RunLookup(spark).find(run);
    Path file = out == null ? Path.of(kind.fileName(found.runId())) : out;
    Path target = file.toAbsolutePath().normalize();
    Path unfinished =
        target.resolveSibling(".%s-%s".formatted(target.getFileName(), UUID.randomUUID()));
    try {
      Files.createDirectories(target.getParent());
      try {
        try (OutputStream stream = open(unfinished, target)) {
          kind.exporter().write(spark, found, stream);
        }
        Files.move(unfinished, target, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(unfinished);
      }
    } catch (IOException e) {
      throw new BadInputException(
          "cannot write %s: %s. Maybe name another file with --out.".formatted(file, e), e);
    }
    spec.commandLine().getOut().println(file);
    return JobCommand.DONE;
  }

  private static OutputStream open(Path unfinished, Path target) throws IOException {
    OutputStream stream = new BufferedOutputStream(Files.newOutputStream(unfinished));
    return target.toString().endsWith(".gz") ? new GZIPOutputStream(stream) : stream;
  }
}
