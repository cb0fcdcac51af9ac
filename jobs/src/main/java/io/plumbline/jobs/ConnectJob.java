package io.plumbline.jobs;

import io.plumbline.jobs.table.SparkSessions;
import io.plumbline.jobs.table.TablesExtension;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connect.service.SparkConnectService;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Serves the tables to clients of Spark Connect until it is ended. */
@Command(
    name = "connect",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Serves the tables and views of the results to clients of Spark Connect, in Java, Scala,"
          + " Python and others, until it is ended with Ctrl-C. A client sees what was there when it"
          + " connected. There is no password: whoever reaches the port can read, and run code in"
          + " the server.",
      ""
    },
    footer = {
      "",
      "Example, and a client in Python:",
      "  connect --port 15002",
      "  pyspark --remote sc://127.0.0.1:15002"
    })
public final class ConnectJob implements Callable<Integer> {
  private static final int DEFAULT_PORT = 15002;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port to listen on. Default: " + DEFAULT_PORT + ".")
  private int port = DEFAULT_PORT;

  @Option(
      names = "--host",
      defaultValue = "127.0.0.1",
      paramLabel = "ADDRESS",
      description = "Address to listen on. Default: ${DEFAULT-VALUE}, this machine alone.")
  private String host;

  @Mixin private ResultsOption results;

  @Spec private CommandSpec spec;

  /** Runs the job alone, as spark-submit does. */
  public static void main(String[] args) {
    JobCommand.runAndExit(new ConnectJob(), args);
  }

  @Override
  public Integer call() throws InterruptedException {
    String dir = results.readableDir();
    SparkSession spark =
        SparkSessions.open(
            "plumbline connect",
            Map.of(
                "spark.sql.extensions",
                TablesExtension.class.getName(),
                TablesExtension.RESULTS,
                dir,
                "spark.connect.grpc.binding.address",
                host,
                "spark.connect.grpc.binding.port",
                Integer.toString(port)));
    // Fails here, not at the first client, if the tables cannot be read.
    spark.sql("SELECT count(*) FROM run").collectAsList();
    SparkConnectService.start(spark.sparkContext());
    spec.commandLine()
        .getOut()
        .println("Serving %s at sc://%s:%d. Ctrl-C ends it.".formatted(dir, host, port));
    spec.commandLine().getOut().flush();
    new CountDownLatch(1).await();
    return JobCommand.DONE;
  }
}
