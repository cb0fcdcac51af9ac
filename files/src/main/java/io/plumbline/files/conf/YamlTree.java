package io.plumbline.files.conf;

import io.plumbline.files.BadInputException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Turns one YAML document into {@link ConfNode}s. It stops before SnakeYAML makes values of the
 * text, and refuses what would make a value stand somewhere else than where it is written.
 */
final class YamlTree {
  private static final int MOST_CODE_POINTS = 64 << 20;

  private final String file;

  YamlTree(String file) {
    this.file = file;
  }

  ConfNode parse(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MOST_CODE_POINTS);
    Node root;
    try {
      root = new Yaml(options).compose(new StringReader(text));
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark();
      throw new BadInputException(
          "%s:%d:%d: %s".formatted(file, mark.getLine() + 1, mark.getColumn() + 1, e.getProblem()),
          e);
    } catch (YAMLException e) {
      throw new BadInputException("%s: %s".formatted(file, e.getMessage()), e);
    }
    if (root == null) {
      throw new BadInputException("%s: the file is empty".formatted(file));
    }
    return node(root, place(root.getStartMark(), ""));
  }

  private ConfNode.Place place(Mark mark, String path) {
    return new ConfNode.Place(file, mark.getLine() + 1, mark.getColumn() + 1, path);
  }

  private ConfNode node(Node node, ConfNode.Place place) {
    if (node.getAnchor() != null) {
      throw bad(
          node, "anchors and aliases (&%s) are not supported".formatted(node.getAnchor()), place);
    }
    if (!node.getTag().startsWith(Tag.PREFIX)) {
      throw bad(node, "tags (%s) are not supported".formatted(node.getTag()), place);
    }
    if (node instanceof MappingNode mapping) {
      return mapping(mapping, place);
    }
    if (node instanceof SequenceNode sequence) {
      List<ConfNode> items = new ArrayList<>();
      for (Node item : sequence.getValue()) {
        String path = "%s[%d]".formatted(place.path(), items.size());
        items.add(node(item, place(item.getStartMark(), path)));
      }
      return ConfNode.sequence(place, items);
    }
    ScalarNode scalar = (ScalarNode) node;
    boolean quoted = scalar.getScalarStyle() != ScalarStyle.PLAIN;
    return !quoted && isNull(scalar.getValue())
        ? ConfNode.nothing(place)
        : ConfNode.scalar(place, scalar.getValue(), quoted);
  }

  private static boolean isNull(String text) {
    return text.isEmpty() || text.equals("~") || text.equals("null");
  }

  private ConfNode mapping(MappingNode mapping, ConfNode.Place place) {
    Map<String, ConfNode> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      String key = key(tuple.getKeyNode(), place);
      ConfNode.Place at = place(tuple.getKeyNode().getStartMark(), place.child(key).path());
      ConfNode first = entries.get(key);
      if (first != null) {
        throw new BadInputException(
            "%s:%d: %s: duplicate key, first in line %d"
                .formatted(file, at.line(), at.path(), first.line()));
      }
      entries.put(key, node(tuple.getValueNode(), at));
    }
    return ConfNode.mapping(place, entries);
  }

  private String key(Node key, ConfNode.Place place) {
    if (Tag.MERGE.equals(key.getTag())) {
      throw bad(key, "merge keys (<<) are not supported", place);
    }
    if (key.getAnchor() != null) {
      throw bad(key, "anchors (&%s) are not supported".formatted(key.getAnchor()), place);
    }
    if (!(key instanceof ScalarNode scalar) || isNull(scalar.getValue())) {
      throw bad(key, "a key must be text", place);
    }
    return scalar.getValue();
  }

  private BadInputException bad(Node node, String message, ConfNode.Place place) {
    String path = place.path().isEmpty() ? "" : place.path() + ": ";
    return new BadInputException(
        "%s:%d: %s%s".formatted(file, node.getStartMark().getLine() + 1, path, message));
  }
}
