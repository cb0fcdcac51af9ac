package io.plumbline.files.card;

import io.plumbline.files.BadInputException;
import io.plumbline.files.Names;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.RecordBinder;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.trace.model.ModelSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Model cards: one JSON file per model with the components of {@link ModelSpec} and, under {@code
 * sources}, where each number is from.
 */
public final class ModelCards {
  private static final String CONFIG = "config.json";

  private ModelCards() {}

  /**
   * A model by name or by file.
   *
   * @param modelsDir folder with the cards
   * @param nameOrPath a card's name, e.g. {@code meta-llama/Llama-2-70b-hf}; or a card, a Hugging
   *     Face {@code config.json}, or a folder with one
   * @throws BadInputException if there is no such model, or its file is wrong
   */
  public static ModelSpec load(Path modelsDir, String nameOrPath) {
    if (nameOrPath.endsWith(".json")) {
      return loadFile(Path.of(nameOrPath));
    }
    Map<String, Path> cards = cards(modelsDir);
    if (cards.containsKey(nameOrPath)) {
      return loadFile(cards.get(nameOrPath));
    }
    if (Files.exists(Path.of(nameOrPath, CONFIG))) {
      return loadFile(Path.of(nameOrPath, CONFIG));
    }
    throw new BadInputException(
        "unknown model (%s). Known, nearest first: %s. Maybe add a card to %s."
            .formatted(
                nameOrPath,
                String.join(", ", Names.nearestFirst(nameOrPath, cards.keySet())),
                modelsDir));
  }

  /**
   * What a configuration calls a model, as {@link #load} needs it: a card's name as it is, a file
   * by where it was found.
   *
   * @param paths where files are looked for
   * @throws BadInputException if it is a file and there is none
   */
  public static String locate(Path modelsDir, String nameOrPath, PathResolver paths) {
    if (nameOrPath.endsWith(".json")) {
      return paths.resolve(nameOrPath).toString();
    }
    Path config = paths.find(nameOrPath + "/" + CONFIG);
    return config == null || cards(modelsDir).containsKey(nameOrPath)
        ? nameOrPath
        : config.toString();
  }

  /** Names of all cards in a folder, sorted. */
  public static List<String> names(Path modelsDir) {
    return List.copyOf(cards(modelsDir).keySet());
  }

  private static Map<String, Path> cards(Path modelsDir) {
    if (!Files.isDirectory(modelsDir)) {
      throw new BadInputException("no such folder of model cards: " + modelsDir);
    }
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(modelsDir)) {
      all.filter(file -> file.toString().endsWith(".json")).sorted().forEach(files::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, Path> cards = new TreeMap<>();
    for (Path file : files) {
      ConfNode name = ConfNode.read(file).get("name");
      if (name == null || name.text() == null) {
        throw new BadInputException("%s: name: missing key (text)".formatted(file));
      }
      Path first = cards.putIfAbsent(name.text(), file);
      if (first != null) {
        throw new BadInputException(
            "%s: name (%s) is that of %s already".formatted(name.where(), name.text(), first));
      }
    }
    return cards;
  }

  private static ModelSpec loadFile(Path file) {
    ConfNode node = ConfNode.read(file);
    if (node.kind() != ConfNode.Kind.MAPPING) {
      throw new BadInputException("%s: not a model card".formatted(file));
    }
    boolean card = node.get("sources") != null || node.get("layers") != null;
    return card
        ? RecordBinder.bind(node.without("sources"), ModelSpec.class)
        : HuggingFaceConfig.model(file, node);
  }
}
