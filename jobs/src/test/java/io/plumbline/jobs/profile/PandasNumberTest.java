package io.plumbline.jobs.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PandasNumberTest {

  /** Texts of Vidur's profiles with the numbers that the original recorded for them. */
  @ParameterizedTest
  @CsvSource({
    "0.015, 0.015",
    "0.9530000000000001, 0.953",
    "1.4304999999999999, 1.4305",
    "1.4260000000000002, 1.4260000000000002",
    "0.6511595104851139, 0.6511595104851139",
    "6.984999999999999, 6.984999999999999",
    "10.940999999999999, 10.941",
    "1024, 1024",
    "-2.5, -2.5",
    "+.5, 0.5",
    "5., 5",
    "1e-05, 0.00001",
    "2.5E3, 2500",
    "1e-320, 1e-320",
    "1e999, Infinity",
    "0e999, 0",
    "1e-999, 0",
    "12345678901234567890, 12345678901234567000",
  })
  void aTextIsTheNumberThatPandasReads(String text, double number) {
    assertThat(PandasNumber.parse(text)).isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "-", "True", "1.2.3", "0x10", "nan", "1e", "e5", "1 2"})
  void whatIsNoNumberIsNaN(String text) {
    assertThat(PandasNumber.parse(text)).isNaN();
  }

  @ParameterizedTest
  @CsvSource({"0.00039999999999999476, 0.0003999999999999948"})
  void textsThatDifferFarBehindAreOneNumber(String one, String other) {
    assertThat(PandasNumber.parse(one)).isEqualTo(PandasNumber.parse(other));
  }
}
