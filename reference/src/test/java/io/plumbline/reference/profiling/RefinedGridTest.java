package io.plumbline.reference.profiling;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.reference.profiling.RefinedGrid.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

class RefinedGridTest {
  private static RefinedGrid grid(List<Integer> rows, List<Integer> columns) {
    return new RefinedGrid(
        rows, columns, BatchShape::prefill, (row, column) -> row + column <= 512, 0.05);
  }

  /** Measures and refines until lines are good enough, at most so often. */
  private static List<Point> measure(
      RefinedGrid grid, BiFunction<Integer, Integer, Double> nanos, int refinements) {
    List<Point> order = new ArrayList<>();
    for (int i = 0; i <= refinements; i++) {
      for (Point point : grid.missing()) {
        order.add(point);
        grid.measured(point, nanos.apply(point.row(), point.column()));
      }
      if (i < refinements && !grid.refine()) {
        return order;
      }
    }
    return order;
  }

  @Test
  void sizesGrowByARatioAndEndWhereTheyShould() {
    assertThat(RefinedGrid.geometric(1, 16, 2)).containsExactly(1, 2, 4, 8, 16);
    assertThat(RefinedGrid.geometric(8, 304, 4)).containsExactly(8, 32, 128, 304);
    assertThat(RefinedGrid.geometric(0, 296, 4)).containsExactly(0, 32, 128, 296);
    assertThat(RefinedGrid.geometric(1, 1, 2)).containsExactly(1);
  }

  @Test
  void whereLinesFit_nothingIsAdded() {
    RefinedGrid grid = grid(List.of(8, 64, 256), List.of(0, 128));
    assertThat(measure(grid, (row, column) -> 100.0 + 3 * row + 2 * column, 100)).hasSize(6);
  }

  @Test
  void whatCannotBeMeasuredIsNotAskedFor() {
    RefinedGrid grid = grid(List.of(8, 256), List.of(0, 256, 504));
    assertThat(measure(grid, (row, column) -> 1.0, 0))
        .containsExactly(
            new Point(8, 0),
            new Point(8, 256),
            new Point(8, 504),
            new Point(256, 0),
            new Point(256, 256));
  }

  /** Flat up to 32 rows, steep from there on: new rows belong beside the knee, not elsewhere. */
  @Test
  void newRowsGatherAtAKnee() {
    RefinedGrid grid = grid(List.of(1, 8, 64, 256), List.of(0));
    measure(grid, (row, column) -> 100.0 + Math.max(0, row - 32) * 50, 4);
    assertThat(grid.rows()).hasSizeGreaterThan(5).contains(1, 8, 64, 256);
    assertThat(grid.rows().subSet(8, false, 64, false)).isNotEmpty();
    assertThat(grid.rows().subSet(64, false, 256, false)).hasSizeLessThan(2);
  }

  @Test
  void aBendAlongColumnsAddsColumns() {
    RefinedGrid grid = grid(List.of(8), List.of(0, 128, 504));
    measure(grid, (row, column) -> 1.0 + column * column, 1);
    assertThat(grid.rows()).containsExactly(8);
    // Halfway by value from 0, by ratio elsewhere; both lie beside the point that lines miss.
    assertThat(grid.points()).extracting(Point::column).hasSize(4).contains(0, 128, 504);
  }

  /** Otherwise an interrupted profile would go on with another grid. */
  @Test
  void theSameTimesGiveTheSameOrder() {
    BiFunction<Integer, Integer, Double> nanos =
        (row, column) -> 50.0 + row * row + 0.5 * column * Math.sqrt(row);
    assertThat(measure(grid(List.of(1, 32, 256), List.of(0, 32, 256)), nanos, 5))
        .hasSizeGreaterThan(9)
        .isEqualTo(measure(grid(List.of(1, 32, 256), List.of(0, 32, 256)), nanos, 5));
  }

  @Test
  void sizesBetweenNeighboursAreNotInvented() {
    RefinedGrid grid = grid(List.of(1, 2, 3), List.of(0));
    assertThat(measure(grid, (row, column) -> (double) row * row * row, 100)).hasSize(3);
  }
}
