package io.plumbline.trace.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.trace.workload.TokenLengths.Fixed;
import io.plumbline.trace.workload.TokenLengths.Measured;
import io.plumbline.trace.workload.TokenLengths.Pair;
import io.plumbline.trace.workload.TokenLengths.Uniform;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenLengthsTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void uniformPairsAreEquallyLikelyAndIndependent(long seed) {
    Uniform uniform = new Uniform(3, 6, 10, 14);
    SplittableRandom random = new SplittableRandom(seed);
    int draws = 20_000;
    int[][] seen = new int[4][5];
    for (int i = 0; i < draws; i++) {
      Pair pair = uniform.next(i, random);
      seen[pair.promptTokens() - 3][pair.outputTokens() - 10]++;
    }
    double expected = draws / 20.0;
    double chiSquare = 0;
    for (int[] row : seen) {
      for (int count : row) {
        chiSquare += (count - expected) * (count - expected) / expected;
      }
    }
    // 20 cells, 19 degrees of freedom, 1 % significance. Independence is in it: cells are pairs.
    assertThat(chiSquare).isLessThan(36.19);
  }

  @Test
  void aUniformRangeOfOneIsFixed() {
    assertThat(new Uniform(7, 7, 9, 9).next(0, new SplittableRandom(1))).isEqualTo(new Pair(7, 9));
  }

  @Test
  void measuredLengthsKeepTheirOrderAndStartOver() {
    Measured measured = new Measured(new int[] {1, 2, 3}, new int[] {10, 20, 30});
    assertThat(measured.next(2, null)).isEqualTo(new Pair(3, 30));
    assertThat(measured.next(3, null)).isEqualTo(new Pair(1, 10));
  }

  @Test
  void measuredLengthsAreCopied() {
    int[] prompts = {1};
    Measured measured = new Measured(prompts, new int[] {10});
    prompts[0] = 99;
    assertThat(measured.next(0, null)).isEqualTo(new Pair(1, 10));
  }

  @Test
  void lengthTracesThatDoNotMatchAreRefused() {
    assertThatThrownBy(() -> new Measured(new int[] {1, 2}, new int[] {1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a length trace needs as many prompts (2) as outputs (1), and at least one");
    assertThatThrownBy(() -> new Measured(new int[0], new int[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a length trace needs as many prompts (0) as outputs (0), and at least one");
  }

  @Test
  void impossibleLengthsAreRefused() {
    assertThatThrownBy(() -> new Fixed(0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("promptTokens must be positive, the least (0) not above the most (0)");
    assertThatThrownBy(() -> new Fixed(1, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("outputTokens must be positive, the least (-1) not above the most (-1)");
    assertThatThrownBy(() -> new Uniform(5, 4, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("promptTokens must be positive, the least (5) not above the most (4)");
    assertThatThrownBy(() -> new Uniform(1, 1, 5, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("outputTokens must be positive, the least (5) not above the most (4)");
  }
}
