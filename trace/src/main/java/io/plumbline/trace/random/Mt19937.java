package io.plumbline.trace.random;

import java.io.Serializable;

/**
 * The Mersenne Twister of 32 bits, period 2^19937 - 1.
 *
 * @see <a href="https://doi.org/10.1145/272991.272995">Matsumoto and Nishimura: Mersenne Twister, a
 *     623-dimensionally equidistributed uniform pseudo-random number generator, 1998</a>
 */
public final class Mt19937 implements Serializable {
  private static final long serialVersionUID = 1;

  private static final int WORDS = 624;
  private static final int SHIFT = 397;
  private static final int TWIST = 0x9908b0df;
  private static final int UPPER_BIT = 0x80000000;
  private static final int ARRAY_BASE_SEED = 19_650_218;

  private final int[] state = new int[WORDS];
  private int next = WORDS;

  private Mt19937(int seed) {
    state[0] = seed;
    for (int i = 1; i < WORDS; i++) {
      state[i] = 1_812_433_253 * mixed(i - 1) + i;
    }
  }

  private Mt19937(Mt19937 other) {
    System.arraycopy(other.state, 0, state, 0, WORDS);
    next = other.next;
  }

  /** Seeded by one number: the authors' {@code init_genrand}. */
  public static Mt19937 ofSeed(int seed) {
    return new Mt19937(seed);
  }

  /**
   * Seeded by at least one word: the authors' {@code init_by_array} of 2002.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Mt19937 ofKey(int... key) {
    if (key.length == 0) {
      throw new IllegalArgumentException("a key needs at least one word");
    }
    Mt19937 generator = new Mt19937(ARRAY_BASE_SEED);
    generator.mixIn(key);
    return generator;
  }

  private void mixIn(int[] key) {
    int i = 1;
    int j = 0;
    for (int k = Math.max(WORDS, key.length); k > 0; k--) {
      state[i] = (state[i] ^ (mixed(i - 1) * 1_664_525)) + key[j] + j;
      i = following(i);
      j = (j + 1) % key.length;
    }
    for (int k = WORDS - 1; k > 0; k--) {
      state[i] = (state[i] ^ (mixed(i - 1) * 1_566_083_941)) - i;
      i = following(i);
    }
    state[0] = UPPER_BIT;
  }

  /** The next place of the state; going round carries the last word to the front. */
  private int following(int i) {
    if (i + 1 < WORDS) {
      return i + 1;
    }
    state[0] = state[WORDS - 1];
    return 1;
  }

  private int mixed(int i) {
    return state[i] ^ (state[i] >>> 30);
  }

  /** The next 32 bits; read them as unsigned. */
  public int nextInt32() {
    if (next == WORDS) {
      twist();
      next = 0;
    }
    int y = state[next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return y ^ (y >>> 18);
  }

  private void twist() {
    for (int i = 0; i < WORDS - SHIFT; i++) {
      state[i] = state[i + SHIFT] ^ twisted(state[i], state[i + 1]);
    }
    for (int i = WORDS - SHIFT; i < WORDS - 1; i++) {
      state[i] = state[i + SHIFT - WORDS] ^ twisted(state[i], state[i + 1]);
    }
    state[WORDS - 1] = state[SHIFT - 1] ^ twisted(state[WORDS - 1], state[0]);
  }

  private static int twisted(int upper, int lower) {
    int y = (upper & UPPER_BIT) | (lower & ~UPPER_BIT);
    return (y >>> 1) ^ (-(y & 1) & TWIST);
  }

  /** A double in [0, 1) of 53 random bits out of two words, the authors' {@code genrand_res53}. */
  public double nextDouble() {
    long high = Integer.toUnsignedLong(nextInt32()) >>> 5;
    long low = Integer.toUnsignedLong(nextInt32()) >>> 6;
    return ((high << 26) + low) / (double) (1L << 53);
  }

  /** A generator that goes on from here independently of this one. */
  public Mt19937 copy() {
    return new Mt19937(this);
  }
}
