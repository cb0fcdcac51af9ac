package io.plumbline.jobs.card;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A search ranks by price and power, so a card says where they can be looked up. */
class PriceSourcesTest {
  private static final HardwareCards CARDS =
      new HardwareCards(Path.of(System.getProperty("plumbline.home"), "models"));

  @Test
  void everyPriceHasAnAddressAndADate_andEveryPowerLimitAnAddress() {
    int priced = 0;
    for (String name : CARDS.deviceNames()) {
      DeviceCard card = CARDS.device(name);
      if (card.pricePerHourDollars() != null) {
        priced++;
        assertThat(card.sources().get("price_per_hour_dollars"))
            .as(name)
            .containsPattern("https://\\S+")
            .containsPattern("\\d{1,2} [A-Z][a-z]+ 20\\d\\d");
      }
      assertThat(card.sources().get("tdp_watts"))
          .as(name)
          .containsPattern("https://\\S+|^assumption");
    }
    assertThat(priced).isGreaterThanOrEqualTo(3);
  }
}
