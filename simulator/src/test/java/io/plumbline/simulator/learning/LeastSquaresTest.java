package io.plumbline.simulator.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LeastSquaresTest {
  @Test
  void aTriangleHasTheLengthsAndAnglesOfTheColumns() {
    SplittableRandom random = new SplittableRandom(1);
    double[][] rows = new double[30][4];
    double[][] gram = new double[4][4];
    for (double[] row : rows) {
      for (int j = 0; j < 4; j++) {
        row[j] = random.nextDouble() - 0.3;
      }
      for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 4; j++) {
          gram[i][j] += row[i] * row[j];
        }
      }
    }
    double[][] r = LeastSquares.triangle(rows);
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 4; j++) {
        double dot = 0;
        for (int k = 0; k < 4; k++) {
          dot += r[k][i] * r[k][j];
        }
        assertThat(dot).isCloseTo(gram[i][j], within(1e-13));
        assertThat(i > j ? r[i][j] : 0).isZero();
      }
    }
  }

  @Test
  void fewerRowsThanColumnsLeaveZeroRows() {
    double[][] r = LeastSquares.triangle(new double[][] {{3, 1, 2}});
    assertThat(r).isDeepEqualTo(new double[][] {{-3, -1, -2}, {0, 0, 0}, {0, 0, 0}});
  }

  @Test
  void aSquareSystemIsSolved() {
    // 2 x + y = 5, x + 3 y = 10: x = 1, y = 3.
    double[] x = LeastSquares.minimumNorm(new double[][] {{2, 1}, {1, 3}}, new double[] {5, 10});
    assertThat(x[0]).isCloseTo(1, within(1e-14));
    assertThat(x[1]).isCloseTo(3, within(1e-14));
  }

  @Test
  void ofManySolutionsTheShortestIsGiven() {
    // x + 2 y = 5 twice: the shortest is along (1, 2).
    double[] x = LeastSquares.minimumNorm(new double[][] {{1, 1}, {2, 2}}, new double[] {5, 5});
    assertThat(x[0]).isCloseTo(1, within(1e-14));
    assertThat(x[1]).isCloseTo(2, within(1e-14));
  }

  @Test
  void columnsOfZeroesGetNothing() {
    assertThat(LeastSquares.minimumNorm(new double[][] {{0, 0}, {2, 0}}, new double[] {4, 7}))
        .containsExactly(0, 2);
    assertThat(LeastSquares.minimumNorm(new double[][] {{0, 0}}, new double[] {4, 7}))
        .containsExactly(0);
  }

  @Test
  void singularValuesBelowEpsilonCountAsZero() {
    double[][] above = {{1e15, 0}, {0, 1}};
    assertThat(LeastSquares.minimumNorm(above, new double[] {1e15, 1})).containsExactly(1, 1);
    double[][] below = {{1e16, 0}, {0, 1}};
    assertThat(LeastSquares.minimumNorm(below, new double[] {1e16, 1})).containsExactly(1, 0);
  }
}
