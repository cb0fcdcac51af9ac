package io.plumbline.files.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FilePatternsTest {
  @ParameterizedTest
  @CsvSource({
    "config.json, config.json, true",
    "config.json, other/config.json, false",
    "*.json, config.json, true",
    "*.json, other/config.json, false",
    "**/*.json, other/config.json, true",
    "**.json, config.json, true",
    "model-?.bin, model-1.bin, true",
    "a-{08..11}.bin, a-08.bin, true",
    "a-{08..11}.bin, a-11.bin, true",
    "a-{08..11}.bin, a-8.bin, false",
    "a-{08..11}.bin, a-12.bin, false",
  })
  void patternsFitAsInAShell(String pattern, String path, boolean fits) {
    assertThat(new FilePatterns(List.of(pattern)).match(path)).isEqualTo(fits);
  }

  @Test
  void aRangeStandsForItsNumbers_asWideAsItIsWritten() {
    assertThat(FilePatterns.expanded("m-{00009..00011}-of-00011.bin"))
        .containsExactly("m-00009-of-00011.bin", "m-00010-of-00011.bin", "m-00011-of-00011.bin");
    assertThat(FilePatterns.expanded("config.json")).containsExactly("config.json");
  }

  @Test
  void onlyWhatSaysExactlyHowAFileIsCalledIsAName() {
    assertThat(FilePatterns.isName("a b.json")).isTrue();
    assertThat(List.of("*.py", "a?", "[ab]", "{a,b}")).noneMatch(FilePatterns::isName);
  }

  @Test
  void whatIsNoPatternIsNamed() {
    assertThatThrownBy(() -> new FilePatterns(List.of("a[")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("pattern (a[) is not one of files: ");
    assertThatThrownBy(() -> FilePatterns.expanded("a{3..1}"))
        .hasMessage("pattern (a{3..1}) must count upwards, at most 10000 files");
    assertThatThrownBy(() -> FilePatterns.expanded("a{1..99999}"))
        .hasMessageContaining("at most 10000 files");
  }
}
