package io.plumbline.files.run;

import io.plumbline.files.BadInputException;
import io.plumbline.trace.Sha256;
import io.plumbline.trace.run.IterationTiming;
import io.plumbline.trace.run.RequestAttempt;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunManifest;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.run.TokenTimes;
import io.plumbline.trace.workload.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A run as a folder: {@code request_metrics.csv}, {@code run_meta.json} and, where they were
 * recorded, {@code token_metrics.csv}, {@code iteration_metrics.csv} and {@code
 * attempt_metrics.csv}. Real engines and simulators leave the same folder behind. What only a
 * simulator can know is not kept in it: utilization, operators, and which requests an iteration
 * ran.
 */
public final class RunFolder {
  private static final String REQUESTS = "request_metrics.csv";
  private static final String TOKENS = "token_metrics.csv";
  private static final String ITERATIONS = "iteration_metrics.csv";
  private static final String ATTEMPTS = "attempt_metrics.csv";
  private static final String META = "run_meta.json";

  /** What a folder holds. */
  public record LoadedRun(Workload workload, RunTrace trace, RunManifest manifest) {}

  private RunFolder() {}

  /**
   * Reads a folder, whoever wrote it.
   *
   * @throws BadInputException naming file, line, column and value
   */
  public static LoadedRun read(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new BadInputException("no such folder: " + folder);
    }
    RequestTable.Loaded requests = RequestTable.read(folder.resolve(REQUESTS));
    Path tokensFile = folder.resolve(TOKENS);
    TokenTimes tokens =
        Files.exists(tokensFile) ? TokenTable.read(tokensFile, requests.timings()) : null;
    Path iterationsFile = folder.resolve(ITERATIONS);
    List<IterationTiming> iterations =
        Files.exists(iterationsFile) ? IterationTable.read(iterationsFile) : List.of();
    Path attemptsFile = folder.resolve(ATTEMPTS);
    List<RequestAttempt> attempts =
        Files.exists(attemptsFile)
            ? AttemptTable.read(attemptsFile, requests.timings().size())
            : List.of();
    RunTrace trace = new RunTrace(requests.timings(), iterations, tokens, attempts);
    RunManifest manifest =
        RunMeta.read(folder.resolve(META), contentHash(folder), requests.workload().workloadId());
    return new LoadedRun(requests.workload(), trace, manifest);
  }

  private static String contentHash(Path folder) {
    Sha256 sha = new Sha256();
    try {
      for (String name : List.of(REQUESTS, TOKENS, ITERATIONS, ATTEMPTS, META)) {
        Path file = folder.resolve(name);
        if (Files.exists(file)) {
          sha.putText(name).putBytes(Files.readAllBytes(file));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sha.shortHex();
  }

  /**
   * Writes a folder that {@link #read} reads back as the same run. It appears at once and whole; an
   * earlier run in its place is replaced.
   *
   * @throws IllegalArgumentException if trace, workload and manifest are not of one run
   * @throws BadInputException if something else than a run stands in its place
   */
  public static void write(Path folder, Workload workload, RunTrace trace, RunManifest manifest) {
    requireOneRun(workload, trace, manifest);
    Path target = folder.toAbsolutePath().normalize();
    requireReplaceable(target);
    Path unfinished = sibling(target, "unfinished");
    try {
      Files.createDirectories(unfinished);
      try {
        RequestTable.write(
            unfinished.resolve(REQUESTS), workload, trace.requests(), manifest.engine());
        if (trace.tokens() != null) {
          TokenTable.write(unfinished.resolve(TOKENS), trace.tokens());
        }
        if (!trace.iterations().isEmpty()) {
          IterationTable.write(unfinished.resolve(ITERATIONS), trace.iterations());
        }
        if (!trace.attempts().isEmpty()) {
          AttemptTable.write(unfinished.resolve(ATTEMPTS), trace.attempts());
        }
        Files.writeString(unfinished.resolve(META), RunMeta.write(manifest));
        replace(unfinished, target);
      } finally {
        deleteIfThere(unfinished);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void requireOneRun(Workload workload, RunTrace trace, RunManifest manifest) {
    trace.requireAccountsFor(workload);
    if (!workload.workloadId().equals(manifest.workloadId())) {
      throw new IllegalArgumentException(
          "the manifest is of workload %s, not of %s"
              .formatted(manifest.workloadId(), workload.workloadId()));
    }
    TokenTimes tokens = trace.tokens();
    for (RequestTiming timing : trace.requests()) {
      if (tokens != null && tokens.tokens(timing.requestId()) != timing.producedTokens()) {
        throw new IllegalArgumentException(
            "Request (%d) has %d token times but producedTokens is %d"
                .formatted(
                    timing.requestId(),
                    tokens.tokens(timing.requestId()),
                    timing.producedTokens()));
      }
    }
  }

  private static void requireReplaceable(Path target) {
    if (!Files.exists(target) || Files.exists(target.resolve(META))) {
      return;
    }
    if (Files.isDirectory(target)) {
      try (Stream<Path> files = Files.list(target)) {
        if (files.findAny().isEmpty()) {
          return;
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    throw new BadInputException(
        "%s is there and is not a run folder. Maybe choose another output folder."
            .formatted(target));
  }

  private static void replace(Path unfinished, Path target) throws IOException {
    Path earlier = sibling(target, "earlier");
    if (Files.exists(target)) {
      Files.move(target, earlier);
    }
    try {
      Files.move(unfinished, target);
    } catch (IOException e) {
      if (Files.exists(earlier)) {
        Files.move(earlier, target);
      }
      throw e;
    }
    deleteIfThere(earlier);
  }

  private static Path sibling(Path target, String purpose) {
    return target.resolveSibling(
        ".%s.%s-%s".formatted(target.getFileName(), purpose, UUID.randomUUID()));
  }

  private static void deleteIfThere(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
