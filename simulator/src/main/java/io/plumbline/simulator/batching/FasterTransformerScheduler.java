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
  /** The requests that are done together, by the batch in flight that runs what is left of them. */
  private final Map<Batch, Batch> groups = new IdentityHashMap<>();

  /** Groups that have requests left and are not in flight. */
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
    Batch group = unfinished.pollFirst();
    if (group != null) {
      Batch decodes = decodes(group);
      // Vidur forgets those of the group that are done, and with them their blocks.
      groups.put(decodes, compatibility == Compatibility.VIDUR ? decodes : group);
      return decodes;
    }
    Batch started = new Batch(0);
    addNewRequests(started);
    if (started.size() == 0) {
      return null;
    }
    groups.put(started, started);
    return started;
  }

  private static Batch decodes(Batch group) {
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
    Batch group = groups.remove(batch);
    if (!allCompleted(group)) {
      unfinished.addLast(group);
      return;
    }
    for (int i = 0; i < group.size(); i++) {
      release(group.request(i));
    }
  }

  private static boolean allCompleted(Batch group) {
    for (int i = 0; i < group.size(); i++) {
      if (!group.request(i).completed()) {
        return false;
      }
    }
    return true;
  }
}
