package io.plumbline.reference.serving;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Sarathi-Serve's rules: every running decode gets its token, then started prefills go on, then new
 * requests come in first come first served, each with as much of its prompt as the budget leaves.
 * Blocks for a whole prompt are taken when it comes in. A decode that finds no free block preempts
 * from the end of the running list; the victim starts over from the head of the queue.
 *
 * @see <a href="https://arxiv.org/abs/2403.02310">Sarathi-Serve (OSDI'24)</a>
 */
final class SarathiPlanner implements BatchPlanner {
  private static final Comparator<ServedRequest> BY_ARRIVAL =
      Comparator.comparingLong(ServedRequest::arrivalNanos);

  private final SarathiSpec spec;
  private final KvBlocks blocks;

  /** Requests without blocks, the next one first. */
  private final ArrayDeque<ServedRequest> waiting = new ArrayDeque<>();

  /** Requests with blocks that are not in a batch; who stands last is preempted first. */
  private final List<ServedRequest> running = new ArrayList<>();

  SarathiPlanner(SarathiSpec spec, KvBlocks blocks) {
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
    List<ServedRequest> prefills = addDecodes(batch);
    addStartedPrefills(batch, prefills);
    addNewRequests(batch);
    return batch.size() == 0 ? null : batch;
  }

  /** Leaves the running list empty; returns the prefills that were in it. */
  private List<ServedRequest> addDecodes(Batch batch) {
    List<ServedRequest> prefills = new ArrayList<>();
    for (int i = 0; i < running.size(); i++) {
      ServedRequest request = running.get(i);
      if (request.prefilling()) {
        prefills.add(request);
      } else if (makeRoom(request, i + 1)) {
        batch.add(request, 1);
      }
    }
    running.clear();
    return prefills;
  }

  /** Preempts requests that stand behind, the last first, and at the end the request itself. */
  private boolean makeRoom(ServedRequest request, int behind) {
    if (request.roomTokens() >= request.knownTokens()) {
      return true;
    }
    while (blocks.isFull()) {
      if (running.size() == behind) {
        preempt(request);
        return false;
      }
      preempt(running.remove(running.size() - 1));
    }
    blocks.grow(request, request.knownTokens());
    return true;
  }

  private void preempt(ServedRequest victim) {
    victim.restart();
    blocks.release(victim);
    waiting.addFirst(victim);
  }

  private void addStartedPrefills(Batch batch, List<ServedRequest> prefills) {
    for (ServedRequest request : prefills) {
      int chunk = chunk(request, batch);
      if (chunk > 0) {
        batch.add(request, chunk);
      } else {
        running.add(request);
      }
    }
    running.sort(BY_ARRIVAL);
  }

  private void addNewRequests(Batch batch) {
    while (!waiting.isEmpty() && running.size() + batch.size() < spec.maxBatchSize()) {
      ServedRequest request = waiting.peekFirst();
      int chunk = chunk(request, batch);
      if (chunk == 0 || !blocks.admits(request.prefillTokens())) {
        return;
      }
      waiting.removeFirst();
      blocks.grow(request, request.prefillTokens());
      batch.add(request, chunk);
    }
  }

  private int chunk(ServedRequest request, Batch batch) {
    int left = request.prefillTokens() - request.computedTokens();
    return Math.max(0, Math.min(left, spec.tokenBudget() - batch.totalTokens()));
  }

  @Override
  public void ended(Batch batch) {
    for (int i = 0; i < batch.size(); i++) {
      ServedRequest request = batch.request(i);
      if (request.ended()) {
        blocks.release(request);
      } else {
        running.add(request);
      }
    }
  }
}
