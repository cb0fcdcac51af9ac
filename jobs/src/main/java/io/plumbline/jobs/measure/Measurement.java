package io.plumbline.jobs.measure;

import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import io.plumbline.files.card.ModelCards;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.Problems;
import io.plumbline.files.conf.RecordBinder;
import io.plumbline.files.run.RunFolder;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.files.workload.TraceFiles;
import io.plumbline.jobs.table.RunTags;
import io.plumbline.jobs.table.RunWriter;
import io.plumbline.trace.Sha256;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.workload.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.BiConsumer;

/** A real run that is valid and can be made. */
public final class Measurement {
  private static final DateTimeFormatter FOLDER_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final Path file;
  private final MeasureSpec spec;
  private final String modelNameOrPath;
  private final ModelSpec model;
  private final Workload workload;
  private final Path home;

  private Measurement(
      Path file,
      MeasureSpec spec,
      String modelNameOrPath,
      ModelSpec model,
      Workload workload,
      Path home) {
    this.file = file;
    this.spec = spec;
    this.modelNameOrPath = modelNameOrPath;
    this.model = model;
    this.workload = workload;
    this.home = home;
  }

  /**
   * Reads and checks a file.
   *
   * @param home Plumbline's folder
   * @throws BadInputException listing every problem with its place
   */
  public static Measurement read(Path file, Path home, PathResolver paths) {
    ConfNode root = ConfNode.read(file);
    Problems problems = new Problems();
    MeasureSpec spec = RecordBinder.bind(root, MeasureSpec.class, problems);
    problems.throwIfAny(file.toString());
    String located = null;
    ModelSpec model = null;
    Workload workload = null;
    try {
      located = ModelCards.locate(home.resolve("models"), spec.model(), paths);
      model = ModelCards.load(home.resolve("models"), located);
    } catch (BadInputException e) {
      problems.add(root.get("model"), e.getMessage());
    }
    try {
      workload = spec.workload().load(paths);
    } catch (BadInputException | IllegalArgumentException e) {
      problems.add(root.get("workload"), e.getMessage());
    }
    problems.throwIfAny(file.toString());
    return new Measurement(file, spec, located, model, workload, home);
  }

  public String name() {
    return spec.name();
  }

  public Workload workload() {
    return workload;
  }

  public int repeats() {
    return spec.repeats();
  }

  /** Hash of what is to be measured: the same question, not the same answer. */
  public String questionHash() {
    return new Sha256()
        .putText(Json.write(model))
        .putText(workload.workloadId())
        .putText(spec.engine().toJson())
        .shortHex();
  }

  /**
   * Makes the runs one after the other, each in a process of its own. Each is in the tables before
   * the next one starts.
   *
   * @param runsDir local folder in which the run folders are made
   * @param label label of all of them in the tables
   * @param onRun told of each run that is in the tables, and which repeat it is: from 1, or null if
   *     there is only one
   */
  public void run(
      Path runsDir,
      String resultsDir,
      String label,
      BiConsumer<RunFolder.LoadedRun, Integer> onRun) {
    RunWriter writer = new RunWriter(resultsDir);
    for (int i = 1; i <= spec.repeats(); i++) {
      Integer repeat = spec.repeats() == 1 ? null : (Integer) i;
      RunFolder.LoadedRun run = runOnce(runsDir, label, repeat);
      writer.write(run.manifest(), run.trace(), RunTags.labelled(label));
      onRun.accept(run, repeat);
    }
  }

  /** Writes the decoder of the model as a TorchScript file that PyTorch runs elsewhere. */
  public void writeArchive(Path out) {
    new ReferenceProcess(home).archive(modelNameOrPath, out.toAbsolutePath());
  }

  private RunFolder.LoadedRun runOnce(Path runsDir, String label, Integer repeat) {
    Path folder = runsDir.resolve(label + "-" + FOLDER_TIME.format(Instant.now()));
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + folder, e);
    }
    TraceFiles.writeFolder(folder.resolve("workload"), workload);
    Path run = folder.resolve("run");
    new ReferenceProcess(home)
        .run(
            file.toAbsolutePath(),
            "engine",
            modelNameOrPath,
            folder.resolve("workload"),
            repeat,
            run);
    return RunFolder.read(run);
  }
}
