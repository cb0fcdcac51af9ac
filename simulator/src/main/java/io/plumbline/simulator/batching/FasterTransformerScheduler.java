package io.plumbline.simulator.batching;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.kvcache.KvCacheSize;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Static batching as in FasterTransformer: requests start together, none joins them, and the memory
 * of all is held until the last one is done.
 *
 * @see <a href="https://github.com/NVIDIA/FasterTransformer">FasterTransformer</a>
 */
final class FasterTransformerScheduler extends ReservingScheduler {
  /** The requests that are done together, by the batch that runs what is left of them. */
  private final Map<Batch, Batch> groups = new IdentityHashMap<>();

  /** Batches that have ended, of groups that have requests left. */
  private final ArrayDeque<Batch> unfinished = new ArrayDeque<>();

  FasterTransformerScheduler(
      FasterTransformerSpec spec,
      KvCacheSize cache,
      ReplicaLimits limits,
      Compatibility compatibility) {
    super(spec, cache, limits, compatibility);
  }

  @Override
  Batch formBatch() {
    Batch before = unfinished.pollFirst();
    if (before != null) {
      Batch group = groups.remove(before);
      Batch decodes = decodes(before, group);
      // Vidur forgets those of the group that are done, and with them their blocks.
      groups.put(decodes, compatibility == Compatibility.VIDUR ? decodes : group);
      return decodes;
    }
    Batch started = joinedTogether();
    addNewRequests(started);
    if (started.size() == 0) {
      return null;
    }
    groups.put(started, started);
    return started;
  }

  /** Decodes of requests that were prefilled elsewhere and begin together. */
  private Batch joinedTogether() {
    int count = Math.min(resident.size(), batchLimit);
    Batch batch = new Batch(count);
    for (int i = 0; i < count; i++) {
      batch.add(resident.get(i), 1);
    }
    resident.subList(0, count).clear();
    return batch;
  }

  private Batch decodes(Batch before, Batch group) {
    boolean same = before.run() != null || (before.isDecodes() && nobodyEnded(before));
    Batch next = same ? movedOn(before) : null;
    if (next != null) {
      return next;
    }
    before.closeRun();
    Batch batch = new Batch(group.size());
    for (int i = 0; i < group.size(); i++) {
      if (!group.request(i).completed()) {
        batch.add(group.request(i), 1);
      }
    }
    return batch;
  }

  @Override
  public void batchEnded(Batch batch) {
    Batch group = groups.get(batch);
    if (!allLeave(group)) {
      unfinished.addLast(batch);
      return;
    }
    groups.remove(batch);
    for (int i = 0; i < group.size(); i++) {
      if (group.request(i).completed()) {
        release(group.request(i));
      }
    }
  }

  private static boolean nobodyEnded(Batch batch) {
    for (int i = 0; i < batch.size(); i++) {
      if (batch.request(i).completed()) {
        return false;
      }
    }
    return true;
  }

  private static boolean allLeave(Batch group) {
    for (int i = 0; i < group.size(); i++) {
      if (!group.request(i).leaves()) {
        return false;
      }
    }
    return true;
  }
}
