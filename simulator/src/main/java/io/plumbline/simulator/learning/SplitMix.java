package io.plumbline.simulator.learning;

/**
 * Random bits as a function of seed and position: the numbers of SplitMix64. Having no state, every
 * tree and every node has a stream of its own, whatever was drawn elsewhere.
 *
 * @see <a href="https://doi.org/10.1145/2660193.2660195">Steele, Lea and Flood: Fast splittable
 *     pseudorandom number generators, 2014</a>
 */
final class SplitMix {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private SplitMix() {}

  /** 64 random bits. */
  static long at(long seed, long position) {
    long z = seed + (position + 1) * GOLDEN_GAMMA;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
