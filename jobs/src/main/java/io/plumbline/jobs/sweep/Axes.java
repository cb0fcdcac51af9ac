package io.plumbline.jobs.sweep;

import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.ListKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Turns a tree in which any value may be a list into the trees of all combinations. Where the value
 * of a key is a list itself, an axis is a list of lists.
 */
public final class Axes {
  private static final Set<String> LIST_KEYS = ListKeys.of(PointSpec.class);

  /** A pool states what a point may state. */
  private static final Pattern IN_A_POOL = Pattern.compile("^cluster\\.pools\\.[^.]+\\.");

  /**
   * One combination.
   *
   * @param tree the tree without lists
   * @param values every value that an axis decided, by its dotted path, as JSON; an axis of whole
   *     mappings decides each of their values
   */
  public record Point(ConfNode tree, Map<String, String> values) {}

  private Axes() {}

  /** All combinations; the axis that is written last varies fastest. */
  public static List<Point> expand(ConfNode tree) {
    return expand(tree, "", false);
  }

  /** The combination of every axis's first value. */
  static Point first(ConfNode tree) {
    return expand(tree, "", true).get(0);
  }

  /**
   * All combinations of an overlay, each laid over the first combination. Their values are those of
   * every axis of the tree and of all that the overlay states, so that no two points look alike.
   */
  static List<Point> laidOverFirst(ConfNode tree, ConfNode overlay) {
    Point first = first(tree);
    List<Point> points = new ArrayList<>();
    for (Point upper : expand(overlay)) {
      ConfNode point = first.tree().overlay(upper.tree());
      Map<String, String> stated = new LinkedHashMap<>();
      addLeaves(upper.tree(), "", stated);
      Map<String, String> leaves = new LinkedHashMap<>();
      addLeaves(point, "", leaves);
      leaves.keySet().removeIf(p -> !first.values().containsKey(p) && !stated.containsKey(p));
      points.add(new Point(point, leaves));
    }
    return points;
  }

  private static List<Point> expand(ConfNode node, String path, boolean firstOnly) {
    return switch (node.kind()) {
      case SCALAR, NULL -> List.of(new Point(node, Map.of()));
      case SEQUENCE ->
          isValue(node, path)
              ? List.of(new Point(node, Map.of()))
              : expandAxis(node, path, firstOnly);
      case MAPPING -> expandMapping(node, path, firstOnly);
    };
  }

  private static boolean isValue(ConfNode list, String path) {
    return LIST_KEYS.contains(IN_A_POOL.matcher(path).replaceFirst(""))
        && list.items().stream().noneMatch(item -> item.kind() == ConfNode.Kind.SEQUENCE);
  }

  private static List<Point> expandAxis(ConfNode axis, String path, boolean firstOnly) {
    List<Point> points = new ArrayList<>();
    for (ConfNode item : firstOnly ? axis.items().subList(0, 1) : axis.items()) {
      for (Point inner : expand(item, path, firstOnly)) {
        Map<String, String> values = new LinkedHashMap<>();
        addLeaves(inner.tree(), path, values);
        points.add(new Point(inner.tree(), values));
      }
    }
    return points;
  }

  private static void addLeaves(ConfNode node, String path, Map<String, String> values) {
    if (node.kind() == ConfNode.Kind.MAPPING) {
      node.entries().forEach((key, value) -> addLeaves(value, child(path, key), values));
    } else {
      values.put(path, node.toJson());
    }
  }

  private static String child(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static List<Point> expandMapping(ConfNode mapping, String path, boolean firstOnly) {
    List<Point> points = List.of(new Point(mapping, Map.of()));
    for (Map.Entry<String, ConfNode> entry : mapping.entries().entrySet()) {
      String key = entry.getKey();
      List<Point> values = expand(entry.getValue(), child(path, key), firstOnly);
      List<Point> product = new ArrayList<>(points.size() * values.size());
      for (Point outer : points) {
        for (Point value : values) {
          Map<String, String> axisValues = new LinkedHashMap<>(outer.values());
          axisValues.putAll(value.values());
          product.add(new Point(outer.tree().with(key, value.tree()), axisValues));
        }
      }
      points = product;
    }
    return points;
  }

  /** Whether a point has every value that a pattern states; a list in it means any of these. */
  static boolean matches(ConfNode point, ConfNode pattern) {
    if (point == null) {
      return false;
    }
    return switch (pattern.kind()) {
      case NULL -> point.kind() == ConfNode.Kind.NULL;
      case SEQUENCE ->
          point.kind() == ConfNode.Kind.SEQUENCE
              ? point.toJson().equals(pattern.toJson())
              : pattern.items().stream().anyMatch(item -> matches(point, item));
      case SCALAR -> {
        // "sarathi" is short for {kind: sarathi}.
        ConfNode value = point.kind() == ConfNode.Kind.MAPPING ? point.get("kind") : point;
        yield value != null
            && value.kind() == ConfNode.Kind.SCALAR
            && pattern.text().equals(value.text());
      }
      case MAPPING ->
          pattern.entries().entrySet().stream()
              .allMatch(entry -> matches(valueOf(point, entry.getKey()), entry.getValue()));
    };
  }

  private static ConfNode valueOf(ConfNode point, String key) {
    if (point.kind() == ConfNode.Kind.SCALAR && key.equals("kind")) {
      return point;
    }
    return point.kind() == ConfNode.Kind.MAPPING ? point.get(key) : null;
  }
}
