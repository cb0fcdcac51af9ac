package io.plumbline.files.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ListKeysTest {
  sealed interface Source permits Plain, Derived {}

  record Plain(List<Integer> sizes, int seed) implements Source {}

  record Derived(Source of, List<String> names) implements Source {}

  record Whole(Source source, Plain other) {}

  @Test
  void keysOfListsAreFoundThroughAllKindsOfAChoice() {
    assertThat(ListKeys.of(Whole.class))
        .contains("source.sizes", "source.names", "other.sizes")
        .doesNotContain("other.seed", "source.of");
  }

  @Test
  void aChoiceInsideItselfIsFollowedOnce() {
    assertThat(ListKeys.of(Whole.class))
        .contains("source.of.sizes", "source.of.names")
        .doesNotContain("source.of.of.sizes");
  }
}
