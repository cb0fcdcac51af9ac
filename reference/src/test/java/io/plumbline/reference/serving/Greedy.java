package io.plumbline.reference.serving;

import io.plumbline.reference.replay.RunCounts;
import io.plumbline.reference.replay.Stopwatch;
import io.plumbline.trace.workload.Request;
import java.util.List;

/** A prompt of one's own through the whole engine. */
public final class Greedy {
  private Greedy() {}

  /** The output of the first request of a plan, with this prompt. */
  public static long[] continuation(ServingPlan plan, ModelExecutor executor, long[] promptIds) {
    Request request = plan.workload().request(0);
    ServedRequest served = new ServedRequest(request, promptIds, plan.blockTokens());
    KvBlocks blocks = plan.newBlocks();
    new ServingLoop(executor, plan.scheduler().create(blocks), blocks)
        .serve(List.of(served), Stopwatch.start(), new RunCounts());
    return served.outputIds();
  }
}
