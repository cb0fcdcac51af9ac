package io.plumbline.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.reference.replay.DeviceChoice;
import org.junit.jupiter.api.Test;

class ReferenceSpecTest {
  @Test
  void defaults_areOneThreadAndOneWarmUpRequest() {
    assertThat(ReferenceSpec.defaults())
        .isEqualTo(new ReferenceSpec(EngineKind.DJL_PYTORCH, DeviceChoice.AUTO, 1, 0, 1));
  }

  @Test
  void impossibleValues_areRefused() {
    assertThatThrownBy(() -> new ReferenceSpec(EngineKind.DJL_PYTORCH, DeviceChoice.CPU, 0, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("threads (0) must be positive");
    assertThatThrownBy(() -> new ReferenceSpec(EngineKind.DJL_PYTORCH, DeviceChoice.CPU, 1, 0, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("warmupRequests (-1) must be zero or more");
  }
}
