package io.plumbline.simulator.reallm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class KernelTableTest {
  private static final double OVERHEAD = 0.3e-5;

  private static KernelTable table(long[][] shapes, double... seconds) {
    return new KernelTable(KernelKind.MUL, shapes, seconds);
  }

  @Test
  void aRowItselfHasNoOverheadAndTheLastOfEqualRowsCounts() {
    KernelTable table = table(new long[][] {{2, 8}, {4, 8}, {2, 8}}, 1, 2, 3);
    assertThat(table.lookUp(2, 8).seconds()).isEqualTo(3);
  }

  @Test
  void rowsThatDifferInOneSizeAreJoinedByLinesThatGoOn() {
    KernelTable table = table(new long[][] {{2, 8}, {4, 8}}, 1, 2);
    assertThat(table.lookUp(3, 8).seconds()).isCloseTo(1.5 + OVERHEAD, within(1e-12));
    assertThat(table.lookUp(6, 8).seconds()).isCloseTo(3 + OVERHEAD, within(1e-12));
  }

  @Test
  void threeRowsThatDifferInTwoSizesAreATriangle() {
    // Nothing is shared with (1, 1), so that all rows are neighbours: 1 + 1/4 * 4 + 1/4 * 8.
    KernelTable table = table(new long[][] {{0, 0}, {4, 0}, {0, 4}}, 1, 5, 9);
    assertThat(table.lookUp(1, 1).seconds()).isCloseTo(4 + OVERHEAD, within(1e-12));
  }

  @Test
  void outsideOfTheTriangleTheNearestRowCounts() {
    KernelTable table = table(new long[][] {{0, 0}, {4, 0}, {0, 4}}, 1, 5, 9);
    assertThat(table.lookUp(9, 1).seconds()).isCloseTo(5 + OVERHEAD, within(1e-12));
  }

  @Test
  void aSquareHasTwoTriangulationsAndSaysSo() {
    // One diagonal makes the place a part of the raised corner, the other does not.
    KernelTable table = table(new long[][] {{0, 0}, {4, 0}, {0, 4}, {4, 4}}, 1, 1, 1, 9);
    assertThat(table.lookUp(1, 2).tied()).isTrue();
    assertThat(table.lookUp(1, 1).tied()).isTrue();
  }

  @Test
  void equallyNearRowsAreATieAndTheFirstCounts() {
    // (5, 7) shares 5 with the first row alone, so that the nearest row of all is taken.
    KernelTable table = table(new long[][] {{5, 9}, {5 + 2, 7}}, 1, 2);
    KernelTable.Latency latency = table.lookUp(5, 7);
    assertThat(latency.seconds()).isCloseTo(1 + OVERHEAD, within(1e-12));
    assertThat(latency.tied()).isTrue();
  }
}
