package io.plumbline.simulator.cluster;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.trace.random.PythonRandom;

/**
 * Of two replicas drawn at random the one with fewer outstanding requests, the first of equals.
 *
 * @param seed of the stream, which is CPython's for that seed
 * @see <a href="https://doi.org/10.1109/71.963420">Mitzenmacher, The power of two choices
 *     (2001)</a>
 */
public record PowerOfTwoSpec(long seed) implements RouterSpec {

  public static PowerOfTwoSpec defaults() {
    return new PowerOfTwoSpec(42);
  }

  @Override
  public RequestRouter create(int replicas, Compatibility compatibility) {
    if (replicas == 1) {
      return (request, loads) -> 0;
    }
    PythonRandom random = new PythonRandom(seed);
    return (request, loads) -> {
      int first = random.randint(0, replicas - 1);
      // One of the others, each equally likely.
      int second = (first + random.randint(1, replicas - 1)) % replicas;
      return loads.outstanding(second) < loads.outstanding(first) ? second : first;
    };
  }
}
