package io.plumbline.files;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * JSON by the one strict mapper: snake_case names, unknown and missing keys rejected, nothing
 * coerced. Written text is canonical: components in their order, map keys sorted, enum constants in
 * lower case, a record of a sealed type with its {@code kind} first.
 */
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .propertyNamingStrategy(new SnakeNames())
          .addModule(
              new SimpleModule("plumbline")
                  .addSerializer(Record.class, new RecordSerializer())
                  .addSerializer(new EnumSerializer()))
          .build();

  /** For files of others: read in pieces, and with what Python writes for no number. */
  private static final JsonMapper PIECES =
      MAPPER
          .rebuild()
          .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  private Json() {}

  /** Canonical and compact, on one line. */
  public static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot be written as JSON: " + value, e);
    }
  }

  /** The same, indented for people. */
  public static String pretty(Object value) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot be written as JSON: " + value, e);
    }
  }

  /** The tree of a text, numbers as exact as they are written. */
  public static JsonNode parseTree(String name, String text) {
    return parsed(name, () -> MAPPER.readTree(text));
  }

  /** The tree of one line of a larger text. */
  static JsonNode parseLine(String where, String line) {
    try {
      return MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      throw failure(where, e);
    }
  }

  /**
   * The tree of a file.
   *
   * @throws BadInputException naming file and line if the file is missing, cut off or not JSON
   */
  public static JsonNode readTree(Path file) {
    String text = readText(file);
    JsonNode tree = parseTree(file.toString(), text);
    if (tree.isMissingNode()) {
      throw new BadInputException("%s: the file is empty".formatted(file));
    }
    return tree;
  }

  /**
   * Reads a file that others wrote piece by piece; NaN and the infinities, which Python writes, are
   * allowed, and a name that ends in {@code .gz} is unpacked.
   *
   * @throws BadInputException naming file and line if the file is missing, cut off or not JSON
   */
  public static <T> T stream(Path file, Streaming<T> streaming) {
    try (JsonParser parser = PIECES.createParser(TextFiles.open(file))) {
      return parsed(file.toString(), () -> streaming.read(parser));
    } catch (IOException e) {
      throw TextFiles.failure(file, e);
    }
  }

  /** What is done with a parser that stands before the first token. */
  public interface Streaming<T> {
    T read(JsonParser parser) throws IOException;
  }

  /** A record as {@link #write} writes it, without sealed types; strict in everything. */
  public static <T> T read(Path file, Class<T> type) {
    return read(file.toString(), readText(file), type);
  }

  /** The same from a text, whose name is for messages. */
  public static <T> T read(String name, String text, Class<T> type) {
    return parsed(name, () -> MAPPER.readValue(text, type));
  }

  private static String readText(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw TextFiles.failure(file, e);
    }
  }

  private interface Parsing<T> {
    T run() throws IOException;
  }

  private static <T> T parsed(String name, Parsing<T> parsing) {
    try {
      return parsing.run();
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw failure("%s:%d".formatted(name, line), e);
    } catch (IOException e) {
      throw TextFiles.failure(Path.of(name), e);
    }
  }

  private static BadInputException failure(String where, JsonProcessingException e) {
    String problem = e.getOriginalMessage();
    // Jackson has a class of its own for only some of the places where a file may end.
    boolean cut = e instanceof JsonEOFException || problem.startsWith("Unexpected end-of-input");
    return new BadInputException(
        cut
            ? "%s: the JSON ends too early. Maybe the file was cut off.".formatted(where)
            : "%s: %s".formatted(where, problem),
        e);
  }

  private static final class SnakeNames extends PropertyNamingStrategies.NamingBase {
    private static final long serialVersionUID = 1;

    @Override
    public String translate(String propertyName) {
      return Names.snake(propertyName);
    }
  }

  private static final class EnumSerializer extends JsonSerializer<Enum<?>> {
    @Override
    @SuppressWarnings("unchecked")
    public Class<Enum<?>> handledType() {
      return (Class<Enum<?>>) (Class<?>) Enum.class;
    }

    @Override
    public void serialize(Enum<?> value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeString(Names.constant(value));
    }
  }

  private static final class RecordSerializer extends JsonSerializer<Record> {
    /** A component of a record type: its name in JSON, and how it is read. */
    private record Field(String name, Method accessor) {}

    /** What there is to know of a record type: a large sweep writes millions of records. */
    private record Shape(String kind, List<Field> fields) {}

    private static final ClassValue<Shape> SHAPES =
        new ClassValue<>() {
          @Override
          protected Shape computeValue(Class<?> type) {
            List<Field> fields = new ArrayList<>();
            for (RecordComponent component : type.getRecordComponents()) {
              component.getAccessor().setAccessible(true);
              fields.add(new Field(Names.snake(component.getName()), component.getAccessor()));
            }
            return new Shape(isKindOfSealed(type) ? Names.kind(type) : null, fields);
          }
        };

    @Override
    public void serialize(Record value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      Shape shape = SHAPES.get(value.getClass());
      json.writeStartObject(value);
      if (shape.kind() != null) {
        json.writeStringField("kind", shape.kind());
      }
      for (Field field : shape.fields()) {
        provider.defaultSerializeField(field.name(), fieldValue(value, field), json);
      }
      json.writeEndObject();
    }

    private static boolean isKindOfSealed(Class<?> type) {
      for (Class<?> parent : type.getInterfaces()) {
        if (parent.isSealed()) {
          return true;
        }
      }
      return false;
    }

    private static Object fieldValue(Record value, Field field) {
      try {
        return field.accessor().invoke(value);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("cannot read " + field.accessor(), e);
      }
    }
  }
}
