package io.plumbline.files;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * JSON Lines: one object per line, read one by one; a name that ends in {@code .gz} is unpacked.
 */
public final class JsonLines {
  private JsonLines() {}

  /**
   * Hands over every object in order; empty lines are skipped.
   *
   * @throws BadInputException naming file and line if a line is cut off or no JSON object
   */
  public static void forEach(Path file, Consumer<JsonFields> action) {
    try (BufferedReader lines = TextFiles.open(file)) {
      long number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          String where = "%s:%d".formatted(file, number);
          JsonNode node = Json.parseLine(where, line);
          action.accept(JsonFields.of(where, node));
        }
      }
      if (number == 0) {
        throw new BadInputException("%s: the file is empty".formatted(file));
      }
    } catch (IOException e) {
      throw TextFiles.failure(file, e);
    }
  }
}
