package io.plumbline.reference.profiling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.trace.model.ModelSpec;
import org.junit.jupiter.api.Test;

class ModelShardTest {
  private static ModelSpec model(int queryHeads, int kvHeads, int mlp, int vocabulary) {
    return new ModelSpec(
        "m",
        2,
        queryHeads,
        kvHeads,
        8,
        64,
        mlp,
        vocabulary,
        512,
        true,
        true,
        true,
        true,
        true,
        10_000,
        1e-5);
  }

  @Test
  void aShardHasItsShareOfHeadsMlpAndVocabulary_andAllOfTheResidualStream() {
    assertThat(ModelShard.of(model(8, 4, 96, 128), 4))
        .isEqualTo(new ModelShard(model(2, 1, 24, 32), 4));
    assertThat(ModelShard.of(model(8, 4, 96, 128), 1).model()).isEqualTo(model(8, 4, 96, 128));
  }

  @Test
  void keyValueHeadsAreCopiedWhereThereAreFewerThanDevices() {
    assertThat(ModelShard.of(model(8, 2, 96, 128), 4).model()).isEqualTo(model(2, 1, 24, 32));
  }

  @Test
  void aModelThatCannotBePartedIsRefused() {
    assertThatThrownBy(() -> ModelShard.of(model(6, 2, 96, 128), 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "model m has queryHeads (6), which tensor parallel degree 4 does not divide. Maybe leave it out of tensor_parallel.");
    assertThatThrownBy(() -> ModelShard.of(model(12, 3, 96, 128), 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("vocabularySize (128)");
  }
}
