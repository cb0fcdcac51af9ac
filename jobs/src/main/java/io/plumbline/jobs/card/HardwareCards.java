package io.plumbline.jobs.card;

import io.plumbline.files.BadInputException;
import io.plumbline.files.Names;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.Problems;
import io.plumbline.files.conf.RecordBinder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** All device and node cards of a folder of models, by name. */
public final class HardwareCards {
  private final Map<String, Card<DeviceCard>> devices = new TreeMap<>();
  private final Map<String, Card<NodeCard>> nodes = new TreeMap<>();

  /** A card and the text that it was made of. */
  private record Card<C>(C card, ConfNode text) {}

  /**
   * Reads every card.
   *
   * @param modelsDir folder that holds {@code devices/} and {@code nodes/}
   */
  public HardwareCards(Path modelsDir) {
    Path deviceFolder = modelsDir.resolve("devices");
    for (ConfNode text : read(deviceFolder, DeviceCard.class)) {
      DeviceCard card = RecordBinder.bind(text, DeviceCard.class);
      devices.put(card.name(), new Card<>(card, text));
    }
    requireDistinctNames(deviceFolder);
    for (ConfNode text : read(modelsDir.resolve("nodes"), NodeCard.class)) {
      NodeCard card = RecordBinder.bind(text, NodeCard.class);
      nodes.put(card.name(), new Card<>(card, text));
    }
  }

  private void requireDistinctNames(Path folder) {
    Map<String, String> owners = new HashMap<>();
    for (Card<DeviceCard> device : devices.values()) {
      DeviceCard card = device.card();
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
    return findDevice(name).card();
  }

  /** The device of a name or alias; null if there is none. */
  public DeviceCard deviceIfKnown(String name) {
    Card<DeviceCard> device = lookUpDevice(name);
    return device == null ? null : device.card();
  }

  private Card<DeviceCard> findDevice(String name) {
    Card<DeviceCard> device = lookUpDevice(name);
    return device == null ? find("device", devices, name) : device;
  }

  private Card<DeviceCard> lookUpDevice(String name) {
    for (Card<DeviceCard> device : devices.values()) {
      if (device.card().aliases().contains(name)) {
        return device;
      }
    }
    return devices.get(name);
  }

  /** The node of a name. */
  public NodeCard node(String name) {
    return find("node", nodes, name).card();
  }

  /** The node of a name; null if there is none. */
  public NodeCard nodeIfKnown(String name) {
    Card<NodeCard> node = nodes.get(name);
    return node == null ? null : node.card();
  }

  /**
   * The device that a configuration states: a name, or a mapping as a card has it, in which {@code
   * like} may name the card that gives all that is not stated; null if there were problems.
   *
   * @throws BadInputException if there is no such card
   */
  public DeviceCard device(ConfNode stated, Problems problems) {
    return stated.kind() == ConfNode.Kind.SCALAR
        ? device(stated.text())
        : bind(stated, like -> findDevice(like).text(), DeviceCard.class, problems);
  }

  /** The node that a configuration states, in the same way. */
  public NodeCard node(ConfNode stated, Problems problems) {
    return stated.kind() == ConfNode.Kind.SCALAR
        ? node(stated.text())
        : bind(stated, like -> find("node", nodes, like).text(), NodeCard.class, problems);
  }

  private static <C> C bind(
      ConfNode stated, Function<String, ConfNode> cards, Class<C> type, Problems problems) {
    ConfNode like = stated.get("like");
    ConfNode whole =
        like == null || like.kind() != ConfNode.Kind.SCALAR
            ? stated
            : cards.apply(like.text()).overlay(stated.without("like"));
    return RecordBinder.bind(whole, type, problems);
  }

  /** Names of all devices, sorted. */
  public List<String> deviceNames() {
    return List.copyOf(devices.keySet());
  }

  /** Names of all nodes, sorted. */
  public List<String> nodeNames() {
    return List.copyOf(nodes.keySet());
  }

  /** Names of a device: that of its card and the aliases, or the name alone if it has no card. */
  public List<String> namesOfDevice(String name) {
    Card<DeviceCard> device = devices.get(name);
    return device == null
        ? List.of(name)
        : Stream.concat(Stream.of(name), device.card().aliases().stream()).toList();
  }

  private static <C> Card<C> find(String what, Map<String, Card<C>> cards, String name) {
    Card<C> card = cards.get(name);
    if (card == null) {
      throw new BadInputException(
          "no %s card '%s'. Known, nearest first: %s. Maybe add a card: models/devices/README.md says how."
              .formatted(what, name, String.join(", ", Names.nearestFirst(name, cards.keySet()))));
    }
    return card;
  }

  /** The cards of a folder, each with every key: what is unknown is written as null. */
  private static List<ConfNode> read(Path folder, Class<?> type) {
    if (!Files.isDirectory(folder)) {
      throw new BadInputException("no folder of cards: " + folder);
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .sorted()
          .map(ConfNode::read)
          .peek(card -> requireEveryKey(card, type))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list the cards in " + folder, e);
    }
  }

  private static void requireEveryKey(ConfNode card, Class<?> type) {
    Problems problems = new Problems();
    for (RecordComponent component : type.getRecordComponents()) {
      String key = Names.snake(component.getName());
      if (card.get(key) == null) {
        problems.add(card, "misses the key %s; what is unknown is null".formatted(key));
      }
    }
    problems.throwIfAny(card.file());
  }
}
