package io.plumbline.files.weights;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import io.plumbline.files.Names;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The weights of a model in a folder, as Hugging Face has them: {@code model.safetensors}, or
 * several files and {@code model.safetensors.index.json}. Only headers are read at first; tensors
 * are read on demand, as float32 whatever they are stored in.
 *
 * @see <a href="https://github.com/huggingface/safetensors">the format</a>
 */
public final class SafetensorsFolder implements AutoCloseable {
  private static final String SINGLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  private final Path folder;
  private final Map<Path, SafetensorsFile> files = new TreeMap<>();
  private final Map<String, SafetensorsFile> fileOfTensor = new TreeMap<>();

  private SafetensorsFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Opens a folder.
   *
   * @throws BadInputException naming the file that is missing or wrong
   */
  public static SafetensorsFolder open(Path folder) {
    SafetensorsFolder opened = new SafetensorsFolder(folder);
    try {
      if (Files.exists(folder.resolve(INDEX))) {
        opened.openIndexed(folder.resolve(INDEX));
      } else if (Files.exists(folder.resolve(SINGLE))) {
        SafetensorsFile file = opened.file(SINGLE);
        file.names().forEach(name -> opened.fileOfTensor.put(name, file));
      } else {
        throw new BadInputException(
            "no weights in %s: neither %s nor %s is there".formatted(folder, SINGLE, INDEX));
      }
      return opened;
    } catch (BadInputException e) {
      opened.close();
      throw e;
    }
  }

  private void openIndexed(Path index) {
    JsonNode map = Json.readTree(index).path("weight_map");
    if (!map.isObject()) {
      throw new BadInputException("%s: missing key weight_map (a mapping)".formatted(index));
    }
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      SafetensorsFile file = file(entry.getValue().asText());
      if (!file.names().contains(entry.getKey())) {
        throw new BadInputException(
            "%s: %s is not in %s, where the index has it"
                .formatted(index, entry.getKey(), entry.getValue().asText()));
      }
      fileOfTensor.put(entry.getKey(), file);
    }
  }

  private SafetensorsFile file(String name) {
    return files.computeIfAbsent(folder.resolve(name), SafetensorsFile::open);
  }

  /** Whether there is a tensor of that name. */
  public boolean has(String tensor) {
    return fileOfTensor.containsKey(tensor);
  }

  /**
   * Makes sure that a tensor is there and has this shape.
   *
   * @throws BadInputException saying what is there instead
   */
  public void require(String tensor, long... shape) {
    SafetensorsFile file = fileOfTensor.get(tensor);
    if (file == null) {
      throw new BadInputException(
          "%s: no tensor %s. Nearest: %s. Maybe the weights are of another architecture than the model card."
              .formatted(
                  folder,
                  tensor,
                  Names.nearestFirst(tensor, new TreeSet<>(fileOfTensor.keySet())).stream()
                      .findFirst()
                      .orElse("none")));
    }
    long[] actual = file.shape(tensor);
    if (!Arrays.equals(actual, shape)) {
      throw new BadInputException(
          "%s: tensor %s has shape %s, the model card wants %s. Maybe the card is of another model."
              .formatted(file.path(), tensor, Arrays.toString(actual), Arrays.toString(shape)));
    }
  }

  /**
   * Reads a part of a tensor, its elements in row-major order.
   *
   * @param from first element, from 0
   * @param into filled whole
   */
  public void read(String tensor, long from, float[] into) {
    fileOfTensor.get(tensor).read(tensor, from, into);
  }

  @Override
  public void close() {
    try {
      for (SafetensorsFile file : files.values()) {
        file.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
