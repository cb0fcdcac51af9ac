package io.plumbline.jobs;

import io.plumbline.files.profile.ProfileMeta;
import io.plumbline.jobs.measure.Profiling;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures the operators of a model on this machine. */
@Command(
    name = "profile",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Times the operators of a model on this machine, as the serving engine runs them, over tokens,",
      "requests and contexts, and what the host does besides (docs/profiling.md). The profile has",
      "Vidur's layout: the predictors profiled and learned read it with root: profiles/NAME.",
      "An interrupted call goes on where it stopped; what is done is not done again.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:the profile is there", "2:the file is wrong, or the engine refuses it"},
    footer = {"", "Examples:", "  profile conf/profile/tiny-cpu.yaml"})
public final class ProfileJob implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "The profile; docs/profiling.md has its form.")
  private Path file;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder of the profile. Default: profiles/NAME below the results.")
  private Path out;

  @Option(names = "--force", description = "Forget what was measured before.")
  private boolean force;

  @Mixin private ResultsOption results;

  @Spec private CommandSpec spec;

  /** Runs the job alone, as spark-submit does. */
  public static void main(String[] args) {
    JobCommand.runAndExit(new ProfileJob(), args);
  }

  @Override
  public Integer call() {
    Profiling profiling = Profiling.read(file, Home.dir(), Home.paths(file));
    Path folder = out == null ? results.profilesDir().resolve(profiling.name()) : out;
    Profiling.Outcome outcome = profiling.run(folder, force);
    ProfileMeta meta = profiling.meta(folder);
    PrintWriter stdout = spec.commandLine().getOut();
    stdout.printf(
        "%s: %d sizes of batches of %s on %s. It is in %s.%n",
        outcome == Profiling.Outcome.MEASURED ? "Measured" : "Done already",
        meta.points(),
        meta.model(),
        meta.hardware(),
        folder);
    stdout.flush();
    return JobCommand.DONE;
  }
}
