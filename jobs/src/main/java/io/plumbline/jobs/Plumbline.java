package io.plumbline.jobs;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line: every job is a subcommand. */
@Command(
    name = "plumbline",
    mixinStandardHelpOptions = true,
    version = "plumbline 0.1.0",
    description = {
      "Shows how far LLM-inference GPU simulators are from real GPUs: simulate a workload, measure"
          + " it, join both request by request, read the error.",
      ""
    },
    subcommandsRepeatable = false,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      QuickstartJob.class,
      SimulateJob.class,
      SweepJob.class,
      SearchJob.class,
      ProfileJob.class,
      MeasureJob.class,
      IngestJob.class,
      CompareJob.class,
      AttributeJob.class,
      ScoreJob.class,
      FidelityJob.class,
      CalibrateJob.class,
      ConformanceJob.class,
      AccelSimJob.class,
      OperatorJob.class,
      ReportJob.class,
      SqlJob.class,
      ConnectJob.class,
      DashboardJob.class,
      SensitivityJob.class,
      ExportJob.class,
      FetchJob.class,
      BenchJob.class,
      CompactJob.class,
      VacuumJob.class,
      HelpCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:a check said no", "2:bad input or usage"},
    footer = {"", "Begin with: plumbline quickstart"})
public final class Plumbline implements Callable<Integer> {
  @Spec private CommandSpec spec;

  public static void main(String[] args) {
    JobCommand.runAndExit(new Plumbline(), args);
  }

  /** Without a command: says what there is. */
  @Override
  public Integer call() {
    CommandLine command = spec.commandLine();
    command.usage(command.getOut());
    return JobCommand.DONE;
  }
}
