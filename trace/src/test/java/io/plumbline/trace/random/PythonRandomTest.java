package io.plumbline.trace.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PythonRandomTest {
  @Test
  void doublesAreCPythons() {
    PythonRandom random = new PythonRandom(42);
    assertThat(random.nextDouble()).isEqualTo(0.6394267984578837);
    assertThat(random.nextDouble()).isEqualTo(0.025010755222666936);
    assertThat(random.nextDouble()).isEqualTo(0.27502931836911926);
  }

  /** Expected: first and second draw of CPython 3 after random.seed(seed). */
  @ParameterizedTest
  @CsvSource({
    "0, 0.8444218515250481, 0.7579544029403025",
    "-42, 0.6394267984578837, 0.025010755222666936",
    "4294967295, 0.6353574441341173, 0.20319993954407756",
    "4294967296, 0.11299430095636409, 0.41782886486292836",
    "-1099511627783, 0.6137037779936511, 0.8149162973309487",
    "9223372036854775807, 0.3166448820870279, 0.631259308253863",
    "-9223372036854775808, 0.5534639983914199, 0.9406144709090462"
  })
  void everySeedIsTakenAsCPythonDoes(long seed, double first, double second) {
    PythonRandom random = new PythonRandom(seed);
    assertThat(random.nextDouble()).isEqualTo(first);
    assertThat(random.nextDouble()).isEqualTo(second);
  }

  @Test
  void integersAreCPythons() {
    PythonRandom random = new PythonRandom(42);
    assertThat(IntStream.range(0, 10).map(i -> random.randint(1, 100)))
        .containsExactly(82, 15, 4, 95, 36, 32, 29, 18, 95, 14);
  }

  @Test
  void theWholeRangeOfAnIntIsDrawnFromTwoWords() {
    PythonRandom random = new PythonRandom(42);
    assertThat(IntStream.range(0, 4).map(i -> random.randint(Integer.MIN_VALUE, Integer.MAX_VALUE)))
        .containsExactly(598833565, -966241705, -1188800802, 1015636137);
  }

  @Test
  void oneValueConsumesDrawsAsWell() {
    PythonRandom random = new PythonRandom(42);
    // random.randint(3, 3) draws single bits until one is 0; then random.random().
    assertThat(random.randint(3, 3)).isEqualTo(3);
    assertThat(random.nextDouble()).isEqualTo(0.025010755222666936);
  }

  @Test
  void aUniformNumberIsAScaledDouble() {
    // 1024 + 3072 * 0.6394267984578837
    assertThat(new PythonRandom(42).uniform(1024, 4096)).isEqualTo(2988.319124862619);
  }

  @Test
  void boundsInTheWrongOrderAreRefused() {
    assertThatThrownBy(() -> new PythonRandom(1).randint(2, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("randint needs a (2) not above b (1)");
  }

  @Test
  void aCopyGoesOnIndependently() {
    PythonRandom random = new PythonRandom(42);
    PythonRandom copy = random.copy();
    assertThat(copy.nextDouble()).isEqualTo(0.6394267984578837);
    assertThat(random.nextDouble()).isEqualTo(0.6394267984578837);
  }
}
