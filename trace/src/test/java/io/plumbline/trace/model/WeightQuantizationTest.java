package io.plumbline.trace.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class WeightQuantizationTest {
  private static final List<WeightGroup> NONE = List.of();

  private static double bytes(WeightFormat format, Integer perScale, boolean zeroPoints) {
    return new WeightQuantization(format, perScale, zeroPoints, NONE).bytesPerWeight();
  }

  @Test
  void aWeightHasItsShareOfScalesAndZeroPoints() {
    // AWQ: 4 bits, and for 128 weights a scale of 16 and a zero point of 4: 4.15625 bits.
    assertThat(bytes(WeightFormat.W4A16, 128, true)).isEqualTo(4.15625 / 8);
    assertThat(bytes(WeightFormat.W4A16, 32, false)).isEqualTo(4.5 / 8);
    assertThat(bytes(WeightFormat.W4A16, null, false)).isEqualTo(0.5);
    // A block of 128 x 128 has a scale of 32 bits.
    assertThat(bytes(WeightFormat.FP8, 16_384, false)).isEqualTo((8 + 32.0 / 16_384) / 8);
  }

  @Test
  void theUsualOneLeavesTheLmHeadAlone() {
    WeightQuantization usual = WeightQuantization.of(WeightFormat.NVFP4);
    assertThat(usual.covers(WeightGroup.LM_HEAD)).isFalse();
    assertThat(usual.covers(WeightGroup.EXPERTS)).isTrue();
    assertThat(usual.bytesPerWeight()).isEqualTo(4.5 / 8);
  }

  @Test
  void scalesOfNothingAndZeroPointsWithoutScalesAreRefused() {
    assertThatThrownBy(() -> bytes(WeightFormat.W4A16, 0, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("weightsPerScale (0) must be positive");
    assertThatThrownBy(() -> bytes(WeightFormat.W4A16, null, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("zeroPoints need weightsPerScale");
  }
}
