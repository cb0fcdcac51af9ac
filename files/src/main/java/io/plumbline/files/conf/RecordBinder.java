package io.plumbline.files.conf;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import io.plumbline.files.Names;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Makes records of {@link ConfNode}s: snake_case keys become components, a {@code kind} selects the
 * record of a sealed interface. Nothing is coerced and nothing is ignored; every problem is
 * reported at its own line and none hides another. A {@code ConfNode} or {@code JsonNode} takes
 * whatever is written there.
 *
 * <p>A key may be absent if its component is a boxed number or boolean (null), if the record has
 * {@code static T defaults()}, or if its {@code static Map<String, Object> defaultValues()} names
 * the component.
 */
public final class RecordBinder {
  /** Stands for a value that could not be made, as null is a value. */
  static final Object INVALID = new Object();

  private static final String KIND = "kind";

  /** The records of a sealed interface by their kind, in the order of its permits. */
  private static final ClassValue<Map<String, Class<?>>> BY_KIND =
      new ClassValue<>() {
        @Override
        protected Map<String, Class<?>> computeValue(Class<?> sealed) {
          Map<String, Class<?>> byKind = new LinkedHashMap<>();
          for (Class<?> permitted : sealed.getPermittedSubclasses()) {
            byKind.put(Names.kind(permitted), permitted);
          }
          return byKind;
        }
      };

  private final Problems problems;
  private final ScalarBinder scalars;

  private RecordBinder(Problems problems) {
    this.problems = problems;
    this.scalars = new ScalarBinder(problems);
  }

  /** Makes a record, or one of a sealed interface; null if there were problems. */
  public static <T> T bind(ConfNode node, Class<T> type, Problems problems) {
    Object value = new RecordBinder(problems).value(node, type);
    return value == INVALID ? null : type.cast(value);
  }

  /**
   * The same with an end.
   *
   * @throws BadInputException listing all problems
   */
  public static <T> T bind(ConfNode node, Class<T> type) {
    Problems problems = new Problems();
    T value = bind(node, type, problems);
    problems.throwIfAny(node.file());
    return value;
  }

  private Object value(ConfNode node, Type type) {
    Class<?> raw =
        type instanceof ParameterizedType p ? (Class<?>) p.getRawType() : (Class<?>) type;
    if (raw == ConfNode.class) {
      return node;
    }
    if (raw == JsonNode.class) {
      return Json.parseTree(node.where(), node.toJson());
    }
    if (ScalarBinder.binds(raw)) {
      return scalars.bind(node, raw);
    }
    if (raw == List.class) {
      return list(node, argument(type, 0));
    }
    if (raw == Map.class) {
      return map(node, argument(type, 1));
    }
    if (raw.isRecord()) {
      return isMapping(node) ? bindRecord(node, node.entries(), raw) : INVALID;
    }
    if (raw.isSealed()) {
      return oneOf(node, raw);
    }
    throw new IllegalStateException("%s: cannot bind to %s".formatted(node.where(), type));
  }

  private static Type argument(Type type, int index) {
    return ((ParameterizedType) type).getActualTypeArguments()[index];
  }

  private boolean isMapping(ConfNode node) {
    return is(node, ConfNode.Kind.MAPPING);
  }

  private boolean is(ConfNode node, ConfNode.Kind kind) {
    if (node.kind() == kind) {
      return true;
    }
    problems.add(
        node,
        "expected %s, found %s"
            .formatted(ScalarBinder.describe(kind), ScalarBinder.describe(node.kind())));
    return false;
  }

  private Object list(ConfNode node, Type itemType) {
    if (!is(node, ConfNode.Kind.SEQUENCE)) {
      return INVALID;
    }
    List<Object> values = new ArrayList<>();
    for (ConfNode item : node.items()) {
      values.add(value(item, itemType));
    }
    return values.contains(INVALID) ? INVALID : List.copyOf(values);
  }

  private Object map(ConfNode node, Type valueType) {
    if (!isMapping(node)) {
      return INVALID;
    }
    Map<String, Object> values = new LinkedHashMap<>();
    node.entries().forEach((key, entry) -> values.put(key, value(entry, valueType)));
    return values.containsValue(INVALID) ? INVALID : values;
  }

