package io.plumbline.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class NamesTest {
  private record SarathiSpec() {}

  private record FixedInterval() {}

  @Test
  void camelCaseBecomesSnakeCase() {
    assertThat(Names.snake("promptTokens")).isEqualTo("prompt_tokens");
    assertThat(Names.snake("p99Nanos")).isEqualTo("p99_nanos");
    assertThat(Names.snake("HTTPServer")).isEqualTo("http_server");
    assertThat(Names.snake("seed")).isEqualTo("seed");
  }

  @Test
  void aKindIsTheSimpleNameWithoutSpec() {
    assertThat(Names.kind(SarathiSpec.class)).isEqualTo("sarathi");
    assertThat(Names.kind(FixedInterval.class)).isEqualTo("fixed_interval");
  }

  @Test
  void aHintIsTheNearestName_orAllIfNoneIsNear() {
    List<String> known = List.of("replicas", "model", "seed");
    assertThat(Names.hint("modle", known)).isEqualTo("Maybe: model");
    assertThat(Names.hint("zzzzzzzz", known)).isEqualTo("Known: replicas, model, seed");
    assertThat(Names.nearestFirst("sed", known)).containsExactly("seed", "model", "replicas");
  }
}
