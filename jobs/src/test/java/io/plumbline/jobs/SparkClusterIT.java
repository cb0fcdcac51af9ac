package io.plumbline.jobs;

import static io.plumbline.jobs.TinyProfile.lines;
import static io.plumbline.jobs.UserShell.HOME;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.jobs.table.Tables;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A sweep on a Spark standalone cluster whose processes are killed while it runs, and a reader that
 * looks all the time. {@code -Dplumbline.cluster.driver.kills=10} kills as many drivers.
 */
@DisabledOnOs(OS.WINDOWS)
@EnabledIfSystemProperty(
    named = "plumbline.cluster.driver.kills",
    matches = "\\d+",
    disabledReason = "SKIPPED: takes five minutes; -Dplumbline.cluster.driver.kills=1 runs it")
class SparkClusterIT {
  private static final int DRIVER_KILLS = Integer.getInteger("plumbline.cluster.driver.kills", 1);
  private static final int POINTS = 600;
  private static final int REQUESTS = 150;
  private static final Path CLUSTER = HOME.resolve("extern/spark/cluster.sh");

  @TempDir Path temp;
  private Path results;
  private Path sweep;
  private int port;
  private String more = "";
  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void startCluster() throws Exception {
    results = temp.resolve("results");
    sweep = temp.resolve("cluster.yaml");
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort() - 100;
    }
    writeSweep();
    Process start = cluster("start");
    assertThat(start.waitFor(3, TimeUnit.MINUTES)).isTrue();
    assertThat(start.exitValue()).as(Files.readString(temp.resolve("start.log"))).isZero();
  }

  private void writeSweep() {
    StringBuilder seeds = new StringBuilder("1");
    for (int seed = 2; seed <= POINTS / 4; seed++) {
      seeds.append(", ").append(seed);
    }
    lines(
        sweep,
        "name: cluster",
        "simulate:",
        "  workload:",
        "    kind: synthetic",
        "    requests: " + REQUESTS,
        "    seed: [" + seeds + "]",
        "    arrivals: {kind: poisson, requests_per_second: 50}",
        "    lengths: {kind: uniform, min_prompt_tokens: 8, max_prompt_tokens: 64,"
            + " min_output_tokens: 100, max_output_tokens: 400}",
        "  model: plumbline/tiny",
        "  device: [a100, h100]",
        "  scheduler: [sarathi, vllm]",
        "  predictor: roofline");
  }

  @AfterEach
  void stopCluster() throws Exception {
    for (Process process : started) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    cluster("stop").waitFor(30, TimeUnit.SECONDS);
    for (String name : List.of("worker1", "worker2", "master")) {
      Path pid = temp.resolve("cluster").resolve(name + ".pid");
      if (Files.exists(pid)) {
        kill(Long.parseLong(Files.readString(pid).strip()));
      }
    }
  }

  @Test
  void whateverIsKilledEveryRunIsThereOnceAndNothingIsSeenByHalves() throws Exception {
    try (Reader reader = new Reader(results)) {
      long worker1 = pid("worker1");
      long worker2 = pid("worker2");
      Process driver = cluster("submit", "sweep", sweep.toString(), "--results=" + results);
      await("a first pack", () -> packs() > 0 || !driver.isAlive());
      kill(executorsOf(worker1).get(0).pid());
      int before = packs();
      await("more packs", () -> packs() > before + 1 || !driver.isAlive());
      List<ProcessHandle> orphans = executorsOf(worker2);
      kill(worker2);
      orphans.forEach(executor -> kill(executor.pid()));
      int without = packs();
      await("a pack without the second worker", () -> packs() > without || !driver.isAlive());
      assertThat(driver.isAlive()).as("killed while it ran").isTrue();
      SplittableRandom random = new SplittableRandom(7);
      killDriver(driver, random);
      assertThat(eventLog()).contains("\"sweep cluster: " + POINTS + " runs in ");

      cluster("start").waitFor(2, TimeUnit.MINUTES);
      finish();
      reader.requireAll(POINTS);

      if (DRIVER_KILLS > 1) {
        killDrivers(random, reader);
        reader.requireAll(POINTS);
      }
    }
  }

  /**
   * Three runs want more memory than an executor has, which ends its process where it is set up so,
   * as YARN does by itself. They are in one task, with runs that are well.
   */
  @Test
  void runsThatKillTheirExecutorAreGivenUpAndAllOthersAreMade() throws Exception {
    lines(
        sweep,
        "name: poison",
        "simulate:",
        "  workload: {kind: synthetic, requests: 5, seed: [1, 2, 3], arrivals: all_at_zero,"
            + " lengths: {kind: uniform, min_prompt_tokens: 8, max_prompt_tokens: 64,"
            + " min_output_tokens: 1, max_output_tokens: 9}}",
        "  model: plumbline/tiny",
        "  device: a100",
        "  scheduler: {kind: vllm_v1, enable_prefix_caching: true}",
        "  kv_cache: {blocks: [100, 2000000000]}",
        "  predictor: roofline");
    more = " --conf spark.executor.extraJavaOptions=-XX:+ExitOnOutOfMemoryError";

    Process driver = cluster("submit", "sweep", sweep.toString(), "--results=" + results);

    assertThat(driver.waitFor(6, TimeUnit.MINUTES)).isTrue();
    String log = Files.readString(temp.resolve("submit.log"));
    assertThat(driver.exitValue()).as(log).isEqualTo(JobCommand.CHECK_FAILED);
    assertThat(log).contains("3 runs broke, 3 are in");
    Tables.register(SharedSpark.session(), results.toString());
    assertThat(
            SharedSpark.session()
                .sql(
                    "SELECT outcome, count(*), sum(completed), min(substring(message, 1, 16))"
                        + " FROM run GROUP BY 1 ORDER BY 1")
                .collectAsList())
        .hasToString("[[completed,3,15,null], [failed,3,0,its process died]]");
    assertThat(results.resolve("packs/running")).isEmptyDirectory();
    Process again = cluster("submit", "sweep", sweep.toString(), "--results=" + results);
    assertThat(again.waitFor(3, TimeUnit.MINUTES)).isTrue();
    assertThat(Files.readString(temp.resolve("submit.log")))
        .contains("3 done already, 0 to run, 3 broke too often.");
  }

  /** The sweep is made again from nothing; a killed driver leaves what its tasks published. */
  private void killDrivers(SplittableRandom random, Reader reader) throws Exception {
    reader.expectFewerAgain();
    try (Stream<Path> files = Files.walk(results)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    reader.start();
    for (int kill = 0; kill < DRIVER_KILLS; kill++) {
      int before = packs();
      Process driver = cluster("submit", "sweep", sweep.toString(), "--results=" + results);
      await("a pack of this driver", () -> packs() > before || !driver.isAlive());
      killDriver(driver, random);
    }
    finish();
  }

  private static void killDriver(Process driver, SplittableRandom random) throws Exception {
    Thread.sleep(random.nextLong(1_500));
    driver.descendants().forEach(ProcessHandle::destroyForcibly);
    driver.destroyForcibly().waitFor();
  }

  private void finish() throws Exception {
    Process last = cluster("submit", "sweep", sweep.toString(), "--results=" + results);
    assertThat(last.waitFor(3, TimeUnit.MINUTES)).isTrue();
    assertThat(last.exitValue()).as(Files.readString(temp.resolve("submit.log"))).isZero();
  }

  private Process cluster(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(CLUSTER.toString()));
    command.addAll(List.of(arguments));
    Path log = temp.resolve(arguments[0] + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("PLUMBLINE_CLUSTER", temp.resolve("cluster").toString());
    builder.environment().put("PLUMBLINE_CLUSTER_PORT", String.valueOf(port));
    builder
        .environment()
        .put(
            "PLUMBLINE_CLUSTER_CONF",
            "--conf spark.eventLog.compress=false --conf spark.speculation.multiplier=1.1 --conf spark.speculation.quantile=0.2"
                + " --conf spark.speculation.interval=200ms --conf spark.ui.enabled=false"
                + " --conf spark.speculation.minTaskRuntime=10ms"
                + more);
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private long pid(String name) throws IOException {
    return Long.parseLong(Files.readString(temp.resolve("cluster/" + name + ".pid")).strip());
  }

  private static List<ProcessHandle> executorsOf(long worker) {
    List<ProcessHandle> executors = new ArrayList<>();
    ProcessHandle.of(worker).ifPresent(handle -> handle.descendants().forEach(executors::add));
    return executors;
  }

  private static void kill(long pid) {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  private int packs() {
    String[] names = results.resolve("packs/manifest").toFile().list();
    return names == null ? 0 : (int) Stream.of(names).filter(name -> name.startsWith("p")).count();
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("waited two minutes for " + what);
      }
      Thread.sleep(20);
    }
  }

  private String eventLog() throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.walk(temp.resolve("cluster/events"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (file.getFileName().toString().startsWith("events_")) {
          text.append(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1));
        }
      }
    }
    return text.toString();
  }

  /** Looks at the tables again and again, and notes what must never be seen. */
  private static final class Reader implements AutoCloseable {
    private final Path results;
    private final SparkSession spark = SharedSpark.session();
    private final List<String> wrong = new ArrayList<>();
    private Thread thread;
    private volatile boolean ended;
    private long most;
    private int looks;

    private Reader(Path results) {
      this.results = results;
      start();
    }

    private void start() {
      ended = false;
      thread = new Thread(this::lookOn, "reader");
      thread.start();
    }

    private void expectFewerAgain() throws InterruptedException {
      close();
      most = 0;
    }

    private void lookOn() {
      while (!ended) {
        look();
        try {
          Thread.sleep(300);
        } catch (InterruptedException e) {
          return;
        }
      }
    }

    private synchronized void look() {
      Tables.register(spark, results.toString());
      Row seen =
          spark
              .sql(
                  "SELECT count(*), count(DISTINCT run_id), sum(requests),"
                      + " (SELECT count(*) FROM request_timing),"
                      + " (SELECT count(*) FROM utilization u LEFT ANTI JOIN run USING (run_id)),"
                      + " sum(completed) FROM run")
              .head();
      looks++;
      long runs = seen.getLong(0);
      boolean same =
          runs == seen.getLong(1)
              && seen.getLong(3) == runs * REQUESTS
              && seen.getLong(4) == 0
              && (runs == 0 || seen.getLong(5) == runs * REQUESTS);
      if (!same || runs < most) {
        wrong.add("after %d runs: %s".formatted(most, seen));
      }
      most = runs;
    }

    private void requireAll(long runs) {
      look();
      assertThat(wrong).isEmpty();
      assertThat(most).isEqualTo(runs);
      assertThat(looks).isGreaterThan(2);
    }

    @Override
    public void close() throws InterruptedException {
      ended = true;
      thread.join();
    }
  }
}
