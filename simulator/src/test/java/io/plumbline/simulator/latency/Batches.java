package io.plumbline.simulator.latency;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.batching.ReplicaLimits;
import io.plumbline.simulator.batching.ReplicaScheduler;
import io.plumbline.simulator.batching.RequestProgress;
import io.plumbline.simulator.batching.SarathiSpec;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.hardware.DeviceSku;
import io.plumbline.simulator.hardware.NodeSku;
import io.plumbline.simulator.hardware.Parallelism;
import io.plumbline.simulator.kvcache.KvCacheSize;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.workload.Request;

/** Batches to time, formed by a real scheduler, and a model small enough to time by hand. */
final class Batches {
  private static final int MAX_TOKENS = 1_000_000;

  private Batches() {}

  /** Four layers, hidden 32, heads of 8, MLP 64, vocabulary 100, on a device of round numbers. */
  static Deployment tiny(int kvHeads, int tensor, int pipeline, int devicesPerNode) {
    return tiny(kvHeads, new Parallelism(tensor, pipeline), devicesPerNode, DataType.FLOAT16);
  }

  /** On servers of four, all linked at the speed of a pair or in two pairs. */
  static Deployment onServerOfFour(int tensor, int pipeline, int linkedDevices) {
    Deployment plain = tiny(2, tensor, pipeline, 4);
    NodeSku node = new NodeSku("node", 4, linkedDevices, 1000, 0.01, 500.0, 100, 0.1);
    return new Deployment(
        plain.model(), plain.device(), node, plain.parallelism(), DataType.FLOAT16);
  }

  static Deployment tiny(int kvHeads, Parallelism parallelism, int devicesPerNode, DataType dtype) {
    ModelSpec model =
        new ModelSpec(
            "tiny", 4, 4, kvHeads, 8, 32, 64, 100, 4096, true, true, false, false, false, 10000,
            1e-5);
    // 1e6 FLOP/s, 1e4 bytes/s, 1 ms a kernel; links 1000 bytes/s, 100 between servers.
    return new Deployment(
        model,
        new DeviceSku("slow", 1L << 30, 1e6, 1e4, 0.001),
        new NodeSku("node", devicesPerNode, devicesPerNode, 1000, 0.01, null, 100, 0.1),
        parallelism,
        dtype);
  }

  /** Whole prompts. */
  static Batch prefills(int... promptTokens) {
    return mixed(new int[0], promptTokens);
  }

  /** Decodes with so much context, the token at hand included; each at least 2. */
  static Batch decodes(int... contextTokens) {
    return mixed(contextTokens, new int[0]);
  }

  /** Decodes and whole prompts. */
  static Batch mixed(int[] contextTokens, int[] promptTokens) {
    ReplicaScheduler scheduler = scheduler(MAX_TOKENS);
    for (int context : contextTokens) {
      scheduler.enqueue(request(context - 1));
    }
    if (contextTokens.length > 0) {
      end(scheduler, scheduler.nextBatch());
    }
    for (int prompt : promptTokens) {
      scheduler.enqueue(request(prompt));
    }
    return scheduler.nextBatch();
  }

  /** What is left of a prompt after a first chunk. */
  static Batch secondChunk(int promptTokens, int firstChunkTokens) {
    ReplicaScheduler scheduler = scheduler(firstChunkTokens);
    scheduler.enqueue(request(promptTokens));
    end(scheduler, scheduler.nextBatch());
    return scheduler.nextBatch();
  }

  private static ReplicaScheduler scheduler(int tokenBudget) {
    return new SarathiSpec(tokenBudget, 1024)
        .create(
            new KvCacheSize(MAX_TOKENS, 16, 0),
            new ReplicaLimits(1, MAX_TOKENS, 1),
            Compatibility.STANDARD);
  }

  private static RequestProgress request(int promptTokens) {
    return new RequestProgress(new Request(0, 0, promptTokens, 1000), 0);
  }

  private static void end(ReplicaScheduler scheduler, Batch batch) {
    for (int i = 0; i < batch.size(); i++) {
      batch.request(i).batchEnded(batch.tokens(i), 1);
    }
    scheduler.batchEnded(batch);
  }
}
