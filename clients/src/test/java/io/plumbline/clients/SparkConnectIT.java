package io.plumbline.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connect.SparkSession$;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The packaged {@code plumbline connect}, asked by Spark Connect's own client for the JVM. */
@DisabledOnOs(OS.WINDOWS)
class SparkConnectIT {
  private static final Path LAUNCHER = Path.of(System.getProperty("plumbline.home"), "plumbline");

  @TempDir static Path temp;

  private static Process server;
  private static int port;

  @BeforeAll
  static void serve() throws IOException, InterruptedException {
    Path results = temp.resolve("results");
    Process simulate = start("simulate", point().toString(), "--results", results.toString());
    String said = new String(simulate.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(simulate.waitFor()).as(said).isZero();
    port = freePort();
    server = start("connect", "--port", Integer.toString(port), "--results", results.toString());
    BufferedReader out =
        new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    while (line != null && !line.startsWith("Serving ")) {
      line = out.readLine();
    }
    assertThat(line).as("the server ended before it served").isNotNull();
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (server != null) {
      server.descendants().forEach(ProcessHandle::destroy);
      server.destroy();
      assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static Process start(String... args) throws IOException {
    List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PLUMBLINE_NO_BUILD", "1");
    builder.environment().put("PLUMBLINE_HEAP", "-Xmx1g");
    builder.environment().remove("SPARK_HOME");
    return builder.start();
  }

  private static Path point() throws IOException {
    return Files.writeString(
        temp.resolve("point.yaml"),
        """
        name: connect
        simulate:
          workload:
            kind: synthetic
            requests: 5
            seed: 1
            arrivals: all_at_zero
            lengths: {kind: fixed, prompt_tokens: 64, output_tokens: 8}
          model: meta-llama/Meta-Llama-3-8B
          device: a100-80gb
          scheduler: sarathi
          predictor: roofline
        """);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void everyClientHasTheTablesAndViews() {
    for (int client = 0; client < 2; client++) {
      SparkSession spark =
          SparkSession$.MODULE$.builder().remote("sc://127.0.0.1:" + port).create();
      try {
        assertThat(spark.sql("SELECT requests, completed FROM run").collectAsList())
            .extracting(Object::toString)
            .containsExactly("[5,5]");
        assertThat(spark.table("run_latency").count()).isEqualTo(1);
        assertThat(spark.sql("SELECT * FROM error_summary").collectAsList()).isEmpty();
      } finally {
        spark.stop();
      }
    }
  }
}
