package io.plumbline.files.conf;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.plumbline.files.BadInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One node of a configuration read from YAML or JSON. It is immutable and knows where it stands: a
 * copy with another value keeps the places of all that stays. A scalar is the text that was
 * written; nothing is guessed from it, so {@code no} and {@code 1.10} stay as they are.
 */
public final class ConfNode {
  /** Shape of a node. */
  public enum Kind {
    MAPPING,
    SEQUENCE,
    /** A text, quoted or not. */
    SCALAR,
    /** Written as {@code null}, {@code ~} or nothing. */
    NULL
  }

  /** What JSON calls a number. */
  static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

  /** Where a node stands; {@code path} is empty for the root. */
  record Place(String file, int line, int column, String path) {
    Place child(String key) {
      return new Place(file, line, column, path.isEmpty() ? key : path + "." + key);
    }
  }

  private final Place place;
  private final Kind kind;
  private final String text;
  private final boolean quoted;
  private final Map<String, ConfNode> entries;
  private final List<ConfNode> items;

  private ConfNode(
      Place place,
      Kind kind,
      String text,
      boolean quoted,
      Map<String, ConfNode> entries,
      List<ConfNode> items) {
    this.place = place;
    this.kind = kind;
    this.text = text;
    this.quoted = quoted;
    this.entries = entries;
    this.items = items;
  }

  static ConfNode mapping(Place place, Map<String, ConfNode> entries) {
    Map<String, ConfNode> copy = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    return new ConfNode(place, Kind.MAPPING, null, false, copy, List.of());
  }

  static ConfNode sequence(Place place, List<ConfNode> items) {
    return new ConfNode(place, Kind.SEQUENCE, null, false, Map.of(), List.copyOf(items));
  }

  static ConfNode scalar(Place place, String text, boolean quoted) {
    return new ConfNode(place, Kind.SCALAR, text, quoted, Map.of(), List.of());
  }

  static ConfNode nothing(Place place) {
    return new ConfNode(place, Kind.NULL, null, false, Map.of(), List.of());
  }

  /**
   * A scalar that no file of this form wrote, such as the value of an option.
   *
   * @param source what messages call the place it is from
   * @param line line there; 0 if it has none
   * @param path what messages call the value
   */
  public static ConfNode stated(String source, int line, String path, String text) {
    return scalar(new Place(source, line, 0, path), text, false);
  }

  /** The same with several values. */
  public static ConfNode stated(String source, int line, String path, List<String> texts) {
    Place place = new Place(source, line, 0, path);
    return sequence(place, texts.stream().map(text -> scalar(place, text, false)).toList());
  }

