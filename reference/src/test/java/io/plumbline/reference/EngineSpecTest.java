package io.plumbline.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.reference.replay.DeviceChoice;
import org.junit.jupiter.api.Test;

class EngineSpecTest {
  @Test
  void djlDefaults_areOneThreadAndOneWarmUpRequest() {
    assertThat(DjlPytorchSpec.defaults()).isEqualTo(new DjlPytorchSpec(DeviceChoice.AUTO, 1, 0, 1));
  }

  @Test
  void impossibleValuesOfDjl_areRefused() {
    assertThatThrownBy(() -> new DjlPytorchSpec(DeviceChoice.CPU, 0, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("threads (0) must be positive");
    assertThatThrownBy(() -> new DjlPytorchSpec(DeviceChoice.CPU, 1, 0, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("warmupRequests (-1) must be zero or more");
  }
}
