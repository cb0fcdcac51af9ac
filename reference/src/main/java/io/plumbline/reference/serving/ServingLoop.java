package io.plumbline.reference.serving;

import io.plumbline.reference.replay.RunCounts;
import io.plumbline.reference.replay.Stopwatch;
import io.plumbline.trace.run.IterationTiming;
import java.util.ArrayList;
import java.util.List;

/**
 * Serves requests iteration by iteration. It is an open loop: a request comes in at its arrival
 * whatever the engine is doing, which takes notice of it when its next iteration starts.
 */
final class ServingLoop {
  private static final int REPLICA = 0;
  private static final int STAGE = 0;

  private final ModelExecutor executor;
  private final BatchPlanner planner;
  private final KvBlocks blocks;
  private final List<IterationTiming> iterations = new ArrayList<>();

  ServingLoop(ModelExecutor executor, BatchPlanner planner, KvBlocks blocks) {
    this.executor = executor;
    this.planner = planner;
    this.blocks = blocks;
  }

  /**
   * Serves requests to their last token.
   *
   * @param requests by arrival; each fits into the cache
   * @return one timing per iteration, in order
   */
  List<IterationTiming> serve(List<ServedRequest> requests, Stopwatch stopwatch, RunCounts counts) {
    int arrived = 0;
    while (true) {
      long startNanos = stopwatch.nanos();
      while (arrived < requests.size() && requests.get(arrived).arrivalNanos() <= startNanos) {
        planner.enqueue(requests.get(arrived++));
        counts.start();
      }
      Batch batch = planner.next();
      if (batch != null) {
        iterate(batch, startNanos, stopwatch, counts);
      } else if (arrived < requests.size()) {
        stopwatch.waitUntil(requests.get(arrived).arrivalNanos());
      } else {
        return iterations;
      }
    }
  }

  private void iterate(Batch batch, long startNanos, Stopwatch stopwatch, RunCounts counts) {
    int blocksUsed = blocks.used();
    long scheduledNanos = stopwatch.nanos();
    executor.prepare(batch);
    long preparedNanos = stopwatch.nanos();
    executor.forward();
    long computedNanos = stopwatch.nanos();
    long[] tokens = executor.sample();
    long endNanos = stopwatch.nanos();
    iterations.add(
        new IterationTiming(
            REPLICA,
            STAGE,
            iterations.size(),
            startNanos,
            endNanos - startNanos,
            batch.size(),
            batch.prefillTokens(),
            batch.decodeTokens(),
            blocksUsed,
            null,
            null,
            null,
            null,
            scheduledNanos - startNanos,
            preparedNanos - scheduledNanos,
            computedNanos - preparedNanos,
            endNanos - computedNanos));
    note(batch, tokens, startNanos, endNanos);
    planner.ended(batch);
    for (int i = 0; i < batch.size(); i++) {
      if (batch.request(i).ended()) {
        counts.end();
      }
    }
  }

  private static void note(Batch batch, long[] tokens, long startNanos, long endNanos) {
    int next = 0;
    for (int i = 0; i < batch.size(); i++) {
      ServedRequest request = batch.request(i);
      boolean yields = batch.yields(i);
      request.iterationStarts(startNanos);
      request.computed(batch.tokens(i));
      if (yields) {
        request.produced(tokens[next++], endNanos);
      }
    }
    if (next != tokens.length) {
      throw new IllegalStateException(
          "the model gave %d tokens to a batch that asks for %d".formatted(tokens.length, next));
    }
  }
}
