package io.plumbline.jobs;

import io.plumbline.files.BadInputException;
import io.plumbline.files.Names;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.vidur.VidurInput;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.report.RunSummary;
import io.plumbline.jobs.sweep.SweepPlan;
import io.plumbline.jobs.sweep.SweepPlanner;
import io.plumbline.jobs.sweep.SweepPoint;
import io.plumbline.jobs.sweep.SweepRunner;
import io.plumbline.jobs.table.RunReader;
import io.plumbline.jobs.table.RunRow;
import io.plumbline.jobs.vidur.PredictorChoice;
import io.plumbline.jobs.vidur.VidurPaths;
import io.plumbline.jobs.vidur.VidurSetup;
import io.plumbline.simulator.PoolSpec;
import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.PoolRole;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Simulates one point: of a sweep file, or of a setup of Vidur. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    customSynopsis = {
      "simulate [OPTIONS] FILE",
      "       simulate [OPTIONS] --vidur-config FILE",
      "       simulate [OPTIONS] --vidur-flags -- --FLAG VALUE …"
    },
    description = {
      "Simulates one point and shows what came out; its run is in the tables like those of a sweep.",
      "A setup of Vidur is taken as it is: its config.json, or the flags of its command line.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the run is in the tables",
      "1:the run broke",
      "2:the input is wrong, every problem is listed with its place"
    },
    footer = {
      "",
      "Examples:",
      "  simulate conf/quickstart/twin.yaml",
      "  simulate --vidur-config simulator_output/2026-01-31_12-00-00-000000/config.json",
      "  simulate --vidur-flags -- --replica_config_device h100 --replica_scheduler_config_type vllm",
      "  simulate --vidur-config cmd.txt --print-config > mine.yaml"
    })
public final class SimulateJob implements Callable<Integer> {
  private static final PredictorChoice DEFAULT_PREDICTOR = PredictorChoice.LEARNED;

  private static final String NEXT =
      """
        plumbline sql "SELECT request_id, ttft_ns / 1e6 AS ttft_ms, e2e_ns / 1e6 AS e2e_ms, preemptions FROM request_timing WHERE run_id = '%s' ORDER BY e2e_ns DESC LIMIT 5"%s
      """;

  @Parameters(
      paramLabel = "FILE",
      arity = "0..*",
      description = "A sweep file that has one point; conf/README.md has its form.")
  private List<String> arguments = List.of();

  @Option(
      names = "--vidur-config",
      paramLabel = "FILE",
      description = "A config.json that Vidur wrote, or a text with the command that ran it.")
  private Path vidurConfig;

  @Option(
      names = "--vidur-flags",
      description = "What follows -- are flags of Vidur's command line.")
  private boolean vidurFlags;

