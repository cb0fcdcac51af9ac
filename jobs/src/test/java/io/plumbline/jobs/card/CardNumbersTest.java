package io.plumbline.jobs.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.files.BadInputException;
import io.plumbline.simulator.hardware.DataType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers of the cards that results hang on: rates, memory, links. */
final class CardNumbersTest {
  private static final Path MODELS = Path.of(System.getProperty("plumbline.home"), "models");
  private static final HardwareCards CARDS = new HardwareCards(MODELS);

  @Test
  void theNumberFormatChoosesTheRate() {
    DeviceCard a100 = CARDS.device("A100");
    assertThat(a100.sku(DataType.FLOAT16).denseFlops()).isEqualTo(312e12);
    assertThat(a100.sku(DataType.FLOAT32).denseFlops()).isEqualTo(19.5e12);
  }

  @Test
  void aCardWithoutTheRateIsRefused() {
    assertThatThrownBy(() -> CARDS.device("cpu-host").sku(DataType.FLOAT16))
        .isInstanceOf(BadInputException.class)
        .hasMessage("device card cpu-host has no dense_fp16_flops. Maybe dtype: float32");
    DeviceCard noFp32 =
        new DeviceCard(
            "new", List.of(), 1, 1.0, null, null, null, null, 1.0, 0.0, 1.0, null, Map.of());
    assertThatThrownBy(() -> noFp32.sku(DataType.FLOAT32))
        .isInstanceOf(BadInputException.class)
        .hasMessage("device card new has no dense_fp32_flops. Maybe dtype: float16");
  }

  /** What nvidia-smi reports, in MiB. */
  @ParameterizedTest
  @CsvSource({
    "a40, 46068",
    "a100-80gb, 81920",
    "h100-sxm, 81559",
    "h200, 143771",
    "l40s, 46068",
    "rtx-4090, 24564",
    "rtx-pro-6000, 97887",
  })
  void memoryIsWhatTheDriverReports(String device, long mebibytes) {
    assertThat(CARDS.device(device).memoryBytes()).isEqualTo(mebibytes << 20);
  }

  @ParameterizedTest
  @CsvSource({
    "a100_pairwise_nvlink, 2, 32e9",
    "a40_pairwise_nvlink, 2, 32e9",
    "h100_pairwise_nvlink, 2, 64e9",
    "a100_dgx, 8,",
    "h100_dgx, 8,",
    "pcie-4, 4,",
    "single, 1,",
  })
  void pairsAreJoinedByPcie(String node, int linkedDevices, Double crossLink) {
    assertThat(CARDS.node(node).sku().linkedDevices()).isEqualTo(linkedDevices);
    assertThat(CARDS.node(node).sku().crossLinkBandwidthBytesPerSecond()).isEqualTo(crossLink);
  }
}
