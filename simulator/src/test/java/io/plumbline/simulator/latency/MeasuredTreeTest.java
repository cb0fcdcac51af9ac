package io.plumbline.simulator.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.simulator.learning.Samples;
import org.junit.jupiter.api.Test;

class MeasuredTreeTest {

  /** Points of (a, b) in any order: 1 + 10 a + 100 b where measured. */
  private static final MeasuredTree GRID =
      new MeasuredTree(
          new Samples(
              new double[][] {{2, 1, 1, 2, 1}, {4, 1, 3, 1, 3}},
              new double[] {421, 111, 310, 121, 312}),
          false,
          false);

  @Test
  void betweenPointsItIsLinear_andARepeatedPointIsItsMean() {
    // (1, 3) was measured twice, 310 and 312.
    assertThat(GRID.at(1, 3)).isEqualTo(311);
    assertThat(GRID.at(1, 2)).isEqualTo(211);
    // At a = 2 the second size has other values: 1 and 4.
    assertThat(GRID.at(2, 2)).isEqualTo(221);
    assertThat(GRID.at(1.5, 2)).isEqualTo(216);
  }

  @Test
  void belowItIsTheFirstPoint_andAboveItGoesOnWithTheLastSlope() {
    assertThat(GRID.at(0.5, 0.5)).isEqualTo(111);
    assertThat(GRID.at(1, 4)).isEqualTo(411);
    assertThat(GRID.at(3, 1)).isCloseTo(131, within(1e-9));
  }

  @Test
  void itKnowsWhatWasMeasured() {
    assertThat(GRID.covers(1, 3)).isTrue();
    assertThat(GRID.covers(1.5, 2)).isTrue();
    assertThat(GRID.covers(1, 3.5)).isFalse();
    assertThat(GRID.covers(2, 3.5)).isTrue();
    assertThat(GRID.covers(2.5, 2)).isFalse();
    assertThat(GRID.covers(0.5, 2)).isFalse();
  }

  @Test
  void absentIsNotAlmostNothing() {
    MeasuredTree tree =
        new MeasuredTree(
            new Samples(new double[][] {{0, 16, 32}, {5, 5, 5}}, new double[] {7, 50, 90}),
            true,
            false);
    assertThat(tree.at(0, 5)).isEqualTo(7);
    // One token is as good as the smallest chunk, not a sixteenth of the way to it.
    assertThat(tree.at(1, 5)).isEqualTo(50);
    assertThat(tree.at(24, 5)).isEqualTo(70);
  }
}
