package io.plumbline.simulator.cluster;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.trace.random.PythonRandom;

/**
 * A random replica, all equally likely.
 *
 * @param seed of the stream, which is CPython's for that seed
 * @param precedingDraws numbers that were drawn from the stream before: Vidur's request generator
 *     draws one per Poisson gap and one per uniform length
 */
public record RandomSpec(long seed, int precedingDraws) implements RouterSpec {
  public RandomSpec {
    if (precedingDraws < 0) {
      throw new IllegalArgumentException(
          "precedingDraws (%d) must not be negative".formatted(precedingDraws));
    }
  }

  /** Vidur's seed, and a stream of its own. */
  public static RandomSpec defaults() {
    return new RandomSpec(42, 0);
  }

  @Override
  public RequestRouter create(int replicas, Compatibility compatibility) {
    PythonRandom random = new PythonRandom(seed);
    for (int draw = 0; draw < precedingDraws; draw++) {
      random.nextDouble();
    }
    return (request, loads) -> random.randint(1, replicas) - 1;
  }
}
