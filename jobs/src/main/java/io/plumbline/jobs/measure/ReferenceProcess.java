package io.plumbline.jobs.measure;

import io.plumbline.files.BadInputException;
import io.plumbline.files.Progress;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Starts the reference engine in a JVM of its own, so that its native libraries and threads stay
 * apart from Spark's. Its messages and its progress go to this process's stderr.
 */
final class ReferenceProcess {
  private static final String RUN = "io.plumbline.reference.ReferenceRun";
  private static final String PROFILE = "io.plumbline.reference.ProfileRun";
  private static final String ARCHIVE = "io.plumbline.reference.ArchiveRun";

  /** Exit codes of the engine's main. */
  private static final int DONE = 0;

  private static final int BAD_INPUT = 2;

  /**
   * Without these, glibc maps and unmaps every tensor above 32 MiB anew, and a prefill of 1,024
   * tokens takes several times as long. A user's own values win; the run records them.
   */
  private static final Map<String, String> MALLOC =
      Map.of(
          "MALLOC_MMAP_MAX_", "0",
          "MALLOC_TRIM_THRESHOLD_", "4294967296",
          "MALLOC_TOP_PAD_", "268435456");

  private static final String OWN_JAR_GLOB = "plumbline-reference-*.jar";

  private final Path home;

  ReferenceProcess(Path home) {
    this.home = home;
  }

  /**
   * Makes one run and waits for it.
   *
   * @param specFile file that holds the engine's options
   * @param specKey key of the options in that file
   * @param model name or path of the model
   * @param workload folder of the workload
   * @param repeat which of several runs of the same file it is, from 1; null if there is only one
   * @param out folder for the run
   * @throws BadInputException if the engine refuses its input; it has said why on stderr
   */
  void run(Path specFile, String specKey, String model, Path workload, Integer repeat, Path out) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--spec", specFile.toString(), "--spec-key", specKey));
    arguments.addAll(List.of("--model", model));
    arguments.addAll(List.of("--workload", workload.toString(), "--out", out.toString()));
    if (repeat != null) {
      arguments.addAll(List.of("--repeat", repeat.toString()));
    }
    start(RUN, arguments);
  }

  /**
   * Measures a profile, or what is left of it, and waits for it.
   *
   * @param specFile file of the profile
   * @param model name or path of the model
   * @param device name of the device in the profile's folders
   * @param node name of the node, likewise
   * @param out folder of the profile
   * @param again whether to forget what was measured before
   * @throws BadInputException if the engine refuses its input; it has said why on stderr
   */
  void profile(Path specFile, String model, String device, String node, Path out, boolean again) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--spec", specFile.toString(), "--spec-key", "profile"));
    arguments.addAll(List.of("--model", model, "--device", device, "--node", node));
    arguments.addAll(List.of("--out", out.toString()));
    if (again) {
      arguments.add("--force");
    }
    start(PROFILE, arguments);
  }

  /**
   * Writes the engine's decoder as a TorchScript file, for PyTorch elsewhere.
   *
   * @param model name or path of the model
   * @param out the file
   */
  void archive(String model, Path out) {
    start(ARCHIVE, List.of("--model", model, "--out", out.toString()));
  }

  private void start(String main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dai.djl.offline=true");
    command.add("-Dplumbline.home=" + home);
    command.add("-D%s=%s".formatted(Progress.TERMINAL_PROPERTY, Progress.onTerminal()));
    command.addAll(List.of("-cp", classpath(), main));
    command.addAll(arguments);
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT);
      MALLOC.forEach(builder.environment()::putIfAbsent);
      int exitCode = waitFor(builder.start());
      if (exitCode == BAD_INPUT) {
        throw new BadInputException("Nothing was measured.");
      }
      if (exitCode != DONE) {
        throw new IllegalStateException("the reference engine ended with exit code " + exitCode);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start the reference engine", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while measuring", e);
    }
  }

  /** Takes the engine along, whichever way this process ends: nobody would take in its run. */
  private static int waitFor(Process engine) throws InterruptedException {
    Thread endWithUs = new Thread(engine::destroy, "end of the reference engine");
    Runtime.getRuntime().addShutdownHook(endWithUs);
    try {
      return engine.waitFor();
    } finally {
      engine.destroy();
      removeHook(endWithUs);
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // This process is ending already, and the hook runs.
    }
  }

  private String classpath() {
    Path target = home.resolve("reference").resolve("target");
    Path dependencies = target.resolve("classpath.txt");
    try {
      if (!Files.exists(dependencies)) {
        throw new BadInputException(
            "no %s: the reference engine is not built. Maybe run: mvn -q -Dquick -DskipTests package"
                .formatted(dependencies));
      }
      try (var jars = Files.newDirectoryStream(target, OWN_JAR_GLOB)) {
        return jars.iterator().next() + File.pathSeparator + Files.readString(dependencies).strip();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + dependencies, e);
    }
  }
}
