package io.plumbline.simulator.batching;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.kvcache.KvCacheSize;

/**
 * Orca's iteration-level scheduler as Vidur models it: requests join and leave between iterations,
 * and whole prompts run beside decodes.
 *
 * @see <a href="https://www.usenix.org/conference/osdi22/presentation/yu">Orca (OSDI'22)</a>
 */
final class OrcaScheduler extends ReservingScheduler {

  OrcaScheduler(
      OrcaSpec spec, KvCacheSize cache, ReplicaLimits limits, Compatibility compatibility) {
    super(spec, cache, limits, compatibility);
  }

  @Override
  Batch formBatch() {
    int decodes = Math.min(resident.size(), batchLimit);
    Batch batch = new Batch(decodes + 1);
    for (int i = 0; i < decodes; i++) {
      batch.add(resident.get(i), 1);
    }
    resident.subList(0, decodes).clear();
    addNewRequests(batch);
    return batch.size() > 0 ? batch : null;
  }
}
