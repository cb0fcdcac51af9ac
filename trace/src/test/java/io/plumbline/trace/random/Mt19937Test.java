package io.plumbline.trace.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class Mt19937Test {
  private static long[] draws(Mt19937 generator, int count) {
    long[] draws = new long[count];
    for (int i = 0; i < count; i++) {
      draws[i] = Integer.toUnsignedLong(generator.nextInt32());
    }
    return draws;
  }

  @Test
  void oneSeedGivesTheAuthorsNumbers() {
    long[] draws = draws(Mt19937.ofSeed(5489), 10_000);
    assertThat(draws).startsWith(3499211612L, 581869302L, 3890346734L, 3586334585L, 545404204L);
    // The C++ standard requires this of std::mt19937.
    assertThat(draws[9_999]).isEqualTo(4123659995L);
  }

  @Test
  void aKeyGivesTheAuthorsNumbers() {
    // The first row of mt19937ar.out.
    assertThat(draws(Mt19937.ofKey(0x123, 0x234, 0x345, 0x456), 5))
        .containsExactly(1067595299L, 955945823L, 477289528L, 4107218783L, 4228976476L);
  }

  @Test
  void aKeyNeedsAWord() {
    assertThatThrownBy(Mt19937::ofKey)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a key needs at least one word");
  }

  @Test
  void aCopyGoesOnFromWhereItWasMade() {
    Mt19937 generator = Mt19937.ofSeed(1);
    draws(generator, 1_000);
    Mt19937 copy = generator.copy();
    assertThat(draws(copy, 1_000)).isEqualTo(draws(generator, 1_000));
  }
}
