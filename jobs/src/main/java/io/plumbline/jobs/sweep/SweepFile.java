package io.plumbline.jobs.sweep;

import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.Problems;
import io.plumbline.files.conf.RecordBinder;
import io.plumbline.simulator.Recording;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads a sweep file and finds its points. The form is described in conf/README.md. */
final class SweepFile {

  /**
   * What the file asks for.
   *
   * @param excluded points that a pattern left out
   */
  record Expanded(String name, Recording recording, List<Axes.Point> points, int excluded) {}

  private SweepFile() {}

  /** Expands and filters; every problem goes to the list. */
  static Expanded expand(ConfNode root, Problems problems) {
    if (root.kind() != ConfNode.Kind.MAPPING) {
      problems.add(root, "must be a mapping with name and simulate");
      return null;
    }
    Header header =
        RecordBinder.bind(
            root.without("simulate").without("points").without("exclude"), Header.class, problems);
    ConfNode simulate = root.get("simulate");
    if (simulate == null) {
      problems.add(root, "misses the key simulate: the point, or grid of points, to simulate");
      return null;
    }
    requireNoEmptyAxis(simulate, problems);
    List<ConfNode> patterns = items(root.get("exclude"), problems);
    List<ConfNode> explicit = items(root.get("points"), problems);
    explicit.forEach(point -> requireNoEmptyAxis(point, problems));
    if (header == null || !problems.isEmpty()) {
      return null;
    }
    List<Axes.Point> all = new ArrayList<>(Axes.expand(simulate));
    for (ConfNode overlay : explicit) {
      all.addAll(Axes.laidOverFirst(simulate, overlay));
    }
    for (ConfNode pattern : patterns) {
      if (all.stream().noneMatch(point -> Axes.matches(point.tree(), pattern))) {
        problems.add(
            pattern,
            "excludes none of the %d points. Maybe a key or value is misspelt; only what simulate or points states can be excluded."
                .formatted(all.size()));
      }
    }
    List<Axes.Point> kept =
        all.stream()
            .filter(point -> patterns.stream().noneMatch(p -> Axes.matches(point.tree(), p)))
            .toList();
    if (kept.isEmpty()) {
      problems.add(root.get("exclude"), "leaves no point of %d to run".formatted(all.size()));
      return null;
    }
    return new Expanded(header.name(), header.record(), kept, all.size() - kept.size());
  }

  /**
   * The keys beside the trees.
   *
   * @param name of the sweep, and of its folder in the tables
   * @param record how much to keep of each run
   */
  record Header(String name, Recording record) {
    private static final Pattern FOLDER_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    public Header {
      if (name.isBlank()) {
        throw new IllegalArgumentException("name must not be blank");
      }
      if (!FOLDER_NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "name (%s) cannot be a folder name. Maybe use at most 100 letters, digits and . _ - only, a letter or digit first."
                .formatted(name));
      }
    }

    public static Map<String, Object> defaultValues() {
      return Map.of("record", Recording.REQUESTS);
    }
  }

  private static List<ConfNode> items(ConfNode list, Problems problems) {
    if (list == null || list.kind() == ConfNode.Kind.NULL) {
      return List.of();
    }
    if (list.kind() != ConfNode.Kind.SEQUENCE) {
      problems.add(list, "must be a list");
      return List.of();
    }
    return list.items();
  }

  private static void requireNoEmptyAxis(ConfNode node, Problems problems) {
    if (node.kind() == ConfNode.Kind.SEQUENCE) {
      if (node.items().isEmpty()) {
        problems.add(node, "is an empty list, so there is no point to run");
      }
      node.items().forEach(item -> requireNoEmptyAxis(item, problems));
    } else if (node.kind() == ConfNode.Kind.MAPPING) {
      node.entries().values().forEach(value -> requireNoEmptyAxis(value, problems));
    }
  }
}
