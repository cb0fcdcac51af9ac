package io.plumbline.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Sha256Test {

  @Test
  void emptyInputHasThePublishedDigest() {
    // FIPS 180-4: SHA-256 of nothing.
    assertThat(new Sha256().hex())
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  }

  @Test
  void shortHexIsTheFirst16Digits() {
    assertThat(new Sha256().shortHex()).isEqualTo("e3b0c44298fc1c14");
  }

  @Test
  void theBoundaryBetweenTwoTextsCounts() {
    String left = new Sha256().putText("ab").putText("c").hex();
    String right = new Sha256().putText("a").putText("bc").hex();
    assertThat(left).isNotEqualTo(right);
  }

  @Test
  void anEmptyTextCounts() {
    assertThat(new Sha256().putText("").putText("a").hex())
        .isNotEqualTo(new Sha256().putText("a").hex());
  }

  @Test
  void theOrderOfFieldsCounts() {
    assertThat(new Sha256().putLong(1).putLong(2).hex())
        .isNotEqualTo(new Sha256().putLong(2).putLong(1).hex());
  }

  @Test
  void allEightBytesOfALongCount() {
    assertThat(new Sha256().putLong(1).hex())
        .isNotEqualTo(new Sha256().putLong(1L + (1L << 56)).hex());
  }

  @Test
  void sameFieldsGiveSameHash() {
    assertThat(new Sha256().putLong(7).putText("x").hex())
        .isEqualTo(new Sha256().putLong(7).putBytes(new byte[] {'x'}).hex());
  }
}
