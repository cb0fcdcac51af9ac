package io.plumbline.jobs.original;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.process.Ended;
import io.plumbline.jobs.process.Limits;
import io.plumbline.jobs.process.ProcessRun;
import io.plumbline.jobs.table.RunTags;
import io.plumbline.jobs.table.RunWriter;
import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.RunManifest;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.Workload;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/**
 * Runs one point in one original, from our workload to our tables.
 *
 * @param program the folder below which the originals are
 */
record OriginalTask(String resultsDir, String program, Limits limits) implements Serializable {
  private static final String LOGS = "_originals";
  private static final String RUN = "run";

  /** Why a point gave no run; message is null if it did. */
  record Outcome(String runId, String axesJson, String message) implements Serializable {}

  /** Where the executable of an original is. */
  static Path executable(Path extern, OriginalKind kind) {
    return extern.resolve(kind.original().folder()).resolve(RUN);
  }

  Outcome run(OriginalPoint point, Workload workload, BooleanSupplier unwanted) {
    String message = null;
    try {
      Path scratch = Files.createTempDirectory("plumbline-" + point.kind().original().folder());
      try {
        simulate(point, workload, scratch, unwanted);
      } finally {
        keepLog(scratch, point.runId());
        remove(scratch);
      }
    } catch (IOException | UncheckedIOException e) {
      message = e.toString();
    } catch (BadInputException | IllegalArgumentException e) {
      message = "%s: %s".formatted(point.kind().system(), e.getMessage());
    }
    return new Outcome(point.runId(), point.axesJson(), message);
  }

  private void simulate(
      OriginalPoint point, Workload workload, Path scratch, BooleanSupplier unwanted)
      throws IOException {
    Original original = point.kind().original();
    List<String> command = new ArrayList<>();
    command.add(executable(Path.of(program), point.kind()).toString());
    command.addAll(original.prepare(point.point().spec(), workload, scratch));
    Instant started = Instant.now();
    Ended ended;
    try (BufferedWriter out = Files.newBufferedWriter(scratch.resolve("stdout.log"))) {
      ended =
          new ProcessRun(command, scratch, Map.of(), limits)
              .run(scratch.resolve("stderr.log"), line -> write(out, line), unwanted);
    }
    if (!ended.clean()) {
      throw new BadInputException(ended.message());
    }
    RunTrace trace =
        Rejoining.join(
            OneRun.in(scratch, original.importer()), workload, original.toleranceNanos());
    new RunWriter(resultsDir)
        .write(manifest(point, started, ended), trace, tags(point.point().tags()));
  }

  private static void write(BufferedWriter out, String line) {
    try {
      out.write(line);
      out.newLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RunManifest manifest(OriginalPoint point, Instant started, Ended ended) {
    Original original = point.kind().original();
    return new RunManifest(
        point.runId(),
        Origin.SIMULATED,
        original.engine(),
        point.point().workloadId(),
        point.point().specJson(),
        point.point().seed(),
        original.commit(),
        point.point().spec().deployment().device().name(),
        point.point().spec().deployment().model().name(),
        Map.of(
            "system", point.kind().system(),
            "wall_seconds", String.valueOf(ended.wallSeconds()),
            "peak_memory_mib", String.valueOf(ended.peakMemoryMib())),
        started.toString(),
        Instant.now().toString(),
        null,
        original.licence(),
        null);
  }

  /** Its times are its own, so it has none of our predictors, and we did not record it. */
  private static RunTags tags(RunTags ours) {
    return new RunTags(
        null,
        ours.scheduler(),
        null,
        ours.replicas(),
        ours.tensorParallel(),
        ours.pipelineParallel(),
        null);
  }

  /**
   * What the program said goes to {@code _originals/RUN_ID/}, whether it came to its end or not.
   */
  private void keepLog(Path scratch, String runId) throws IOException {
    org.apache.hadoop.fs.Path folder =
        new org.apache.hadoop.fs.Path(new org.apache.hadoop.fs.Path(resultsDir, LOGS), runId);
    FileSystem files = folder.getFileSystem(new Configuration());
    for (String log : List.of("stdout.log", "stderr.log")) {
      if (Files.exists(scratch.resolve(log))) {
        files.mkdirs(folder);
        files.copyFromLocalFile(
            false,
            true,
            new org.apache.hadoop.fs.Path(scratch.resolve(log).toUri()),
            new org.apache.hadoop.fs.Path(folder, log));
      }
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
