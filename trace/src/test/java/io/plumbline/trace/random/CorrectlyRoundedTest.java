package io.plumbline.trace.random;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values are from decimal arithmetic with 60 digits, rounded once. */
class CorrectlyRoundedTest {
  @ParameterizedTest
  @CsvSource({
    "0.23796462709189137, -1.4356332420208728",
    "0.5442292252959519, -0.6083847508482914",
    "0.36995516654807925, -0.9943734521774029",
    "0.6039200385961945, -0.5043134762413206",
    "0.625720304108054, -0.4688518062756862",
    "0.06552885923981311, -2.7252646342950886",
    "2.0, 0.6931471805599453",
    "10.0, 2.302585092994046",
    "1e+300, 690.7755278982137",
    "0.9999999999999999, -1.1102230246251565e-16",
    "1.0000000000000002, 2.2204460492503128e-16",
    "1.000000001, 1.000000082240371e-09",
    "0.7071067811865476, -0.3465735902799726"
  })
  void logarithmsAreTheNearestDoubles(double x, double expected) {
    assertThat(CorrectlyRounded.log(x)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0.013167991554874137, 4.0, 3.006617336713454e-08",
    "0.83746908209646, 4.0, 0.49189808342576685",
    "0.25935401432800764, 4.0, 0.004524513599000763",
    "0.23433096104669637, 4.0, 0.003015217844681215",
    "0.9956448355104628, 0.4444444444444444, 0.9980620243737576",
    "0.47026350752244794, 0.4444444444444444, 0.715111729724071",
    "0.8364614512743888, 0.4444444444444444, 0.9237012363802243",
    "0.47635320869933495, 0.4444444444444444, 0.7192127461799015",
    "2.0, 0.5, 1.4142135623730951",
    "10.0, -300.0, 1e-300",
    "3967.0, 0.6, 144.2372123601063",
    "0.5, 3.0, 0.125"
  })
  void powersAreTheNearestDoubles(double x, double y, double expected) {
    assertThat(CorrectlyRounded.pow(x, y)).isEqualTo(expected);
  }

  @Test
  void edgesAreThoseOfTheStandardLibrary() {
    assertThat(CorrectlyRounded.log(1)).isZero();
    assertThat(CorrectlyRounded.log(0)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(CorrectlyRounded.log(-1)).isNaN();
    assertThat(CorrectlyRounded.pow(0, 4)).isZero();
    assertThat(CorrectlyRounded.pow(1, 7)).isEqualTo(1);
    assertThat(CorrectlyRounded.pow(7, 0)).isEqualTo(1);
    assertThat(CorrectlyRounded.pow(10, 400)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(CorrectlyRounded.pow(10, -400)).isZero();
  }
}
