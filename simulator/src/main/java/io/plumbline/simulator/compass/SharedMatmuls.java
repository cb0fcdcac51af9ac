package io.plumbline.simulator.compass;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One {@link MatmulOperator} for all that simulate on the same device in this JVM. Results follow
 * from device and shape alone, so whoever comes first makes no difference.
 */
public final class SharedMatmuls {
  private static final int MOST_DEVICES = 32;

  private record Key(Accelerator device, MapperMode mode) {}

  private static final Map<Key, MatmulOperator> SHARED =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, MatmulOperator> eldest) {
          return size() > MOST_DEVICES;
        }
      };

  private SharedMatmuls() {}

  /** The operator of a device, with what is known already. */
  public static MatmulOperator of(Accelerator device, MapperMode mode) {
    synchronized (SHARED) {
      return SHARED.computeIfAbsent(
          new Key(device, mode), key -> new MatmulOperator(key.device(), key.mode()));
    }
  }
}
