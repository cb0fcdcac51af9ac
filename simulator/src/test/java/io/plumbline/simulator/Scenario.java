package io.plumbline.simulator;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.batching.SchedulerSpec;
import io.plumbline.simulator.cluster.Cluster;
import io.plumbline.simulator.cluster.IterationInFlight;
import io.plumbline.simulator.cluster.Recorder;
import io.plumbline.simulator.cluster.RoundRobinSpec;
import io.plumbline.simulator.cluster.RouterSpec;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.hardware.DeviceSku;
import io.plumbline.simulator.hardware.NodeSku;
import io.plumbline.simulator.hardware.Parallelism;
import io.plumbline.simulator.kvcache.KvCacheSpec;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.simulator.latency.RooflineSpec;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** A small run to reason about by hand: a stage takes 10 ms and 1 ms per token. */
final class Scenario {
  private static final ModelSpec MODEL =
      new ModelSpec(
          "tiny", 6, 4, 2, 8, 32, 64, 100, 4096, true, true, false, false, false, 10000, 1e-5);

  private final SchedulerSpec scheduler;
  private int blocks = 1000;
  private int blockTokens = 16;
  private double watermark;
  private Integer maxRequestTokens;
  private int stages = 1;
  private int replicas = 1;
  private RouterSpec router = RoundRobinSpec.defaults();
  private Compatibility compatibility = Compatibility.STANDARD;
  private Double limitSeconds;
  private ExecutionTimePredictor predictor = (batch, stage) -> 0.01 + 0.001 * batch.totalTokens();

  private Scenario(SchedulerSpec scheduler) {
    this.scheduler = scheduler;
  }

  static Scenario with(SchedulerSpec scheduler) {
    return new Scenario(scheduler);
  }

  Scenario cache(int newBlocks, int newBlockTokens) {
    blocks = newBlocks;
    blockTokens = newBlockTokens;
    return this;
  }

  Scenario watermark(double fraction) {
    watermark = fraction;
    return this;
  }

  Scenario longest(int tokens) {
    maxRequestTokens = tokens;
    return this;
  }

  Scenario stages(int count) {
    stages = count;
    return this;
  }

  Scenario replicas(int count) {
    replicas = count;
    return this;
  }

  Scenario routedBy(RouterSpec newRouter) {
    router = newRouter;
    return this;
  }

  Scenario following(Compatibility whose) {
    compatibility = whose;
    return this;
  }

  Scenario limit(double seconds) {
    limitSeconds = seconds;
    return this;
  }

  Scenario timedBy(ExecutionTimePredictor newPredictor) {
    predictor = newPredictor;
    return this;
  }

  SimulationSpec spec() {
    Deployment deployment =
        new Deployment(
            MODEL,
            new DeviceSku("device", 80L << 30, 1e15, 1e12, 0),
            new NodeSku("node", 8, 8, 1e9, 0, null, 1e9, 0),
            new Parallelism(1, stages),
            DataType.FLOAT16);
    return new SimulationSpec(
        deployment,
        replicas,
        router,
        scheduler,
        new KvCacheSpec(blockTokens, blocks, 0.1, watermark, maxRequestTokens),
        RooflineSpec.defaults(),
        compatibility,
        limitSeconds);
  }

  RunTrace run(Workload workload, Recording recording) {
    return Simulator.run(spec(), workload, predictor, recording);
  }

  RunTrace run(Workload workload) {
    return run(workload, Recording.TOKENS);
  }

  Cluster cluster(Workload workload, Recorder recorder) {
    double[] arrivals =
        workload.requests().stream().mapToDouble(r -> r.arrivalNanos() / 1e9).toArray();
    return Simulator.replay(spec(), workload, arrivals, predictor, recorder);
  }

  /** Batches by start: {@code d0 p1:511} is a decode of request 0 and 511 prompt tokens of 1. */
  List<String> batches(Workload workload) {
    List<String> lines = new ArrayList<>();
    cluster(
        workload,
        new Recorder() {
          @Override
          public void batchScheduled(IterationInFlight iteration, int kvBlocksUsed) {
            lines.add(line(iteration.batch()));
          }
        });
    return lines;
  }

  private static String line(Batch batch) {
    StringJoiner line = new StringJoiner(" ");
    for (int i = 0; i < batch.size(); i++) {
      int id = batch.request(i).id();
      line.add(batch.isPrefill(i) ? "p" + id + ":" + batch.tokens(i) : "d" + id);
    }
    return line.toString();
  }

  /** Requests that are all there at the start, each as {prompt, output}. */
  static Workload atOnce(int[]... lengths) {
    List<Request> requests = new ArrayList<>();
    for (int[] pair : lengths) {
      requests.add(new Request(requests.size(), 0, pair[0], pair[1]));
    }
    return new Workload(requests);
  }

  /** Requests as {arrival in ms, prompt, output}. */
  static Workload arriving(int[]... requests) {
    List<Request> list = new ArrayList<>();
    for (int[] r : requests) {
      list.add(new Request(list.size(), r[0] * 1_000_000L, r[1], r[2]));
    }
    return new Workload(list);
  }

  static int[] tokens(int prompt, int output) {
    return new int[] {prompt, output};
  }

  static int[] at(int millis, int prompt, int output) {
    return new int[] {millis, prompt, output};
  }
}
