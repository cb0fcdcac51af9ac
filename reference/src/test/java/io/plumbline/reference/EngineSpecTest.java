package io.plumbline.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.files.BadInputException;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.RecordBinder;
import io.plumbline.reference.djl.Dtype;
import io.plumbline.reference.djl.Operators;
import io.plumbline.reference.djl.WeightsSpec;
import io.plumbline.reference.replay.DeviceChoice;
import io.plumbline.reference.serving.KvCacheSpec;
import io.plumbline.reference.serving.SarathiSpec;
import org.junit.jupiter.api.Test;

class EngineSpecTest {
  @Test
  void djlDefaults_areFloat32OneThreadAndOneWarmUpRequest() {
    assertThat(bound("djl_pytorch"))
        .isEqualTo(DjlPytorchSpec.defaults())
        .isEqualTo(
            new DjlPytorchSpec(
                DeviceChoice.AUTO,
                Dtype.FLOAT32,
                new SarathiSpec(512, 128),
                new KvCacheSpec(16, null, 0.01),
                new WeightsSpec.RandomSpec(),
                Operators.TORCH_SCRIPT,
                1,
                0,
                1));
  }

  @Test
  void optionsOfDjl_areReadFromAFile() {
    assertThat(
            bound(
                """
                {kind: djl_pytorch, device: cpu, dtype: bfloat16, operators: nd_array, threads: 4, seed: -3,
                 scheduler: {kind: sarathi, token_budget: 64}, kv_cache: {blocks: 9},
                 weights: {kind: safetensors, folder: w}, warmup_requests: 0}
                """))
        .isEqualTo(
            new DjlPytorchSpec(
                DeviceChoice.CPU,
                Dtype.BFLOAT16,
                new SarathiSpec(64, 128),
                new KvCacheSpec(16, 9, 0.01),
                new WeightsSpec.SafetensorsSpec("w"),
                Operators.ND_ARRAY,
                4,
                -3,
                0));
  }

  @Test
  void impossibleValuesOfDjl_areRefusedAtTheirPlace() {
    assertThatThrownBy(() -> bound("{kind: djl_pytorch, threads: 0}"))
        .isInstanceOf(BadInputException.class)
        .hasMessage("1 problem in test:\n  test:1: threads: threads (0) must be positive");
    assertThatThrownBy(() -> bound("{kind: djl_pytorch, warmup_requests: -1}"))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "1 problem in test:\n  test:1: warmup_requests: warmup_requests (-1) must be zero or more");
    assertThatThrownBy(() -> bound("{kind: djl_pytorch, scheduler: {kind: sarathi, chunk: 1}}"))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("1 problem in test:\n  test:1: scheduler.chunk: unknown key.");
  }

  private static EngineSpec bound(String text) {
    return RecordBinder.bind(ConfNode.parse("test", text), EngineSpec.class);
  }
}
