package io.plumbline.jobs.card;

import io.plumbline.files.BadInputException;
import io.plumbline.files.Names;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.RecordBinder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
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
    Path deviceFolder = modelsDir.resolve("devices");
    List<DeviceCard> deviceCards = read(deviceFolder, DeviceCard.class);
    requireDistinctNames(deviceFolder, deviceCards);
    deviceCards.forEach(card -> devices.put(card.name(), card));
    for (NodeCard card : read(modelsDir.resolve("nodes"), NodeCard.class)) {
      nodes.put(card.name(), card);
    }
  }

  private static void requireDistinctNames(Path folder, List<DeviceCard> cards) {
    Map<String, String> owners = new HashMap<>();
    for (DeviceCard card : cards) {
      for (String name : Stream.concat(Stream.of(card.name()), card.aliases().stream()).toList()) {
        String owner = owners.putIfAbsent(name, card.name());
        if (owner != null) {
          throw new BadInputException(
              "two device cards in %s have the name or alias '%s': %s and %s"
                  .formatted(folder, name, owner, card.name()));
        }
      }
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
          "no %s card '%s'. Known, nearest first: %s. Maybe add a card: models/devices/README.md says how."
              .formatted(what, name, String.join(", ", Names.nearestFirst(name, cards.keySet()))));
    }
    return card;
  }

  private static <C> List<C> read(Path folder, Class<C> type) {
    if (!Files.isDirectory(folder)) {
      throw new BadInputException("no folder of cards: " + folder);
    }
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
