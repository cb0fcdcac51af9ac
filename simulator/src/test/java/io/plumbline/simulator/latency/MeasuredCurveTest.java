package io.plumbline.simulator.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MeasuredCurveTest {
  private static final MeasuredCurve CURVE =
      new MeasuredCurve(new double[] {40, 10, 20}, new double[] {4, 1, 3});

  @Test
  void measuredPointsAreMetExactly() {
    assertThat(CURVE.ms(10)).isEqualTo(1);
    assertThat(CURVE.ms(20)).isEqualTo(3);
    assertThat(CURVE.ms(40)).isEqualTo(4);
  }

  @Test
  void betweenPointsTheTimeIsLinear() {
    assertThat(CURVE.ms(15)).isEqualTo(2); // halfway from 1 to 3
    assertThat(CURVE.ms(25)).isEqualTo(3.25); // a quarter of the way from 3 to 4
  }

  @Test
  void belowTheFirstPointTheTimeIsItsFloor() {
    assertThat(CURVE.ms(1)).isEqualTo(1);
  }

  @Test
  void aboveTheLastPointTheTimeFollowsTheLastSlope() {
    assertThat(CURVE.ms(60)).isEqualTo(5); // 4 + 20 * (4 - 3) / 20
  }

  @Test
  void aboveTheLastPointTheTimeNeverFalls() {
    MeasuredCurve falling = new MeasuredCurve(new double[] {10, 20}, new double[] {3, 2});
    assertThat(falling.ms(30)).isEqualTo(2);
  }

  @Test
  void aSinglePointHoldsEverywhere() {
    MeasuredCurve single = new MeasuredCurve(new double[] {10}, new double[] {3});
    assertThat(single.ms(1)).isEqualTo(3);
    assertThat(single.ms(10)).isEqualTo(3);
    assertThat(single.ms(100)).isEqualTo(3);
  }

  @Test
  void pointsMeasuredSeveralTimesCountAsTheirMean() {
    MeasuredCurve curve =
        new MeasuredCurve(new double[] {20, 10, 10, 20, 10}, new double[] {8, 1, 2, 4, 6});
    assertThat(curve.ms(10)).isEqualTo(3); // (1 + 2 + 6) / 3
    assertThat(curve.ms(20)).isEqualTo(6); // (8 + 4) / 2
    assertThat(curve.ms(30)).isEqualTo(9);
  }

  @Test
  void sizesAndTimesMustMatch() {
    assertThatThrownBy(() -> new MeasuredCurve(new double[] {1, 2}, new double[] {1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a curve needs as many sizes (2) as times (1), and at least one");
    assertThatThrownBy(() -> new MeasuredCurve(new double[0], new double[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a curve needs as many sizes (0) as times (0), and at least one");
  }

  /** Row 1 has points at 0 and 10, row 3 at 0 and 20: no rectangle. */
  private static final MeasuredGrid GRID =
      new MeasuredGrid(
          new double[] {3, 1, 3, 1}, new double[] {20, 0, 0, 10}, new double[] {7, 1, 3, 2});

  @Test
  void pointsOfAGridAreMet() {
    assertThat(GRID.ms(1, 0)).isEqualTo(1);
    assertThat(GRID.ms(1, 10)).isEqualTo(2);
    assertThat(GRID.ms(3, 0)).isCloseTo(3, within(1e-12));
    assertThat(GRID.ms(3, 20)).isCloseTo(7, within(1e-12));
  }

  @Test
  void betweenRowsAGridIsLinearOnTheirCurves() {
    // At column 10 row 1 has 2, row 3 has (3 + 7) / 2 = 5; row 2 is halfway.
    assertThat(GRID.ms(2, 10)).isCloseTo(3.5, within(1e-12));
  }

  @Test
  void belowTheFirstRowAGridIsItsFloor() {
    assertThat(GRID.ms(0, 5)).isEqualTo(1.5);
  }

  @Test
  void aboveTheLastRowAGridFollowsTheLastSlopeAndNeverFalls() {
    // At column 10: 5 at row 3, 2 at row 1; two rows further 8.
    assertThat(GRID.ms(5, 10)).isCloseTo(8, within(1e-12));
    MeasuredGrid falling =
        new MeasuredGrid(new double[] {1, 2}, new double[] {0, 0}, new double[] {5, 4});
    assertThat(falling.ms(3, 0)).isEqualTo(4);
  }

  @Test
  void aGridOfOneRowIsItsCurve() {
    MeasuredGrid single =
        new MeasuredGrid(new double[] {2, 2}, new double[] {0, 10}, new double[] {1, 2});
    assertThat(single.ms(1, 5)).isEqualTo(1.5);
    assertThat(single.ms(9, 5)).isEqualTo(1.5);
  }

  @Test
  void anEmptyGridIsRefused() {
    assertThatThrownBy(() -> new MeasuredGrid(new double[0], new double[0], new double[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a grid needs at least one point");
  }
}
