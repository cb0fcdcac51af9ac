package io.plumbline.simulator.reallm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kernels and collectives of iterations small enough to be counted by hand. */
class IterationTimesTest {
  private static final int[] NONE = {};
  private static final int[] TWO = {7, 9};
  private static final DenseModel DENSE = new DenseModel(4, 8, 16, 2, 4, 2);
  private static final LatentModel LATENT =
      new LatentModel(2, 4, 8, 2, 1, 1, 1, 4, 2, 2, 2, 1, 1, 1);

  /** A product takes a second whatever its shape, a norm one per row; nothing else takes time. */
  private record Counted(double perProduct, double perNormRow) implements KernelTimes {
    @Override
    public double matmul(long batch, long rows, long inner, long columns) {
      return perProduct;
    }

    @Override
    public double softmax(long rows, long columns) {
      return 0;
    }

    @Override
    public double mul(long rows, long columns) {
      return 0;
    }

    @Override
    public double layerNorm(long rows, long columns) {
      return perNormRow * rows;
    }

    @Override
    public double silu(long rows, long columns) {
      return 0;
    }
  }

  private static final KernelTimes PRODUCTS = new Counted(1, 0);
  private static final KernelTimes NORM_ROWS = new Counted(0, 1);

  private static double seconds(
      ReallmModel model, Degrees degrees, KernelTimes kernels, int prefill, int[] contexts) {
    return new IterationTimes(model, degrees, kernels, AllReduce.NONE)
        .seconds(prefill, contexts, contexts.length, new ExpertDraws(5));
  }

  @Test
  void everyDecodeHasTwoProductsOfItsOwnAndThePrefillTwo() {
    Degrees one = new Degrees(1, 1, 1, 1, 1);
    assertThat(seconds(DENSE, one, PRODUCTS, 0, TWO)).isEqualTo(4 * (6 + 4));
    assertThat(seconds(DENSE, one, PRODUCTS, 5, TWO)).isEqualTo(4 * (6 + 2 + 4));
  }

  @Test
  void contextDegreesShareTokensAndStagesLayers() {
    // 6 rows and 2 norms in 4 layers.
    assertThat(seconds(DENSE, new Degrees(1, 1, 1, 1, 1), NORM_ROWS, 6, NONE)).isEqualTo(48);
    assertThat(seconds(DENSE, new Degrees(1, 1, 1, 4, 1), NORM_ROWS, 6, NONE)).isEqualTo(16);
    assertThat(seconds(DENSE, new Degrees(1, 1, 3, 1, 1), NORM_ROWS, 6, NONE)).isEqualTo(24);
  }

  /** Six tokens of 8 numbers of 2 bytes are 96 bytes, over links of 450 GB/s and 0.92 us. */
  @ParameterizedTest
  @CsvSource({"MULTISHOT,2,96", "RING,6,24", "RING_2D,4,24", "NONE,0,0"})
  void devicesAddUpTwiceInEachLayer(AllReduce way, int hops, double bytesPerHop) {
    double ours =
        new IterationTimes(DENSE, new Degrees(1, 4, 1, 1, 1), new Counted(0, 0), way)
            .seconds(6, NONE, 0, new ExpertDraws(0));
    // Along both sides of the square: two steps of two links' latency and half of the bytes.
    assertThat(ours).isCloseTo(4 * 2 * hops * (0.92e-6 + bytesPerHop / 450e9), within(1e-15));
  }

  /**
   * Latent attention has 5 products a layer and 4 for each decode, its values among them; the dense
   * layer 3, the shared expert 3. Both tokens draw experts 0 and 3: two nodes have two each, of
   * which the first has one expert.
   */
  @Test
  void decodesRunTheExpertsOfTheFirstBusiestNode() {
    int others = 2 * (5 + 2 * 4) + 3 + 3;
    assertThat(seconds(LATENT, new Degrees(1, 1, 1, 1, 1), PRODUCTS, 0, TWO)).isEqualTo(others + 6);
    assertThat(seconds(LATENT, new Degrees(2, 1, 1, 1, 1), PRODUCTS, 0, TWO)).isEqualTo(others + 3);
  }

  @Test
  void aPrefillRunsItsExpertsAsOneAndDecodesBesideItNone() {
    int prefill = 2 * (4 + 5) + 3 + 3 + 3;
    Degrees one = new Degrees(1, 1, 1, 1, 1);
    assertThat(seconds(LATENT, one, PRODUCTS, 5, NONE)).isEqualTo(prefill);
    assertThat(seconds(LATENT, one, PRODUCTS, 5, TWO)).isEqualTo(prefill + 2 * (1 + 2 * 4));
  }

  /** What NumPy 2.4.6 draws: {@code seed(0)}, {@code choice(160, 6, replace=False, p=1/160)}. */
  @Test
  void expertsAreNumpys() {
    ExpertDraws draws = new ExpertDraws(0);
    int[] drawn = new int[6];
    draws.draw(160, drawn);
    assertThat(drawn).containsExactly(87, 114, 96, 67, 103, 68);
    draws.draw(160, drawn);
    assertThat(drawn).containsExactly(142, 154, 61, 126, 84, 90);
  }

  /** Of few experts draws meet, and are drawn again: {@code seed(5)}, {@code choice(8, 6, …)}. */
  @Test
  void expertsThatMeetAreDrawnAgain() {
    ExpertDraws draws = new ExpertDraws(5);
    int[] drawn = new int[6];
    draws.draw(8, drawn);
    assertThat(drawn).containsExactly(1, 6, 7, 3, 4, 5);
    draws.draw(8, drawn);
    assertThat(drawn).containsExactly(4, 2, 1, 0, 5, 3);
  }

  @Test
  void degreesWithoutKernelsAreRefused() {
    assertThatThrownBy(() -> LATENT.requireFits(new Degrees(1, 2, 1, 1, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tp2_cp1. Maybe ep2");
    assertThatThrownBy(() -> LATENT.requireFits(new Degrees(3, 1, 1, 1, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("experts (4) must be a multiple");
  }
}
