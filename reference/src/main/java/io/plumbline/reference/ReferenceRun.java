package io.plumbline.reference;

import io.plumbline.files.BadInputException;
import io.plumbline.files.Progress;
import io.plumbline.files.card.ModelCards;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.RecordBinder;
import io.plumbline.files.run.RunFolder;
import io.plumbline.files.workload.TraceFiles;
import io.plumbline.reference.replay.PreparedRun;
import io.plumbline.reference.replay.RunCounts;
import io.plumbline.reference.replay.Stopwatch;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.run.RunManifest;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Serves a workload on a real engine and writes what it measured as a run folder. Progress goes to
 * stderr, the run's id and folder to stdout. Exit codes: 0 done, 1 the run failed, 2 bad input.
 */
@Command(
    name = "reference-run",
    description = "Serves a workload on a real engine and writes a run folder.",
    mixinStandardHelpOptions = true)
public final class ReferenceRun implements Callable<Integer> {
  private static final int BAD_INPUT = CommandLine.ExitCode.USAGE;
  private static final String RUN_META = "run_meta.json";

  @Option(
      names = "--spec",
      paramLabel = "FILE",
      description =
          "The engine: kind and options, YAML or JSON; absent keys have defaults."
              + " Without it: djl_pytorch as it is.")
  private Path specFile;

  @Option(
      names = "--spec-key",
      paramLabel = "KEY",
      description = "Key of the options in that file; without it they are the whole file.")
  private String specKey;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "FILE|NAME",
      description = "Model card, Hugging Face config.json, or name of a card in models/.")
  private String model;

  @Option(
      names = "--workload",
      required = true,
      paramLabel = "FOLDER",
      description = "Folder with trace_lengths.csv and trace_intervals.csv.")
  private Path workloadFolder;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FOLDER",
      description = "Run folder to write; an earlier run there is replaced.")
  private Path out;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      description = "Which of several runs of the same file this is, from 1; the manifest says it.")
  private Integer repeat;

  /** Ends the JVM with one of the exit codes above. */
  public static void main(String[] args) {
    System.exit(execute(args));
  }

  static int execute(String... args) {
    return execute(new ReferenceRun(), args);
  }

  /** Runs a main of this module. */
  static int execute(Callable<Integer> main, String... args) {
    // Numbers look the same everywhere, whatever the language of the machine.
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    return new CommandLine(main)
        .setExecutionExceptionHandler((failure, command, parsed) -> report(failure, command))
        .execute(args);
  }

  private static int report(Exception failure, CommandLine command) {
    if (failure instanceof BadInputException) {
      command.getErr().println(failure.getMessage());
      return BAD_INPUT;
    }
    command.getErr().println("The run failed.");
    failure.printStackTrace(command.getErr());
    return CommandLine.ExitCode.SOFTWARE;
  }

  @Override
  public Integer call() {
    EngineSpec spec = readSpec();
    ModelSpec shape = ModelCards.load(modelsFolder(), model);
    Workload workload = TraceFiles.readFolder(workloadFolder);
    requireRoomForResult();
    RunManifest manifest = measure(spec, shape, workload);
    System.out.println("%s %s".formatted(manifest.runId(), out));
    return CommandLine.ExitCode.OK;
  }

  private EngineSpec readSpec() {
    if (specFile == null) {
      return DjlPytorchSpec.defaults();
    }
    return RecordBinder.bind(options(specFile, specKey), EngineSpec.class);
  }

  /**
   * The part of a file that is for this module.
   *
   * @param key where it is; null if it is all of the file
   */
  static ConfNode options(Path file, String key) {
    ConfNode whole = ConfNode.read(file);
    ConfNode options = key == null ? whole : whole.get(key);
    if (options == null) {
      throw new BadInputException("%s has no key %s".formatted(file, key));
    }
    return options;
  }

  static Path modelsFolder() {
    return Path.of(System.getProperty("plumbline.home", ".")).resolve("models");
  }

  /** Checked before the run: hours of it must not end with nowhere to go. */
  private void requireRoomForResult() {
    String[] files = out.toFile().list();
    boolean free = files == null ? Files.notExists(out) : files.length == 0;
    if (!free && Files.notExists(out.resolve(RUN_META))) {
      throw new BadInputException(
          "%s is there and is not a run folder. Maybe choose another --out.".formatted(out));
    }
  }

  private RunManifest measure(EngineSpec spec, ModelSpec shape, Workload workload) {
    Provenance provenance = Provenance.here(spec, shape, workload, repeat);
    try (PreparedRun run = prepare(spec, shape, workload)) {
      run.warmUp(spec.warmupRequests());
      RunCounts counts = new RunCounts();
      Instant started = Instant.now();
      RunTrace trace;
      try (Progress progress =
          new Progress(
              "requests", workload.size(), counts::done, () -> counts.inFlight() + " in flight")) {
        trace = run.run(Stopwatch.start(), counts);
      }
      RunManifest manifest = provenance.manifest(run.facts(), started, Instant.now());
      RunFolder.write(out, workload, trace, manifest);
      run.findings().forEach(System.err::println);
      return manifest;
    }
  }

  /** What the engine cannot run was asked for by the user, so it is bad input. */
  private static PreparedRun prepare(EngineSpec spec, ModelSpec shape, Workload workload) {
    try {
      return spec.prepare(shape, workload);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(e.getMessage(), e);
    }
  }
}
