package io.plumbline.reference.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.files.BadInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CalibrationTest {
  private static final int OVERHEAD = 5;

  private final List<String> candidates = IntStream.range(0, 100).mapToObj(i -> "w" + i).toList();
  private int probes;

  @Test
  void wordsOfMoreTokens_areFoundOut_andTheOverheadIsTheRest() {
    Set<String> longer = Set.of("w3", "w4", "w77");

    Prompts.Words prompts = new Calibration(tokenizer(longer)).prompts(candidates);

    List<String> expected = new ArrayList<>(candidates);
    expected.removeAll(longer);
    assertThat(prompts.words()).isEqualTo(expected);
    assertThat(prompts.overheadTokens()).isEqualTo(OVERHEAD);
    // Two for the first word and the overhead, and of the halvings 1 + 2 + 2 x 6 x 2 at most.
    assertThat(probes).isLessThan(40);
  }

  @Test
  void aFirstWordOfMoreTokens_isNoDifferent() {
    assertThat(new Calibration(tokenizer(Set.of("w0"))).prompts(candidates).words())
        .isEqualTo(candidates.subList(1, 100));
  }

  @Test
  void aServerForWhichHardlyAnyWordIsOneToken_isRefused() {
    assertThatThrownBy(
            () ->
                new Calibration(tokenizer(Set.copyOf(candidates.subList(0, 90))))
                    .prompts(candidates))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "only 10 of 100 common words are one token for this server. Maybe use prompts: token_ids.");
  }

  /** Three tokens for the longer words, one for the others. */
  private ToIntFunction<String> tokenizer(Set<String> longer) {
    return text -> {
      probes++;
      return OVERHEAD
          + List.of(text.split(" ", -1)).stream()
              .mapToInt(word -> longer.contains(word) ? 3 : 1)
              .sum();
    };
  }
}
