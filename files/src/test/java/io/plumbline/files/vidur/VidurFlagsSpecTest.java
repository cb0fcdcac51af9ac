package io.plumbline.files.vidur;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.files.Fixtures;
import io.plumbline.files.vidur.Flags.Flag;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every flag and default of Vidur, where their list lies beside the checkout. */
class VidurFlagsSpecTest {
  private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\| (\\S+) \\| `(.*)` \\|");

  private record Row(String flag, String type, String value) {}

  private static List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (String line : Files.readAllLines(Fixtures.shared("spec/vidur.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        rows.add(new Row(row.group(1), row.group(2), row.group(3)));
      }
    }
    return rows;
  }

  @Test
  void theFlagsAreVidurs() throws IOException {
    Map<String, String> expected = new TreeMap<>();
    rows().forEach(row -> expected.put(row.flag(), row.type()));
    Map<String, String> flags = new TreeMap<>();
    Flags.all().forEach((name, flag) -> flags.put(name, pythonType(flag)));
    assertThat(flags).isEqualTo(expected);
  }

  private static String pythonType(Flag flag) {
    String java = flag.valueType().getSimpleName().toLowerCase(Locale.ROOT);
    String type =
        switch (java) {
          case "integer", "long" -> "int";
          case "double" -> "float";
          case "string" -> "str";
          case "boolean" -> "bool";
          default -> java;
        };
    return flag.isList() ? "list[%s]".formatted(type) : type;
  }

  /** A flag with its default changes nothing, whatever kind it belongs to. */
  @Test
  void theDefaultsAreVidurs() throws IOException {
    for (Row row : rows()) {
      // Nothing can be stated for None, and no false in a list.
      if (!row.value().equals("None") && !row.type().equals("list[bool]")) {
        List<String> kinds = kinds(Flags.all().get(row.flag()));
        List<String> stated = new ArrayList<>(kinds);
        stated.addAll(stated(row));
        assertThat(VidurInput.ofFlags(stated).config())
            .as(row.flag())
            .isEqualTo(VidurInput.ofFlags(kinds).config());
      }
    }
  }

  private static List<String> kinds(Flag flag) {
    List<String> kinds = new ArrayList<>();
    flag.needs()
        .forEach(
            (path, kind) -> {
              kinds.add("--%s_type".formatted(path.get(path.size() - 1)));
              kinds.add(kind);
            });
    return kinds;
  }

  private static List<String> stated(Row row) {
    if (row.type().equals("bool")) {
      return List.of((row.value().equals("True") ? "--" : "--no-") + row.flag());
    }
    List<String> stated = new ArrayList<>(List.of("--" + row.flag()));
    if (row.type().startsWith("list")) {
      stated.addAll(List.of(row.value().replaceAll("[\\[\\]]", "").split(", ")));
    } else {
      stated.add(row.value());
    }
    return stated;
  }
}
