package io.plumbline.jobs.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.jobs.SharedSpark;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorMetricsTest {

  @Test
  void percentilesInterpolateBetweenTheTwoClosestRanks() {
    // Ranks of 4 values are 0…3: 0.5 -> 1.5, 0.9 -> 2.7, 0.25 -> 0.75.
    double[] values = {40, 10, 30, 20};
    assertThat(ErrorMetrics.percentile(values, 0.5)).isEqualTo(25);
    assertThat(ErrorMetrics.percentile(values, 0.9)).isEqualTo(37, within(1e-12));
    assertThat(ErrorMetrics.percentile(values, 0.25)).isEqualTo(17.5);
    assertThat(ErrorMetrics.percentile(values, 0)).isEqualTo(10);
    assertThat(ErrorMetrics.percentile(values, 1)).isEqualTo(40);
    assertThat(values).containsExactly(40, 10, 30, 20);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 100, 503})
  void percentilesEqualThoseOfSpark(int n) {
    double[] values = new SplittableRandom(n).doubles(n, 1e6, 1e9).toArray();
    SparkSession spark = SharedSpark.session();
    var row =
        spark
            .createDataset(Arrays.stream(values).boxed().toList(), Encoders.DOUBLE())
            .selectExpr("percentile(value, array(0.5D, 0.9D, 0.95D, 0.99D))")
            .head();
    var ofSpark = row.<Double>getList(0);
    assertThat(ofSpark)
        .containsExactly(
            ErrorMetrics.percentile(values, 0.5),
            ErrorMetrics.percentile(values, 0.9),
            ErrorMetrics.percentile(values, 0.95),
            ErrorMetrics.percentile(values, 0.99));
  }

  @Test
  void percentilesOfNothingOrOutsideTheRangeAreRefused() {
    assertThatThrownBy(() -> ErrorMetrics.percentile(new double[0], 0.5))
        .hasMessage("a percentile needs at least one value");
    assertThatThrownBy(() -> ErrorMetrics.percentile(new double[] {1}, 90))
        .hasMessage("fraction (90.0) must be in [0, 1]");
  }

  @Test
  void errorsAreSimulatedMinusReference() {
    assertThat(ErrorMetrics.signedError(200, 150)).isEqualTo(-50);
    assertThat(ErrorMetrics.relativeError(200, 150)).isEqualTo(-0.25);
    assertThat(ErrorMetrics.percentError(200, 150)).isEqualTo(-25);
  }

  @Test
  void anErrorAgainstZeroHasNoRatioUnlessBothAreZero() {
    assertThat(ErrorMetrics.relativeError(0, 0)).isZero();
    assertThat(ErrorMetrics.relativeError(0, 1)).isNull();
    assertThat(ErrorMetrics.percentError(0, 1)).isNull();
    assertThat(Thresholds.DEFAULT.judge(null)).isEqualTo(Verdict.FAIL);
  }

  @ParameterizedTest
  @CsvSource({
    "0, PASS",
    "5, PASS",
    "-5, PASS",
    "5.1, WARN",
    "-9, WARN",
    "9, WARN",
    "9.1, FAIL",
    "-88, FAIL"
  })
  void verdictsDependOnTheSizeOfTheError(double percent, Verdict verdict) {
    assertThat(Thresholds.DEFAULT.judge(percent)).isEqualTo(verdict);
  }

  @Test
  void thresholdsInTheWrongOrderAreRefused() {
    assertThatThrownBy(() -> new Thresholds(9, 5))
        .hasMessage("thresholds need 0 <= pass <= warn, but pass is 9.0 % and warn 5.0 %");
  }
}
