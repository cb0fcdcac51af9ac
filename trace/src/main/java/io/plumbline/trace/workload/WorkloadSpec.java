package io.plumbline.trace.workload;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A synthetic workload by its laws. Arrivals and lengths draw from two generators split off one
 * seed, so changing the arrival process leaves the lengths as they are.
 *
 * @param requests how many
 * @param seed the same seed gives the same workload on every platform
 */
public record WorkloadSpec(ArrivalProcess arrivals, TokenLengths lengths, int requests, long seed)
    implements Serializable {

  public WorkloadSpec {
    if (requests <= 0) {
      throw new IllegalArgumentException("requests (%d) must be positive".formatted(requests));
    }
  }

  /** Draws the workload. */
  public Workload generate() {
    SplittableRandom root = new SplittableRandom(seed);
    SplittableRandom arrivalRandom = root.split();
    SplittableRandom lengthRandom = root.split();
    List<Request> drawn = new ArrayList<>(requests);
    long arrivalNanos = 0;
    for (int i = 0; i < requests; i++) {
      arrivalNanos = arrivals.nextNanos(i, arrivalNanos, arrivalRandom);
      TokenLengths.Pair pair = lengths.next(i, lengthRandom);
      drawn.add(new Request(i, arrivalNanos, pair.promptTokens(), pair.outputTokens()));
    }
    return new Workload(drawn);
  }
}
