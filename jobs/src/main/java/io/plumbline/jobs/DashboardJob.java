package io.plumbline.jobs;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.dashboard.DashboardServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the results in a browser: a page that reads the Parquet files itself. */
@Command(
    name = "dashboard",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Serves a page over the results on this machine's loopback address and opens it: runs, sweeps,"
          + " simulated against measured, what the error is made of. It only reads, needs no Spark"
          + " and no network, and ends with Ctrl-C.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"2:the results are not on this machine, or the port is taken"})
public final class DashboardJob implements Callable<Integer> {
  private static final int DEFAULT_PORT = 8717;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port to listen on; 0 takes a free one. Default: " + DEFAULT_PORT + ".")
  private int port = DEFAULT_PORT;

  @Option(names = "--no-open", description = "Open no browser, only say where the page is.")
  private boolean stayClosed;

  @Mixin private ResultsOption results;

  @Spec private CommandSpec spec;

  /** Runs the job alone. */
  public static void main(String[] args) {
    JobCommand.runAndExit(new DashboardJob(), args);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    String dir = results.readableDir();
    if (dir.contains("://")) {
      throw new BadInputException(
          "the dashboard reads local files, and --results is %s. Maybe copy the folder here."
              .formatted(dir));
    }
    PrintWriter out = spec.commandLine().getOut();
    try (DashboardServer server = new DashboardServer(Path.of(dir), port)) {
      out.println("%s shows %s. Ctrl-C ends it.".formatted(server.url(), dir));
      out.flush();
      if (!stayClosed) {
        open(server.url());
      }
      new CountDownLatch(1).await();
    }
    return JobCommand.DONE;
  }

  /** Where there is no browser, the address has been said. */
  private static void open(String url) {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    List<String> command =
        system.contains("win")
            ? List.of("rundll32", "url.dll,FileProtocolHandler", url)
            : List.of(system.contains("mac") ? "open" : "xdg-open", url);
    try {
      new ProcessBuilder(command)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      // Nothing opens pages here.
    }
  }
}
