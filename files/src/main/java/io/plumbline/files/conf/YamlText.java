package io.plumbline.files.conf;

import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** Writes configurations as {@link ConfNode} reads them. */
public final class YamlText {
  private static final int WIDTH = 100;

  private YamlText() {}

  /**
   * A mapping as YAML for people: in its order, lists on one line.
   *
   * @param tree of maps with text keys, lists, texts, numbers, booleans and nulls
   */
  public static String of(Map<String, Object> tree) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setWidth(WIDTH);
    options.setSplitLines(false);
    options.setIndent(2);
    return new Yaml(options).dump(tree);
  }
}
