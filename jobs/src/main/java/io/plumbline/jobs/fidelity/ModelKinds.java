package io.plumbline.jobs.fidelity;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.files.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Which models are mixtures of experts, by their cards; a name may lack its owner. */
final class ModelKinds {
  private final Map<String, String> kinds = new HashMap<>();

  /**
   * @param modelsDir folder of the cards
   */
  ModelKinds(Path modelsDir) {
    try (Stream<Path> files = Files.list(modelsDir)) {
      files
          .filter(file -> file.toString().endsWith(".json"))
          .sorted()
          .map(Json::readTree)
          .filter(card -> card.has("hidden_size") && card.has("name"))
          .forEach(this::add);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the cards in " + modelsDir, e);
    }
  }

  private void add(JsonNode card) {
    String name = card.get("name").asText();
    String kind = card.hasNonNull("expert_layers") ? "moe" : "dense";
    kinds.put(name, kind);
    kinds.putIfAbsent(name.substring(name.lastIndexOf('/') + 1), kind);
  }

  /** Dense or moe; null if there is no card. */
  String of(String model) {
    String known = kinds.get(model);
    return known == null ? kinds.get(model.substring(model.lastIndexOf('/') + 1)) : known;
  }
}