  private Object oneOf(ConfNode node, Class<?> sealed) {
    if (node.kind() == ConfNode.Kind.SCALAR) {
      Class<?> permitted = permitted(node, sealed);
      return permitted == null ? INVALID : bindRecord(node, Map.of(), permitted);
    }
    if (!isMapping(node)) {
      return INVALID;
    }
    ConfNode kind = node.get(KIND);
    if (kind == null) {
      problems.add(
          missing(node, KIND),
          "missing key (one of %s)".formatted(String.join(", ", kinds(sealed))));
      return INVALID;
    }
    Class<?> permitted = permitted(kind, sealed);
    return permitted == null ? INVALID : bindRecord(node, node.without(KIND).entries(), permitted);
  }

  private Class<?> permitted(ConfNode kind, Class<?> sealed) {
    if (!is(kind, ConfNode.Kind.SCALAR)) {
      return null;
    }
    Class<?> permitted = BY_KIND.get(sealed).get(kind.text());
    if (permitted != null) {
      return permitted;
    }
    problems.add(
        kind,
        "unknown kind (%s). %s".formatted(kind.text(), Names.hint(kind.text(), kinds(sealed))));
    return null;
  }

  private static List<String> kinds(Class<?> sealed) {
    return List.copyOf(BY_KIND.get(sealed).keySet());
  }

  private Object bindRecord(ConfNode node, Map<String, ConfNode> entries, Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    reportUnknownKeys(entries, components);
    Map<String, Object> defaults;
    try {
      defaults = Defaults.of(type);
    } catch (IllegalArgumentException | BadInputException e) {
      problems.add(node, e.getMessage());
      return INVALID;
    }
    Object[] values = new Object[components.length];
    boolean valid = true;
    for (int i = 0; i < components.length; i++) {
      values[i] = component(node, entries, components[i], defaults);
      valid &= values[i] != INVALID;
    }
    return valid ? create(node, type, components, values) : INVALID;
  }

  private void reportUnknownKeys(Map<String, ConfNode> entries, RecordComponent[] components) {
    List<String> known =
        Stream.of(components).map(component -> Names.snake(component.getName())).toList();
    entries.forEach(
        (key, value) -> {
          if (!known.contains(key)) {
            problems.add(value, "unknown key. " + Names.hint(key, known));
          }
        });
  }

  private Object component(
      ConfNode node,
      Map<String, ConfNode> entries,
      RecordComponent component,
      Map<String, Object> defaults) {
    String key = Names.snake(component.getName());
    Class<?> type = component.getType();
    ConfNode entry = entries.get(key);
    boolean hasDefault = defaults.containsKey(component.getName());
    if (entry == null) {
      if (hasDefault) {
        return defaults.get(component.getName());
      }
      if (isNullable(type)) {
        return null;
      }
      problems.add(
          missing(node, key), "missing key (%s)".formatted(ScalarBinder.expectation(key, type)));
      return INVALID;
    }
    boolean mayBeNull =
        isNullable(type) || (hasDefault && defaults.get(component.getName()) == null);
    if (entry.kind() == ConfNode.Kind.NULL && mayBeNull) {
      return null;
    }
    return value(entry, component.getGenericType());
  }

  /** A node that stands where the key would stand. */
  private static ConfNode missing(ConfNode node, String key) {
    return ConfNode.nothing(node.placeOf(key));
  }

  private static boolean isNullable(Class<?> type) {
    return type == Integer.class
        || type == Long.class
        || type == Double.class
        || type == Boolean.class;
  }

  private Object create(
      ConfNode node, Class<?> type, RecordComponent[] components, Object[] values) {
    Class<?>[] types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IllegalArgumentException || cause instanceof BadInputException) {
        refuse(node, components, cause.getMessage());
        return INVALID;
      }
      throw new IllegalStateException("cannot create " + type, cause);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot create " + type, e);
    }
  }

  /** A record speaks of its components; a person looks for the key, as the file spells it. */
  private void refuse(ConfNode node, RecordComponent[] components, String message) {
    ConfNode at = node;
    String text = message;
    for (RecordComponent component : components) {
      String name = component.getName();
      String key = Names.snake(name);
      if (message.startsWith(name + " (") && node.get(key) != null) {
        at = node.get(key);
      }
      if (!key.equals(name)) {
        text = text.replaceAll("\\b" + name + "\\b", key);
      }
    }
    problems.add(at, text);
  }
}
