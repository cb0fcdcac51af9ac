package io.plumbline.simulator.learning;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PercentageErrorTest {
  @Test
  void itIsTheMeanOfTheRelativeErrors() {
    PercentageError error = new PercentageError();
    error.add(4, 5); // 25 %
    error.add(-2, -1.5); // 25 %
    error.add(1, 0); // 100 %
    assertThat(error.mean()).isEqualTo(50);
  }

  @Test
  void aTrueZeroIsEitherHitOrMissed() {
    PercentageError error = new PercentageError();
    error.add(0, 0);
    error.add(0, -0.0);
    error.add(0, 1e-300); // 100 %
    error.add(0, 5); // 100 %
    assertThat(error.mean()).isEqualTo(50);
  }
}
