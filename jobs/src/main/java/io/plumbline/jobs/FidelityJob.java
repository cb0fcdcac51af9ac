package io.plumbline.jobs;

import io.plumbline.files.BadInputException;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.fidelity.CodeState;
import io.plumbline.jobs.fidelity.FidelityMatrix;
import io.plumbline.jobs.fidelity.FidelityReport;
import io.plumbline.jobs.fidelity.Moves;
import io.plumbline.jobs.fidelity.Places;
import io.plumbline.jobs.fidelity.ScoringRules;
import io.plumbline.jobs.ingest.Importer;
import io.plumbline.jobs.table.FidelityMatrixRow;
import io.plumbline.jobs.table.SparkSessions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Holds simulators against measured runs, with intervals, noise floors and a history. */
@Command(
    name = "fidelity",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Makes a fidelity matrix: how far each simulator is from each measured run, metric by metric,"
          + " with bootstrap intervals and a verdict on them, the noise floor where runs were"
          + " repeated, and whether a grid of configurations would have been decided the same."
          + " The matrix is appended to the tables fidelity_matrix, fidelity_cell,"
          + " fidelity_distance and decision_fidelity.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:made",
      "1:--against was given and a statistic moved beyond its interval or is gone",
      "2:the input is wrong, every problem is listed with its place"
    },
    footer = {
      "",
      "Examples:",
      "  fidelity conf/fidelity/public.yaml",
      "  fidelity                        # all runs that are in the tables",
      "  fidelity conf/fidelity/public.yaml --against 4effccb"
    })
public final class FidelityJob implements Callable<Integer> {
  private static final String OF_TABLES = "tables";

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description =
          "What to ingest, simulate and score; docs/fidelity-matrix.md has the form. Without it,"
              + " every measured run in the tables is scored with every simulated run of its"
              + " workload.")
  private Path file;

  @Option(
      names = "--resamples",
      paramLabel = "N",
      description = "Without FILE: draws of the bootstrap. Default: 1000.")
  private Integer resamples;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Without FILE: seed of the bootstrap. Default: 1.")
  private Long seed;

  @Option(
      names = "--pass",
      paramLabel = "PERCENT",
      description = "Without FILE: largest error that passes, in percent. Default: 5.")
  private Double passPercent;

  @Option(
      names = "--warn",
      paramLabel = "PERCENT",
      description = "Without FILE: largest error that only warns, in percent. Default: 9.")
  private Double warnPercent;

  @Option(
      names = "--against",
      paramLabel = "COMMIT",
      description =
          "Print what moved beyond its interval since the newest matrix of this name that COMMIT"
              + " made, and exit with 1 if anything did.")
  private String against;

  @Option(
      names = "--commit",
      paramLabel = "COMMIT",
      description = "Commit to note in the history. Default: what git says of Plumbline's folder.")
  private String commit;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Folder for fidelity.md and fidelity.html. Default: fidelity in the folder of the tables.")
  private Path out;

  @Mixin private ResultsOption results;

  @Spec private CommandSpec spec;

  /** Runs the job alone, as spark-submit does. */
  public static void main(String[] args) {
    JobCommand.runAndExit(new FidelityJob(), args);
  }

  @Override
  public Integer call() {
    if (file != null
        && (resamples != null || seed != null || passPercent != null || warnPercent != null)) {
      throw new BadInputException(
          "--resamples, --seed, --pass and --warn go without FILE. Maybe state them in %s."
              .formatted(file));
    }
    results.writableDir();
    SparkSession spark = SparkSessions.open("plumbline fidelity");
    FidelityMatrix matrix =
        new FidelityMatrix(spark, places(), CodeState.of(commit, Home.dir()), Instant.now());
    FidelityMatrix.Result made =
        file == null ? matrix.makeOfTables(OF_TABLES, rules()) : matrix.make(file);
    PrintWriter console = spec.commandLine().getOut();
    made.notes().forEach(spec.commandLine().getErr()::println);
    Path folder = out == null ? Path.of(results.dir(), "fidelity") : out;
    console.print(FidelityReport.write(spark, made, folder));
    int exitCode = against == null ? JobCommand.DONE : printMoves(spark, made.matrix(), console);
    console.flush();
    return exitCode;
  }

  private ScoringRules rules() {
    ScoringRules usual = ScoringRules.DEFAULT;
    return new ScoringRules(
        seed == null ? usual.seed() : seed,
        resamples == null ? usual.resamples() : resamples,
        usual.confidencePercent(),
        passPercent == null ? usual.passPercent() : passPercent,
        warnPercent == null ? usual.warnPercent() : warnPercent);
  }

  private Places places() {
    PathResolver paths = Home.paths(file == null ? Path.of("conf") : file, results.dir());
    return new Places(
        results.dir(), results.trainedDir(), Home.models(), paths, FidelityJob::importer);
  }

  private static Importer importer(String word) {
    try {
      return new IngestKind.ByWord().convert(word).importer();
    } catch (TypeConversionException e) {
      throw new BadInputException(e.getMessage(), e);
    }
  }

  private int printMoves(SparkSession spark, FidelityMatrixRow made, PrintWriter console) {
    FidelityMatrixRow before = Moves.find(spark, made.name(), against, made.matrixId());
    List<Moves.Move> moves = Moves.between(spark, before.matrixId(), made.matrixId());
    console.printf(
        "%nAgainst %s of commit %s, %s:%n", before.matrixId(), before.commit(), before.madeAt());
    console.print(FidelityReport.moves(moves));
    return Moves.isRegression(moves) ? JobCommand.CHECK_FAILED : JobCommand.DONE;
  }
}
