package io.plumbline.jobs.sensitivity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.JobRun;
import io.plumbline.jobs.SensitivityJob;
import io.plumbline.jobs.SmallResults;
import io.plumbline.jobs.sensitivity.GridSensitivity.Point;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GridSensitivityTest {
  private static Point point(double x, double y, double metric) {
    return new Point(Map.of("x", Double.toString(x), "y", Double.toString(y)), metric);
  }

  private static AxisIndex of(List<AxisIndex> indices, String axis) {
    return indices.stream().filter(index -> index.axis().equals(axis)).findFirst().orElseThrow();
  }

  @Test
  void axesThatOnlyAddUpHaveTheSameFirstOrderAndTotal() {
    // x adds 0 or 2: variance 1. y adds 0 or 4: variance 4. Together 5.
    List<AxisIndex> indices =
        new GridSensitivity(List.of(point(1, 1, 0), point(2, 1, 2), point(1, 2, 4), point(2, 2, 6)))
            .indices();
    assertThat(of(indices, "x").firstOrder()).isCloseTo(0.2, within(1e-12));
    assertThat(of(indices, "x").total()).isCloseTo(0.2, within(1e-12));
    assertThat(of(indices, "y").firstOrder()).isCloseTo(0.8, within(1e-12));
    assertThat(of(indices, "y").meanAbsoluteEffect()).isEqualTo(4);
    assertThat(of(indices, "y").effectDeviation()).isZero();
  }

  @Test
  void axesThatOnlyActTogetherHaveNoFirstOrder() {
    // x * y with values -1 and 1: all means by one axis are 0.
    List<AxisIndex> indices =
        new GridSensitivity(
                List.of(point(-1, -1, 1), point(1, -1, -1), point(-1, 1, -1), point(1, 1, 1)))
            .indices();
    assertThat(of(indices, "x").firstOrder()).isZero();
    assertThat(of(indices, "x").total()).isEqualTo(1);
    assertThat(of(indices, "x").meanAbsoluteEffect()).isEqualTo(2);
    // Effects are -2 and 2: their mean is 0, the sum of squares 8, over one degree of freedom.
    assertThat(of(indices, "x").effectDeviation()).isCloseTo(Math.sqrt(8), within(1e-12));
  }

  /** sin x1 + 7 sin² x2 + 0.1 x3⁴ sin x1, whose indices are known in closed form. */
  @Test
  void ishigamisFunctionHasItsKnownIndices() {
    int steps = 40;
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      for (int j = 0; j < steps; j++) {
        for (int k = 0; k < steps; k++) {
          double a = middle(i, steps);
          double b = middle(j, steps);
          double c = middle(k, steps);
          double value =
              Math.sin(a) + 7 * Math.pow(Math.sin(b), 2) + 0.1 * Math.pow(c, 4) * Math.sin(a);
          points.add(new Point(Map.of("x1", "" + a, "x2", "" + b, "x3", "" + c), value));
        }
      }
    }
    List<AxisIndex> indices = new GridSensitivity(points).indices();
    // V1 = (1 + 0.1 pi^4 / 5)^2 / 2, V2 = 49 / 8, V13 = 0.01 pi^8 (1 / 18 - 1 / 50).
    double v1 = Math.pow(1 + 0.1 * Math.pow(Math.PI, 4) / 5, 2) / 2;
    double v2 = 49.0 / 8;
    double v13 = 0.01 * Math.pow(Math.PI, 8) * (1 / 18.0 - 1 / 50.0);
    double all = v1 + v2 + v13;
    assertThat(of(indices, "x1").firstOrder()).isCloseTo(v1 / all, within(2e-3));
    assertThat(of(indices, "x2").firstOrder()).isCloseTo(v2 / all, within(2e-3));
    assertThat(of(indices, "x3").firstOrder()).isCloseTo(0, within(1e-9));
    assertThat(of(indices, "x1").total()).isCloseTo((v1 + v13) / all, within(2e-3));
    assertThat(of(indices, "x2").total()).isCloseTo(v2 / all, within(2e-3));
    assertThat(of(indices, "x3").total()).isCloseTo(v13 / all, within(2e-3));
  }

  private static double middle(int i, int steps) {
    return -Math.PI + 2 * Math.PI * (i + 0.5) / steps;
  }

  @Test
  void numbersAreNeighboursBySize() {
    List<AxisIndex> indices =
        new GridSensitivity(List.of(point(10, 1, 100), point(2, 1, 20), point(3, 1, 30))).indices();
    // 2, 3, 10: effects 10 and 70.
    assertThat(of(indices, "x").meanAbsoluteEffect()).isEqualTo(40);
    assertThat(of(indices, "y").meanAbsoluteEffect()).isNull();
  }

  @Test
  void aGridWithAHoleIsRefused() {
    assertThatThrownBy(
            () -> new GridSensitivity(List.of(point(1, 1, 0), point(2, 1, 2), point(1, 2, 4))))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("3 points with the metric are no full grid of 4 (");
  }

  @Test
  void theCommandReadsASweep(@TempDir Path results) {
    SmallResults.write(results);
    JobRun run =
        JobRun.of(new SensitivityJob(), "small", "--metric=tpot_p99_ns", "--results=" + results);
    assertThat(run.err()).isEmpty();
    // One axis of two values explains everything; 24.53 ms - 9 ms = 15.53 ms.
    assertThat(run.out()).contains("2 points").containsPattern("device +2 +1.0000 +1.0000 +1.553");
    assertThat(JobRun.of(new SensitivityJob(), "none", "--results=" + results).err())
        .startsWith("no finished point of a sweep none. Maybe one of: small.");
    assertThat(JobRun.of(new SensitivityJob(), "small", "--metric=x", "--results=" + results).err())
        .startsWith("--metric (x) is no number of sweep_result. Maybe one of: completed,");
  }
}
