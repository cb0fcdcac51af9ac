package io.plumbline.jobs.conformance;

import io.plumbline.files.BadInputException;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.RecordBinder;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.files.workload.TraceFiles;
import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.batching.ReplicaLimits;
import io.plumbline.simulator.batching.VllmV1Spec;
import io.plumbline.simulator.cluster.Arrivals;
import io.plumbline.simulator.cluster.Cluster;
import io.plumbline.simulator.cluster.ReplicaSpec;
import io.plumbline.simulator.cluster.RoundRobinSpec;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.simulator.metrics.StepLedger;
import io.plumbline.trace.workload.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One ledger of vLLM v1's scheduler: a folder with the options in {@code case.yaml}, the requests
 * in {@code requests.csv} and what each step scheduled in {@code ledger.csv}.
 */
record VllmV1Case(Path folder) {
  private static final String OPTIONS = "case.yaml";
  private static final String REQUESTS = "requests.csv";
  private static final String LEDGER = "ledger.csv";
  private static final double NANOS = 1e-9;

  /**
   * What a case states.
   *
   * @param blockTokens vLLM's {@code block_size}
   * @param numGpuBlocks the reserved one included
   * @param watermark share of the blocks that an admission leaves free while others run
   * @param stepNanos how long the devices take for any step and stage
   * @param hostNanos how long the host takes for any step
   */
  record Options(
      VllmV1Spec scheduler,
      int blockTokens,
      int numGpuBlocks,
      double watermark,
      int pipelineParallel,
      long stepNanos,
      long hostNanos) {

    Options {
      if (stepNanos <= 0 || hostNanos < 0) {
        throw new IllegalArgumentException(
            "stepNanos (%d) must be positive, hostNanos (%d) not negative"
                .formatted(stepNanos, hostNanos));
      }
      scheduler.requireCanRun(pipelineParallel, blockTokens);
    }

    static Map<String, Object> defaultValues() {
      return Map.of("watermark", 0.0, "pipelineParallel", 1, "stepNanos", 1000L, "hostNanos", 0L);
    }
  }

  String name() {
    return folder.getFileName().toString();
  }

  /** The rows of the recorded ledger, each as the values of the columns that it has. */
  List<Map<LedgerColumn, String>> recorded() {
    List<Map<LedgerColumn, String>> rows = new ArrayList<>();
    List<LedgerColumn> required =
        Stream.of(LedgerColumn.values()).filter(LedgerColumn::required).toList();
    new CsvTable(
            folder.resolve(LEDGER),
            required.stream().map(LedgerColumn::word).toArray(String[]::new))
        .forEach(row -> rows.add(LedgerColumn.fields(row)));
    return rows;
  }

  /** Our own ledger of the same requests under the same options. */
  StepLedger replay() {
    Options options = RecordBinder.bind(ConfNode.read(folder.resolve(OPTIONS)), Options.class);
    Workload workload = TraceFiles.readRunRequests(folder.resolve(REQUESTS));
    double[] arrivals = new double[workload.size()];
    for (int i = 0; i < arrivals.length; i++) {
      arrivals[i] = workload.request(i).arrivalNanos() * NANOS;
    }
    ReplicaSpec replica =
        new ReplicaSpec(
            new ReplicaLimits(
                options.pipelineParallel(), Math.toIntExact(workload.maxTotalTokens()), 1),
            options.numGpuBlocks(),
            options.blockTokens(),
            Integer.MAX_VALUE,
            options.watermark(),
            1,
            options.scheduler(),
            Compatibility.STANDARD);
    StepLedger ledger = new StepLedger();
    new Cluster(
            1,
            replica,
            RoundRobinSpec.defaults(),
            new Metronome(options.stepNanos() * NANOS, options.hostNanos() * NANOS),
            new Arrivals(workload, arrivals),
            ledger)
        .run(0);
    return ledger;
  }

  /** Every step takes the same time. */
  private record Metronome(double stepSeconds, double secondsOfHost)
      implements ExecutionTimePredictor {
    @Override
    public double modelSeconds(Batch batch, int stage) {
      return stepSeconds;
    }

    @Override
    public double hostSeconds(Batch batch, int stage) {
      return stage == 0 ? secondsOfHost : 0;
    }
  }

  /**
   * The cases below a folder, or the folder itself if it is one, by name.
   *
   * @throws BadInputException if there is none
   */
  static List<VllmV1Case> below(Path dir) {
    if (!Files.isDirectory(dir)) {
      throw new BadInputException("no such folder: " + dir);
    }
    List<VllmV1Case> cases =
        isCase(dir)
            ? List.of(new VllmV1Case(dir.toAbsolutePath().normalize()))
            : children(dir).stream().filter(VllmV1Case::isCase).map(VllmV1Case::new).toList();
    if (cases.isEmpty()) {
      throw new BadInputException(
          "%s: no ledgers; each is a folder with a %s. Maybe a folder above or below."
              .formatted(dir, OPTIONS));
    }
    return cases;
  }

  private static boolean isCase(Path dir) {
    return Files.exists(dir.resolve(OPTIONS));
  }

  private static List<Path> children(Path dir) {
    try (Stream<Path> children = Files.list(dir)) {
      return children.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