  /**
   * Reads a YAML or JSON file.
   *
   * @throws BadInputException if it is missing or not one plain document
   */
  public static ConfNode read(Path file) {
    if (Files.isDirectory(file)) {
      throw new BadInputException("%s: a folder, not a file".formatted(file));
    }
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new BadInputException("no such file: " + file, e);
    } catch (CharacterCodingException e) {
      throw new BadInputException("%s: not UTF-8 text".formatted(file), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a text.
   *
   * @param name what messages call it
   */
  public static ConfNode parse(String name, String text) {
    return new YamlTree(name).parse(text);
  }

  public Kind kind() {
    return kind;
  }

  /** Keys and indexes from the root, e.g. {@code simulate.axes[2].kind}; empty for the root. */
  public String path() {
    return place.path();
  }

  /** File, line and path, e.g. {@code sweep.yaml:12: simulate.scheduler.kind}. */
  public String where() {
    return whereOf(place);
  }

  /** The place of a key that this mapping does not have. */
  Place placeOf(String key) {
    return place.child(key);
  }

  private static String whereOf(Place place) {
    String fileAndLine = place.line() == 0 ? place.file() : place.file() + ":" + place.line();
    return place.path().isEmpty() ? fileAndLine : fileAndLine + ": " + place.path();
  }

  public String file() {
    return place.file();
  }

  /** Line of the node, of its key in a mapping, from 1; 0 if it was not read from a file. */
  public int line() {
    return place.line();
  }

  /** Column of the node, of its key in a mapping, from 1. */
  public int column() {
    return place.column();
  }

  /** Entries of a mapping in their order; empty for any other kind. */
  public Map<String, ConfNode> entries() {
    return entries;
  }

  /** Items of a sequence; empty for any other kind. */
  public List<ConfNode> items() {
    return items;
  }

  /** Text of a scalar as it was written, without quotes; null for any other kind. */
  public String text() {
    return text;
  }

  /** Whether a scalar was written in quotes, so that it is text whatever it looks like. */
  public boolean quoted() {
    return quoted;
  }

  /** Value of a key; null if it is absent. */
  public ConfNode get(String key) {
    return entries.get(key);
  }

  /** A copy of this mapping with a key replaced in its place, or added at the end. */
  public ConfNode with(String key, ConfNode value) {
    requireMapping("with");
    Map<String, ConfNode> copy = new LinkedHashMap<>(entries);
    copy.put(key, value);
    return mapping(place, copy);
  }

  /** The same with an unquoted scalar, which stands where this mapping stands. */
  public ConfNode withScalar(String key, String value) {
    return with(key, scalar(place.child(key), value, false));
  }

  /** A copy of this mapping without a key. */
  public ConfNode without(String key) {
    requireMapping("without");
    Map<String, ConfNode> copy = new LinkedHashMap<>(entries);
    copy.remove(key);
    return mapping(place, copy);
  }

  /**
   * This node with another laid over it: mappings merge, anything else is replaced. A mapping of
   * another {@code kind} replaces the lower one whole, as its keys mean something else.
   */
  public ConfNode overlay(ConfNode upper) {
    if (kind != Kind.MAPPING || upper.kind != Kind.MAPPING || changesKind(upper)) {
      return upper;
    }
    Map<String, ConfNode> merged = new LinkedHashMap<>(entries);
    upper.entries.forEach((key, value) -> merged.merge(key, value, ConfNode::overlay));
    return mapping(upper.place, merged);
  }

  private boolean changesKind(ConfNode upper) {
    ConfNode lowerKind = entries.get("kind");
    ConfNode upperKind = upper.entries.get("kind");
    return upperKind != null
        && (lowerKind == null || !upperKind.toJson().equals(lowerKind.toJson()));
  }

  private void requireMapping(String method) {
    if (kind != Kind.MAPPING) {
      throw new IllegalStateException("%s: %s needs a mapping".formatted(where(), method));
    }
  }

  /** Compact JSON of the tree; numbers, booleans and null as such unless they were quoted. */
  public String toJson() {
    StringBuilder json = new StringBuilder();
    appendJson(json);
    return json.toString();
  }

  private void appendJson(StringBuilder json) {
    switch (kind) {
      case MAPPING -> {
        String separator = "";
        json.append('{');
        for (Map.Entry<String, ConfNode> entry : entries.entrySet()) {
          json.append(separator);
          appendQuoted(json, entry.getKey());
          json.append(':');
          entry.getValue().appendJson(json);
          separator = ",";
        }
        json.append('}');
      }
      case SEQUENCE -> {
        String separator = "";
        json.append('[');
        for (ConfNode item : items) {
          json.append(separator);
          item.appendJson(json);
          separator = ",";
        }
        json.append(']');
      }
      case SCALAR -> {
        if (!quoted && (isBoolean() || NUMBER.matcher(text).matches())) {
          json.append(text);
        } else {
          appendQuoted(json, text);
        }
      }
      case NULL -> json.append("null");
    }
  }

  private boolean isBoolean() {
    return text.equals("true") || text.equals("false");
  }

  private static void appendQuoted(StringBuilder json, String text) {
    json.append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, json);
    json.append('"');
  }

  /** The JSON of the tree. */
  @Override
  public String toString() {
    return toJson();
  }
}
