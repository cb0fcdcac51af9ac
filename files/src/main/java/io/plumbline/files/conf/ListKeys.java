package io.plumbline.files.conf;

import io.plumbline.files.Names;
import java.lang.reflect.RecordComponent;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which keys of a record, or of the records in it, have a list as their value. */
public final class ListKeys {
  private ListKeys() {}

  /** Dotted paths from a record type or sealed interface, all kinds of each choice together. */
  public static Set<String> of(Class<?> type) {
    Set<String> keys = new TreeSet<>();
    collect(type, "", new ArrayDeque<>(), keys);
    return keys;
  }

  /** A type may hold itself, as a workload that is made of another does: that is followed once. */
  private static void collect(
      Class<?> type, String path, Deque<Class<?>> holders, Set<String> keys) {
    if (Collections.frequency(holders, type) > 1) {
      return;
    }
    holders.push(type);
    if (type.isSealed()) {
      for (Class<?> kind : type.getPermittedSubclasses()) {
        collect(kind, path, holders, keys);
      }
    }
    if (type.isRecord()) {
      for (RecordComponent component : type.getRecordComponents()) {
        String key = Names.snake(component.getName());
        String below = path.isEmpty() ? key : path + "." + key;
        if (component.getType() == List.class) {
          keys.add(below);
        } else {
          collect(component.getType(), below, holders, keys);
        }
      }
    }
    holders.pop();
  }
}