  @Option(
      names = "--predictor",
      paramLabel = "KIND",
      description =
          "What stands for the predictor of a setup of Vidur: learned (default), profiled or"
              + " roofline.")
  private PredictorChoice predictor;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description =
          "Name of a setup of Vidur in the table sweep_point. Default: that of its file or folder.")
  private String name;

  @Option(
      names = "--print-config",
      description = "Print the sweep file that a setup of Vidur is, and run nothing.")
  private boolean printConfig;

  @Option(names = "--force", description = "Run it again if it is done already.")
  private boolean force;

  @Mixin private ResultsOption results;

  @Spec private CommandSpec spec;

  /** Runs the job alone, as spark-submit does. */
  public static void main(String[] args) {
    JobCommand.runAndExit(new SimulateJob(), args);
  }

  @Override
  public Integer call() {
    boolean fromVidur = vidurConfig != null || vidurFlags;
    return fromVidur ? simulateVidur() : simulateFile();
  }

  private int simulateFile() {
    if (arguments.isEmpty()) {
      throw new BadInputException(
          "nothing to simulate. Maybe name a sweep file, or: --vidur-config FILE");
    }
    if (arguments.size() != 1) {
      throw new BadInputException(
          "simulate takes one sweep file, found %d. Maybe: --vidur-flags -- %s"
              .formatted(arguments.size(), String.join(" ", arguments)));
    }
    Path file = Path.of(arguments.get(0));
    if (printConfig || predictor != null || name != null) {
      throw new BadInputException(
          "--print-config, --predictor and --name are for setups of Vidur; %s is a sweep file and says all that itself."
              .formatted(file));
    }
    return simulate(ConfNode.read(file), Home.paths(file, results.dir()));
  }

  private int simulateVidur() {
    if (vidurConfig != null && (vidurFlags || !arguments.isEmpty())) {
      throw new BadInputException(
          "--vidur-config (%s) is the whole setup, so nothing can be given besides (%s)."
              .formatted(vidurConfig, vidurFlags ? "--vidur-flags" : arguments.get(0)));
    }
    VidurInput input =
        vidurConfig != null ? VidurInput.read(vidurConfig) : VidurInput.ofFlags(arguments);
    VidurPaths paths = Home.vidurPaths(vidurConfig);
    PredictorChoice chosen = predictor == null ? DEFAULT_PREDICTOR : predictor;
    VidurSetup setup = VidurSetup.of(input, chosen, paths);
    input.notes().forEach(spec.commandLine().getErr()::println);
    if (printConfig) {
      spec.commandLine().getOut().print(setup.yaml(setupName()));
      spec.commandLine().getOut().flush();
      return JobCommand.DONE;
    }
    return simulate(setup.sweepFile(setupName()), paths.resolver());
  }

  /** Vidur calls every file config.json, so its folder says more. */
  private String setupName() {
    if (name != null) {
      return name;
    }
    if (vidurConfig == null) {
      return "vidur";
    }
    Path file = vidurConfig.toAbsolutePath().normalize();
    String stem = file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
    boolean says = !stem.equals("config") && !stem.equals("cmd") && file.getNameCount() > 1;
    String given = says ? stem : file.getParent().getFileName().toString();
    String folderName = given.replaceAll("[^A-Za-z0-9._-]", "-").replaceFirst("^[._-]+", "");
    return folderName.isEmpty() ? "vidur" : folderName;
  }

  private int simulate(ConfNode file, PathResolver paths) {
    SweepPlan plan = SweepPlanner.plan(file, Home.models(), paths);
    if (plan.points().size() != 1) {
      throw new BadInputException(
          "%s has %d points, and simulate runs one. Maybe: plumbline sweep %s"
              .formatted(file.file(), plan.points().size(), file.file()));
    }
    SweepPoint point = plan.points().get(0);
    String dir = results.writableDir();
    // A sweep may have left it alone after it broke: whoever names one run wants it tried.
    SweepRunner.Todo todo =
        SweepRunner.todo(plan, dir, force ? SweepRunner.Redo.ALL : SweepRunner.Redo.FAILED);
    List<SweepRunner.Failure> failures = SweepRunner.runHere(plan, todo, dir, results.trainedDir());
    if (!failures.isEmpty()) {
      spec.commandLine()
          .getErr()
          .printf("Run %s broke: %s%n", point.runId(), failures.get(0).message());
      return JobCommand.CHECK_FAILED;
    }
    show(plan.name(), point, todo.size() == 0, dir);
    return JobCommand.DONE;
  }

  private static String replicas(PoolSpec pool) {
    return "%d %sreplica%s of %d %s"
        .formatted(
            pool.replicas(),
            pool.role() == PoolRole.MIXED ? "" : Names.constant(pool.role()) + " ",
            pool.replicas() == 1 ? "" : "s",
            pool.deployment().parallelism().devices(),
            pool.deployment().device().name());
  }

  private void show(String pointName, SweepPoint point, boolean wasThere, String dir) {
    RunReader reader = new RunReader(dir);
    RunRow run = reader.run(Origin.SIMULATED, point.runId());
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s, run %s%s: %s, %s, %s, %s.%n",
        pointName,
        point.runId(),
        wasThere ? " (done already)" : "",
        run.model(),
        point.spec().pools().stream().map(SimulateJob::replicas).collect(Collectors.joining(", ")),
        run.scheduler(),
        run.predictor());
    out.println(RunSummary.text(run, reader.requests(Origin.SIMULATED, point.runId())));
    out.printf("The run is in %s. Next, for example:%n", dir);
    out.printf(NEXT, point.runId(), results.asGiven());
    out.flush();
  }
}
