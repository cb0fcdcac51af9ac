package io.plumbline.jobs.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DeviationTest {
  @Test
  void withoutAToleranceTheLastBitCounts() {
    Deviation times = new Deviation("time", 0);
    times.compare(1.5, 1.5, () -> "request 0");
    assertThat(times.isEqual()).isTrue();
    times.compare(1.5, Math.nextUp(1.5), () -> "request 1");
    times.compare(2, 3, () -> "request 2");

    assertThat(times.compared()).isEqualTo(3);
    assertThat(times.different()).isEqualTo(2);
    assertThat(times.largestAbsolute()).isEqualTo(1);
    assertThat(times.largestRelative()).isEqualTo(0.5);
    assertThat(times.first()).isEqualTo("time, request 1: recorded 1.5, ours 1.5000000000000002");
  }

  @Test
  void withinTheToleranceNothingDiffersButTheDistanceIsKept() {
    Deviation means = new Deviation("mean", 1e-9);
    means.compare(1, 1 + 1e-10, () -> "stage 0");
    assertThat(means.different()).isZero();
    assertThat(means.first()).isNull();
    assertThat(means.isEqual()).isFalse();
    means.compare(1, 1 + 1e-8, () -> "stage 1");
    assertThat(means.different()).isEqualTo(1);
  }

  @Test
  void aValueThatOnlyOneSideHasDiffersWhateverTheTolerance() {
    Deviation values = new Deviation("value", 1);
    values.compare(Double.NaN, Double.NaN, () -> "a");
    assertThat(values.isEqual()).isTrue();
    values.compare(Double.NaN, 1, () -> "b");
    values.compare(0, 1, () -> "c");
    assertThat(values.different()).isEqualTo(2);
    assertThat(values.first()).isEqualTo("value, b: recorded none, ours 1");
  }
}
