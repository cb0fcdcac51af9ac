package io.plumbline.jobs.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.files.BadInputException;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.Problems;
import io.plumbline.files.conf.RecordBinder;
import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.DeviceSku;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HardwareCardsTest {
  private static final Path MODELS = Path.of(System.getProperty("plumbline.home"), "models");

  @TempDir Path temp;

  static List<Path> devices() throws IOException {
    return cards("devices");
  }

  static List<Path> nodes() throws IOException {
    return cards("nodes");
  }

  static Stream<Path> all() throws IOException {
    return Stream.concat(devices().stream(), nodes().stream());
  }

  private static List<Path> cards(String folder) throws IOException {
    try (Stream<Path> files = Files.list(MODELS.resolve(folder))) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("devices")
  void aDeviceIsFoundByItsNameAndByEveryAlias(Path file) {
    DeviceCard card = RecordBinder.bind(ConfNode.read(file), DeviceCard.class);
    HardwareCards cards = new HardwareCards(MODELS);

    assertThat(file.getFileName()).hasToString(card.name() + ".json");
    assertThat(cards.device(card.name())).isEqualTo(card);
    assertThat(card.aliases()).allSatisfy(a -> assertThat(cards.device(a)).isEqualTo(card));
    assertThat(card.sku(DataType.FLOAT32).memoryBytes()).isEqualTo(card.memoryBytes()).isPositive();
    assertThat(card.sku(DataType.FLOAT32).name()).isEqualTo(card.name());
  }

  @ParameterizedTest
  @MethodSource("nodes")
  void aNodeIsFoundByItsName(Path file) {
    NodeCard card = RecordBinder.bind(ConfNode.read(file), NodeCard.class);

    assertThat(file.getFileName()).hasToString(card.name() + ".json");
    assertThat(new HardwareCards(MODELS).node(card.name())).isEqualTo(card);
    assertThat(card.sku().devicesPerNode()).isEqualTo(card.devicesPerNode()).isPositive();
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyNumberSaysWhereItIsFrom(Path file) {
    ConfNode card = ConfNode.read(file);
    List<String> numbers = new ArrayList<>(card.entries().keySet());
    numbers.removeAll(List.of("name", "aliases", "sources"));

    assertThat(numbers).hasSizeGreaterThan(3);
    assertThat(card.get("sources").entries()).containsKeys(numbers.toArray(String[]::new));
    assertThat(card.get("sources").entries().values())
        .allSatisfy(source -> assertThat(source.text()).isNotBlank());
  }

  @Test
  void noNameMeansTwoDevices() throws IOException {
    List<String> names = new ArrayList<>();
    for (Path file : devices()) {
      DeviceCard card = RecordBinder.bind(ConfNode.read(file), DeviceCard.class);
      names.add(card.name());
      names.addAll(card.aliases());
    }

    assertThat(names).doesNotHaveDuplicates();
  }

  @Test
  void anAliasOfTwoDevicesIsRefused() throws IOException {
    Path devices = Files.createDirectories(temp.resolve("devices"));
    Files.createDirectories(temp.resolve("nodes"));
    String a40 = Files.readString(MODELS.resolve("devices/a40.json"));
    Files.writeString(devices.resolve("a.json"), a40);
    Files.writeString(
        devices.resolve("b.json"), a40.replace("\"name\": \"a40\"", "\"name\": \"b\""));

    assertThatThrownBy(() -> new HardwareCards(temp))
        .isInstanceOf(BadInputException.class)
        .hasMessage("two device cards in %s have the name or alias 'A40': a40 and b", devices);
  }

  @Test
  void anUnknownDeviceOrNodeIsAnsweredWithTheKnownOnesNearestFirst() {
    HardwareCards cards = new HardwareCards(MODELS);

    assertThatThrownBy(() -> cards.device("h10"))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "no device card 'h10'. Known, nearest first: a40, h200, l40s, h100-sxm, a100-40gb,"
                + " a100-80gb, cpu-host, rtx-4090, rtx-pro-6000. Maybe add a card: models/devices/README.md"
                + " says how.");
    assertThatThrownBy(() -> cards.node("dgx_a100"))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("no node card 'dgx_a100'. Known, nearest first: ");
  }

  @Test
  void aCardInAConfigurationMayBeLikeAnother() {
    HardwareCards cards = new HardwareCards(MODELS);
    Problems problems = new Problems();
    DeviceCard a40 = cards.device("a40");

    DeviceCard like =
        cards.device(ConfNode.parse("c", "{like: A40, memory_bytes: 48318382080}"), problems);
    assertThat(like.memoryBytes()).isEqualTo(45L << 30);
    assertThat(like.name()).isEqualTo("a40");
    assertThat(like.denseFp16Flops()).isEqualTo(a40.denseFp16Flops());
    assertThat(like.memoryBandwidthBytesPerSecond()).isEqualTo(a40.memoryBandwidthBytesPerSecond());
    NodeCard pairs =
        cards.node(
            ConfNode.parse("c", "{like: a100_pairwise_nvlink, devices_per_node: 2}"), problems);
    assertThat(pairs.sku().devicesPerNode()).isEqualTo(2);
    assertThat(pairs.sku().linkedDevices()).isEqualTo(2);
    assertThat(problems.isEmpty()).isTrue();
  }

  @Test
  void aCardInAConfigurationMayBeNew() {
    HardwareCards cards = new HardwareCards(MODELS);
    Problems problems = new Problems();
    DeviceCard device =
        cards.device(
            ConfNode.parse("c", "{name: a30, memory_bytes: 1, dense_fp16_flops: 2.5}"), problems);
    assertThat(device.sku(DataType.FLOAT16)).isEqualTo(new DeviceSku("a30", 1, 2.5, null, null));
    assertThat(cards.namesOfDevice("a30")).containsExactly("a30");
    assertThat(cards.namesOfDevice("a40")).contains("a40", "A40");
    NodeCard node =
        cards.node(ConfNode.parse("c", "{name: a30_single_gpu, devices_per_node: 1}"), problems);
    assertThat(node.sku().linksKnown()).isFalse();
    assertThat(problems.isEmpty()).isTrue();

    cards.device(ConfNode.parse("c", "{like: a40, memory: 1}"), problems);
    assertThatThrownBy(() -> problems.throwIfAny("c"))
        .hasMessageStartingWith("1 problem in c:\n  c:1: memory: unknown key. Known: name, ");
    assertThatThrownBy(() -> cards.device(ConfNode.parse("c", "{like: a4}"), problems))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("no device card 'a4'. Known, nearest first: a40, ");
  }

  @Test
  void aFileMustSayWhatIsUnknown() throws IOException {
    Path devices = Files.createDirectories(temp.resolve("devices"));
    Files.createDirectories(temp.resolve("nodes"));
    Path card = devices.resolve("a.json");
    String a40 = Files.readString(MODELS.resolve("devices/a40.json"));
    Files.writeString(card, a40.replace("  \"tdp_watts\": 300,\n", ""));

    assertThatThrownBy(() -> new HardwareCards(temp))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "1 problem in %1$s:\n  %1$s:1: misses the key tdp_watts; what is unknown is null",
            card);
  }

  @Test
  void aFolderWithoutCardsIsNamed() {
    assertThatThrownBy(() -> new HardwareCards(temp))
        .isInstanceOf(BadInputException.class)
        .hasMessage("no folder of cards: %s", temp.resolve("devices"));
  }
}
