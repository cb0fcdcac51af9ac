package io.plumbline.jobs.process;

import io.plumbline.files.BadInputException;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Runs a program as a process of its own, in a folder of its own, and ends it with all its children
 * when it exceeds its limits, when it is not wanted any more, or when this JVM ends. The standard
 * error goes to a file, the standard output line by line to whoever reads it.
 */
public final class ProcessRun {
  private static final long WATCH_MILLIS = 100;
  private static final long MERCY_MILLIS = 2_000;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final int TAIL_CHARACTERS = 2_000;

  private final List<String> command;
  private final Path folder;
  private final Map<String, String> environment;
  private final Limits limits;

  /**
   * A program that is not started yet.
   *
   * @param folder where it runs; it exists
   * @param environment variables beside those of this JVM
   */
  public ProcessRun(
      List<String> command, Path folder, Map<String, String> environment, Limits limits) {
    this.command = List.copyOf(command);
    this.folder = folder;
    this.environment = Map.copyOf(environment);
    this.limits = limits;
  }

  /**
   * Runs it to its end.
   *
   * @param standardError file for what it complains about
   * @param lines is handed each line of the standard output; what it throws ends the process
   * @param unwanted is asked now and then whether nobody waits any more
   * @throws BadInputException if there is no such program
   */
  public Ended run(Path standardError, Consumer<String> lines, BooleanSupplier unwanted) {
    long start = System.nanoTime();
    Process process = start(standardError);
    Thread endWithUs = new Thread(() -> end(process), "end of " + command.get(0));
    Runtime.getRuntime().addShutdownHook(endWithUs);
    Watch watch = new Watch(process, start, unwanted);
    watch.start();
    try {
      read(process, lines);
      int status = process.waitFor();
      watch.join();
      return new Ended(
          status,
          watch.killed.get(),
          (System.nanoTime() - start) / NANOS_PER_SECOND,
          watch.peakMib(),
          lastLine(standardError));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while %s ran".formatted(command.get(0)), e);
    } finally {
      end(process);
      removeHook(endWithUs);
    }
  }

  private Process start(Path standardError) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(nothing()))
            .redirectError(standardError.toFile());
    builder.environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new BadInputException(
          "cannot start %s: %s. Maybe it is not built, or not executable."
              .formatted(command.get(0), e.getMessage()),
          e);
    }
  }

  private static File nothing() {
    return Path.of(System.getProperty("os.name").startsWith("Windows") ? "NUL" : "/dev/null")
        .toFile();
  }

  private static void read(Process process, Consumer<String> lines) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.accept(line);
      }
    } catch (IOException e) {
      // A process that is killed closes its end; what it said until then counts.
      if (process.isAlive()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Ends a process and whatever it started: first kindly, then not. */
  private static void end(Process process) {
    List<ProcessHandle> family =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    family.forEach(ProcessHandle::destroy);
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MERCY_MILLIS);
    while (family.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < deadline) {
      try {
        Thread.sleep(WATCH_MILLIS / 4);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    family.forEach(ProcessHandle::destroyForcibly);
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // This JVM is ending already, and the hook runs.
    }
  }

  private static String lastLine(Path file) {
    try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      String last = null;
      for (String line : (Iterable<String>) lines::iterator) {
        last = line.isBlank() ? last : line.strip();
      }
      return last == null || last.length() <= TAIL_CHARACTERS
          ? last
          : last.substring(0, TAIL_CHARACTERS);
    } catch (IOException e) {
      return null;
    }
  }

  /** Looks at a process until it ends. */
  private final class Watch extends Thread {
    private final Process process;
    private final long start;
    private final BooleanSupplier unwanted;
    private final AtomicReference<String> killed = new AtomicReference<>();
    private volatile long peakKib = -1;

    private Watch(Process process, long start, BooleanSupplier unwanted) {
      super("watch of " + command.get(0));
      this.process = process;
      this.start = start;
      this.unwanted = unwanted;
      setDaemon(true);
    }

    @Override
    public void run() {
      try {
        while (!process.waitFor(WATCH_MILLIS, TimeUnit.MILLISECONDS)) {
          String why = exceeded();
          if (why != null) {
            killed.set(why);
            end(process);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private String exceeded() {
      long kib = memoryKib();
      peakKib = Math.max(peakKib, kib);
      if ((System.nanoTime() - start) / NANOS_PER_SECOND > limits.seconds()) {
        return "it took longer than %s s".formatted(limits.seconds());
      }
      if (limits.memoryMib() != null && kib > limits.memoryMib() * 1024) {
        return "it took %d MiB of memory, more than %d".formatted(mib(kib), limits.memoryMib());
      }
      return unwanted.getAsBoolean() ? "nobody waits for it any more" : null;
    }

    private long memoryKib() {
      return Stream.concat(process.descendants(), Stream.of(process.toHandle()))
          .mapToLong(handle -> ResidentMemory.kib(handle.pid()))
          .filter(kib -> kib > 0)
          .sum();
    }

    /** Rounded up: what is above a limit must look so. */
    private static long mib(long kib) {
      return (kib + 1023) / 1024;
    }

    private Long peakMib() {
      return peakKib <= 0 ? null : Long.valueOf(mib(peakKib));
    }
  }
}
