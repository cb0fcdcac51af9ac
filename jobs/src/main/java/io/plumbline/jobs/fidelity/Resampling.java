package io.plumbline.jobs.fidelity;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Draws of a bootstrap in two stages: repeats of a run with replacement, and groups of requests
 * with replacement. Both sides have the same requests, so a draw takes the same groups on both:
 * what makes a request slow in reality mostly makes it slow in the simulation too. The same seed
 * gives the same draws, for every metric and simulator.
 */
final class Resampling {
  private final int groups;
  private final int referenceRepeats;
  private final int simulatedRepeats;
  private final SplittableRandom random;

  /**
   * How often each unit was drawn; unit = repeat * groups + group.
   *
   * @param reference of the measured side
   * @param simulated of the simulated side
   */
  record Draw(int[] reference, int[] simulated) {}

  Resampling(long seed, int groups, int referenceRepeats, int simulatedRepeats) {
    this.groups = groups;
    this.referenceRepeats = referenceRepeats;
    this.simulatedRepeats = simulatedRepeats;
    this.random = new SplittableRandom(seed);
  }

  /** Everything once: the samples as they are. */
  Draw all() {
    return new Draw(ones(groups * referenceRepeats), ones(groups * simulatedRepeats));
  }

  /** Only one repeat of the measured side. */
  int[] onlyReference(int repeat) {
    int[] weights = new int[groups * referenceRepeats];
    Arrays.fill(weights, repeat * groups, (repeat + 1) * groups, 1);
    return weights;
  }

  private static int[] ones(int size) {
    int[] ones = new int[size];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** The next draw. */
  Draw next() {
    int[] groupWeights = multinomial(groups);
    return new Draw(
        units(multinomial(referenceRepeats), groupWeights),
        units(multinomial(simulatedRepeats), groupWeights));
  }

  private int[] multinomial(int size) {
    int[] weights = new int[size];
    for (int i = 0; i < size; i++) {
      weights[random.nextInt(size)]++;
    }
    return weights;
  }

  private static int[] units(int[] repeatWeights, int[] groupWeights) {
    int[] weights = new int[repeatWeights.length * groupWeights.length];
    for (int r = 0; r < repeatWeights.length; r++) {
      for (int g = 0; g < groupWeights.length; g++) {
        weights[r * groupWeights.length + g] = repeatWeights[r] * groupWeights[g];
      }
    }
    return weights;
  }
}
