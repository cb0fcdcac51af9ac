package io.plumbline.simulator.metrics;

import io.plumbline.simulator.batching.Batch;
import io.plumbline.simulator.batching.GraphMode;
import io.plumbline.simulator.cluster.IterationInFlight;
import io.plumbline.simulator.cluster.Recorder;
import io.plumbline.simulator.cluster.ReplicaShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes down what a scheduler decided, step by step, for comparing it with the original: each
 * request of each step, in the order in which they were scheduled, then those preempted for it.
 */
public final class StepLedger implements Recorder {

  /**
   * One request in one step.
   *
   * @param replica from 0
   * @param step of the replica, from 0; attempts that scheduled nothing are not counted
   * @param tokens that the step computes of the request; 0 where it was preempted
   * @param preempted whether the request was preempted before the step ran
   * @param finished whether the step made the request's last token
   * @param freeBlocks KV blocks that no request held once the step was scheduled
   * @param graph how the step was launched
   * @param paddedTokens tokens of the step with those that fill a captured graph up
   */
  public record Row(
      int replica,
      long step,
      int request,
      int tokens,
      boolean preempted,
      boolean finished,
      int freeBlocks,
      GraphMode graph,
      int paddedTokens) {

    private Row thatFinished() {
      return new Row(
          replica, step, request, tokens, preempted, true, freeBlocks, graph, paddedTokens);
    }
  }

  private final List<Row> rows = new ArrayList<>();
  private final Map<Long, Integer> firstRowOfIteration = new HashMap<>();
  private int kvBlocks;
  private long[] steps;
  private List<List<Integer>> preempted;

  @Override
  public void clusterReady(int requests, List<ReplicaShape> replicas) {
    kvBlocks = replicas.get(0).kvBlocks();
    steps = new long[replicas.size()];
    preempted = new ArrayList<>();
    for (int replica = 0; replica < replicas.size(); replica++) {
      preempted.add(new ArrayList<>());
    }
  }

  @Override
  public void requestPreempted(int replica, int request, double atSeconds) {
    preempted.get(replica).add(request);
  }

  @Override
  public void batchScheduled(IterationInFlight iteration, int kvBlocksUsed) {
    Batch batch = iteration.batch();
    int replica = iteration.replica();
    long step = steps[replica]++;
    int free = kvBlocks - kvBlocksUsed;
    firstRowOfIteration.put(iteration.number(), rows.size());
    for (int i = 0; i < batch.size(); i++) {
      rows.add(row(iteration, step, batch.request(i).id(), batch.tokens(i), free));
    }
    for (int request : preempted.get(replica)) {
      rows.add(row(iteration, step, request, 0, free));
    }
    preempted.get(replica).clear();
  }

  private static Row row(
      IterationInFlight iteration, long step, int request, int tokens, int free) {
    Batch batch = iteration.batch();
    return new Row(
        iteration.replica(),
        step,
        request,
        tokens,
        tokens == 0,
        false,
        free,
        batch.graph(),
        batch.paddedTokens());
  }

  @Override
  public void batchEnds(IterationInFlight iteration, int kvBlocksUsed, double atSeconds) {
    Batch batch = iteration.batch();
    int first = firstRowOfIteration.remove(iteration.number());
    for (int i = 0; i < batch.size(); i++) {
      // Computed once more after a preemption in flight, a request may have ended before.
      if (batch.request(i).completed() && batch.request(i).endSeconds() == atSeconds) {
        rows.set(first + i, rows.get(first + i).thatFinished());
      }
    }
  }

  /** All rows, in the order of their steps. */
  public List<Row> rows() {
    return List.copyOf(rows);
  }
}
