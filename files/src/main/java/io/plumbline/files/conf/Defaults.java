package io.plumbline.files.conf;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** What a record type says about its absent keys. */
final class Defaults {
  /** A sweep asks for each of its points, and the answer may be YAML to read. */
  private static final ClassValue<Map<String, Object>> OF_TYPE =
      new ClassValue<>() {
        @Override
        protected Map<String, Object> computeValue(Class<?> type) {
          return Collections.unmodifiableMap(read(type));
        }
      };

  private Defaults() {}

  /** Values by component name; a component that is not in it has no default. */
  static Map<String, Object> of(Class<?> type) {
    return OF_TYPE.get(type);
  }

  private static Map<String, Object> read(Class<?> type) {
    Map<String, Object> values = new LinkedHashMap<>();
    Method defaults = staticMethod(type, "defaults", type);
    if (defaults != null) {
      Object record = call(defaults, null);
      for (RecordComponent component : type.getRecordComponents()) {
        values.put(component.getName(), call(component.getAccessor(), record));
      }
    }
    Method defaultValues = staticMethod(type, "defaultValues", Map.class);
    if (defaultValues != null) {
      ((Map<?, ?>) call(defaultValues, null))
          .forEach((key, value) -> put(type, values, key, value));
    }
    return values;
  }

  private static void put(Class<?> type, Map<String, Object> values, Object key, Object value) {
    boolean known = Stream.of(type.getRecordComponents()).anyMatch(c -> c.getName().equals(key));
    if (!known) {
      throw new IllegalStateException("%s.defaultValues: no component %s".formatted(type, key));
    }
    values.put((String) key, value);
  }

  private static Method staticMethod(Class<?> type, String name, Class<?> result) {
    try {
      Method method = type.getDeclaredMethod(name);
      boolean fits = Modifier.isStatic(method.getModifiers()) && method.getReturnType() == result;
      return fits ? method : null;
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  private static Object call(Method method, Object on) {
    try {
      method.setAccessible(true);
      return method.invoke(on);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("cannot call " + method, e);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("cannot call " + method, e);
    }
  }
}
