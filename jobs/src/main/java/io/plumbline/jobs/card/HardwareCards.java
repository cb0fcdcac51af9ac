package io.plumbline.jobs.card;

import io.plumbline.files.BadInputException;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.RecordBinder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** All device and node cards of a folder of models, by name. */
public final class HardwareCards {
  private final Map<String, DeviceCard> devices = new TreeMap<>();
  private final Map<String, NodeCard> nodes = new TreeMap<>();

  /**
   * Reads every card.
   *
   * @param modelsDir folder that holds {@code devices/} and {@code nodes/}
   */
  public HardwareCards(Path modelsDir) {
    for (DeviceCard card : read(modelsDir.resolve("devices"), DeviceCard.class)) {
      devices.put(card.name(), card);
    }
    for (NodeCard card : read(modelsDir.resolve("nodes"), NodeCard.class)) {
      nodes.put(card.name(), card);
    }
  }

  /** The device of a name or alias. */
  public DeviceCard device(String name) {
    for (DeviceCard card : devices.values()) {
      if (card.aliases().contains(name)) {
        return card;
      }
    }
    return find("device", devices, name);
  }

  /** The node of a name. */
  public NodeCard node(String name) {
    return find("node", nodes, name);
  }

  private static <C> C find(String what, Map<String, C> cards, String name) {
    C card = cards.get(name);
    if (card == null) {
      throw new BadInputException(
          "no %s card '%s'. Known are %s. Maybe add a card: models/devices/README.md says how."
              .formatted(what, name, String.join(", ", cards.keySet())));
    }
    return card;
  }

  private static <C> List<C> read(Path folder, Class<C> type) {
    List<C> cards = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        cards.add(RecordBinder.bind(ConfNode.read(file), type));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list the cards in " + folder, e);
    }
    return cards;
  }
}
