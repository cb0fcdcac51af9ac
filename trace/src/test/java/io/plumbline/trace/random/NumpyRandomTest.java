package io.plumbline.trace.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumpyRandomTest {
  private static final int DRAWS = 100_000;

  @Test
  void doublesAreNumpys() {
    NumpyRandom random = new NumpyRandom(42);
    assertThat(DoubleStream.generate(random::nextDouble).limit(3))
        .containsExactly(0.3745401188473625, 0.9507143064099162, 0.7319939418114051);
  }

  @Test
  void gaussiansAreNumpys() {
    NumpyRandom random = new NumpyRandom(0);
    assertThat(DoubleStream.generate(random::gauss).limit(5))
        .containsExactly(
            1.764052345967664,
            0.4001572083672233,
            0.9787379841057392,
            2.240893199201458,
            1.8675579901499675);
  }

  @Test
  void boundedIntegersAreNumpys() {
    // RandomState(5): randint(2147483647) three times, randint(0, 10, 8), (0, 1, 2), (0, 1000, 3)
    NumpyRandom random = new NumpyRandom(5);
    assertThat(new int[] {random.nextInt(Integer.MAX_VALUE), random.nextInt(Integer.MAX_VALUE)})
        .containsExactly(953453411, 236996814);
    assertThat(random.nextInt(1)).isZero(); // takes nothing
    assertThat(random.nextInt(Integer.MAX_VALUE)).isEqualTo(1592283119);
    assertThat(ints(random, 10, 8)).containsExactly(6, 6, 0, 9, 8, 4, 7, 0);
    assertThat(ints(random, 1, 2)).containsExactly(0, 0);
    assertThat(ints(random, 1000, 3)).containsExactly(670, 720, 519);
  }

  private static int[] ints(NumpyRandom random, int bound, int size) {
    int[] numbers = new int[size];
    Arrays.fill(numbers, -1);
    random.nextInts(bound, numbers);
    return numbers;
  }

  @Test
  void permutationsAreNumpys() {
    assertThat(new NumpyRandom(42).permutation(10)).containsExactly(8, 1, 5, 0, 7, 2, 9, 4, 3, 6);
    assertThat(new NumpyRandom(42).permutation(1)).containsExactly(0);
    assertThat(new NumpyRandom(42).permutation(0)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.25, 1, 4})
  void gammaDrawsHaveTheMomentsOfTheLaw(double shape) {
    NumpyRandom random = new NumpyRandom(1);
    double[] draws = DoubleStream.generate(() -> random.gamma(shape, 2)).limit(DRAWS).toArray();
    double mean = DoubleStream.of(draws).average().orElseThrow();
    double variance =
        DoubleStream.of(draws).map(x -> (x - 2 * shape) * (x - 2 * shape)).average().orElseThrow();
    // Mean k s and variance k s^2; the fourth central moment is 3 k (k + 2) s^4. 1 % significance.
    assertThat(mean).isCloseTo(2 * shape, within(2.576 * 2 * Math.sqrt(shape / DRAWS)));
    double deviation = Math.sqrt((3 * shape * (shape + 2) - shape * shape) * 16 / DRAWS);
    assertThat(variance).isCloseTo(4 * shape, within(2.576 * deviation));
  }

  @Test
  void seedingForgetsTheSpareGaussian() {
    NumpyRandom random = new NumpyRandom(0);
    random.gauss();
    random.seed(0);
    assertThat(random.gauss()).isEqualTo(1.764052345967664);
    assertThat(random.copy().gauss()).isEqualTo(0.4001572083672233);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 1L << 32})
  void seedsThatNumpyRefusesAreRefused(long seed) {
    assertThatThrownBy(() -> new NumpyRandom(seed))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("seed (" + seed + ") must be between 0 and 2^32 - 1, NumPy takes no other");
  }

  @Test
  void impossibleShapesAreRefused() {
    assertThatThrownBy(() -> new NumpyRandom(0).standardGamma(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("shape (0.0) must be positive");
  }
}
