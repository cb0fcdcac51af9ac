package io.plumbline.files;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The fields of a JSON object that others wrote; every getter names the place, the key and the
 * value if it fails. A key that is absent and one that is null are the same.
 */
public final class JsonFields {
  private final String where;
  private final String path;
  private final JsonNode object;

  private JsonFields(String where, String path, JsonNode object) {
    this.where = where;
    this.path = path;
    this.object = object;
  }

  /**
   * The fields of a node, which must be an object.
   *
   * @param where file and line, for messages
   */
  public static JsonFields of(String where, JsonNode node) {
    if (!node.isObject()) {
      throw new BadInputException("%s: must be a JSON object".formatted(where));
    }
    return new JsonFields(where, "", node);
  }

  /**
   * The one object that a file holds.
   *
   * @throws BadInputException naming file and line if the file is missing, cut off or no object
   */
  public static JsonFields read(Path file) {
    JsonNode node = Json.stream(file, JsonParser::readValueAsTree);
    if (node == null) {
      throw new BadInputException("%s: the file is empty".formatted(file));
    }
    return of(file.toString(), node);
  }

  /** The object itself. */
  public JsonNode node() {
    return object;
  }

  /** Whether a key is there with a value. */
  public boolean has(String key) {
    return object.hasNonNull(key);
  }

  /** The keys in the order of the file. */
  public List<String> keys() {
    List<String> keys = new ArrayList<>();
    for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
      keys.add(names.next());
    }
    return keys;
  }

  /**
   * Refuses keys that are not known.
   *
   * @throws BadInputException naming the first one and the nearest known key
   */
  public JsonFields requireOnly(List<String> known) {
    for (String key : keys()) {
      if (!known.contains(key)) {
        throw new BadInputException(
            "%s: unknown key %s. %s".formatted(where, path + key, Names.hint(key, known)));
      }
    }
    return this;
  }

  /** The object at a key; one without fields if it is absent. */
  public JsonFields object(String key) {
    JsonNode node = object.path(key);
    if (node.isMissingNode() || node.isNull()) {
      return new JsonFields(where, path + key + ".", JsonNodeFactory.instance.objectNode());
    }
    if (!node.isObject()) {
      throw bad(key, "must be an object");
    }
    return new JsonFields(where, path + key + ".", node);
  }

  /** Text; null if it is absent. */
  public String text(String key) {
    JsonNode node = object.path(key);
    if (node.isMissingNode() || node.isNull()) {
      return null;
    }
    if (!node.isTextual()) {
      throw bad(key, "must be text");
    }
    return node.textValue();
  }

  /** A number, exactly as it is written; null if it is absent. */
  public BigDecimal decimal(String key) {
    JsonNode node = object.path(key);
    if (node.isMissingNode() || node.isNull()) {
      return null;
    }
    if (!node.isNumber()) {
      throw bad(key, "must be a number");
    }
    if (!node.isBigDecimal() && !node.isIntegralNumber()) {
      // NaN and the infinities, which Python writes: there was nothing to measure.
      return null;
    }
    return node.decimalValue();
  }

  /** A number, which must be there. */
  public BigDecimal requiredDecimal(String key) {
    return required(key, decimal(key));
  }

  /** An integer of at least {@code least}; null if it is absent. */
  public Integer integer(String key, int least) {
    BigDecimal value = decimal(key);
    if (value == null) {
      return null;
    }
    int integer;
    try {
      integer = value.intValueExact();
    } catch (ArithmeticException e) {
      throw bad(key, "must be an integer");
    }
    if (integer < least) {
      throw bad(key, least == 1 ? "must be positive" : "must not be negative");
    }
    return integer;
  }

  /** An integer of at least {@code least}, which must be there. */
  public int requiredInteger(String key, int least) {
    return required(key, integer(key, least));
  }

  private <T> T required(String key, T value) {
    if (value == null) {
      throw new BadInputException(
          object.has(key)
              ? "%s: %s must not be null".formatted(where, path + key)
              : "%s: missing key %s".formatted(where, path + key));
    }
    return value;
  }

  /** A complaint about one key: "file:line: key (value) message". */
  public BadInputException bad(String key, String message) {
    return new BadInputException(
        "%s: %s (%s) %s".formatted(where, path + key, object.path(key), message));
  }

  /** File and line of the object. */
  public String where() {
    return where;
  }
}
