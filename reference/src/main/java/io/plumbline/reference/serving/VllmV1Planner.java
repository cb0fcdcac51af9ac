package io.plumbline.reference.serving;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Rules of vLLM v1 without prefix cache and without scheduling ahead: one budget of tokens, running
 * requests before waiting ones, and no difference between prefill and decode. A running request
 * that finds no free block preempts from the end of the running list; the victim computes all its
 * tokens anew, from the head of the queue. Nothing new comes in in a step that preempted, and only
 * what fits as a whole.
 *
 * @see <a href="https://github.com/vllm-project/vllm/blob/v0.19.0/vllm/v1/core/sched/scheduler.py">
 *     vLLM's scheduler</a>
 */
final class VllmV1Planner implements BatchPlanner {
  private final VllmV1Spec spec;
  private final KvBlocks blocks;

  /** Requests without blocks, the next one first. */
  private final ArrayDeque<ServedRequest> waiting = new ArrayDeque<>();

  /** Requests with blocks in the order in which they came in. */
  private final List<ServedRequest> running = new ArrayList<>();

  VllmV1Planner(VllmV1Spec spec, KvBlocks blocks) {
    this.spec = spec;
    this.blocks = blocks;
  }

  @Override
  public void enqueue(ServedRequest request) {
    waiting.addLast(request);
  }

  @Override
  public Batch next() {
    Batch batch = new Batch();
    boolean preempted = addRunning(batch);
    // If all that ran was preempted, the next step preempts nothing, and admits.
    if (!preempted || batch.size() == 0) {
      addWaiting(batch);
    }
    return batch.size() == 0 ? null : batch;
  }

  /** Whether a request was preempted. */
  private boolean addRunning(Batch batch) {
    boolean preempted = false;
    for (int i = 0; i < running.size() && batch.totalTokens() < spec.tokenBudget(); i++) {
      ServedRequest request = running.get(i);
      int tokens = chunk(request, batch);
      int target = request.computedTokens() + tokens;
      while (!blocks.fits(request, target)) {
        preempted = true;
        ServedRequest victim = running.remove(running.size() - 1);
        preempt(victim);
        if (victim == request) {
          return true;
        }
      }
      blocks.grow(request, target);
      batch.add(request, tokens);
    }
    return preempted;
  }

  private void preempt(ServedRequest victim) {
    victim.restart();
    blocks.release(victim);
    waiting.addFirst(victim);
  }

  /** Never preempts: the first request that has no room stops those behind it. */
  private void addWaiting(Batch batch) {
    while (!waiting.isEmpty()
        && batch.totalTokens() < spec.tokenBudget()
        && running.size() < spec.maxNumSeqs()) {
      ServedRequest request = waiting.peekFirst();
      boolean fits =
          running.isEmpty()
              ? blocks.fits(request, request.knownTokens())
              : blocks.admits(request.knownTokens());
      if (!fits) {
        return;
      }
      waiting.removeFirst();
      running.add(request);
      int tokens = chunk(request, batch);
      blocks.grow(request, tokens);
      batch.add(request, tokens);
    }
  }

  /** Next tokens of a request: all that it knows and has not computed, within the limits. */
  private int chunk(ServedRequest request, Batch batch) {
    int left = request.knownTokens() - request.computedTokens();
    int threshold = spec.longPrefillTokenThreshold();
    int wanted = threshold > 0 ? Math.min(threshold, left) : left;
    return Math.min(wanted, spec.tokenBudget() - batch.totalTokens());
  }

  @Override
  public void ended(Batch batch) {
    for (int i = 0; i < batch.size(); i++) {
      ServedRequest request = batch.request(i);
      if (request.ended()) {
        blocks.release(request);
        running.remove(request);
      }
    }
  }
}
