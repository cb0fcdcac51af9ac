package io.plumbline.simulator.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SamplesTest {
  @Test
  void rowsAreThoseOfTheTargets() {
    assertThat(new Samples(new double[][] {{1, 2, 2}}, new double[] {3, 4, 5}).rows()).isEqualTo(3);
  }

  @Test
  void oneToFiveFeaturesAreNeeded() {
    assertThatThrownBy(() -> new Samples(new double[0][], new double[] {1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("features (0) must be 1 to 5");
    assertThatThrownBy(() -> new Samples(new double[6][1], new double[] {1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("features (6) must be 1 to 5");
  }

  @Test
  void aFeatureHasAValueForEachTarget() {
    assertThatThrownBy(() -> new Samples(new double[][] {{1, 2}, {1}}, new double[] {1, 2}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("feature 1 has 1 rows but there are 2 targets");
  }

  @Test
  void valuesAreFinite() {
    assertThatThrownBy(() -> new Samples(new double[][] {{1, Double.NaN}}, new double[] {1, 2}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("feature 0 has NaN in row 1, not a finite number");
    assertThatThrownBy(
            () -> new Samples(new double[][] {{1}}, new double[] {Double.POSITIVE_INFINITY}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("targets has Infinity in row 0, not a finite number");
  }
}
