package io.plumbline.files;

import static io.plumbline.files.Fixtures.assertBadInput;
import static io.plumbline.files.Fixtures.file;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JsonTest {
  private sealed interface Shape permits Dot, CircleSpec {}

  private record Dot() implements Shape {}

  private record CircleSpec(double radiusMeters) implements Shape {}

  private enum Color {
    DARK_RED
  }

  private record Drawing(
      List<Shape> shapes, Color color, Integer layer, Map<String, Integer> counts) {}

  private record Point(int x, int y) {}

  @TempDir Path folder;

  @Test
  void writtenTextIsCanonical() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    counts.put("b", 2);
    counts.put("a", 1);
    Drawing drawing =
        new Drawing(List.of(new CircleSpec(0.5), new Dot()), Color.DARK_RED, null, counts);
    assertThat(Json.write(drawing))
        .isEqualTo(
            "{\"shapes\":[{\"kind\":\"circle\",\"radius_meters\":0.5},{\"kind\":\"dot\"}],"
                + "\"color\":\"dark_red\",\"layer\":null,\"counts\":{\"a\":1,\"b\":2}}");
    assertThat(Json.pretty(new Point(1, 2))).isEqualTo("{\n  \"x\" : 1,\n  \"y\" : 2\n}");
  }

  @Test
  void aRecordIsReadBack() {
    Path json = file(folder, "point.json", Json.write(new Point(1, 2)));
    assertThat(Json.read(json, Point.class)).isEqualTo(new Point(1, 2));
  }

  @Test
  void numbersOfATreeStayAsTheyAreWritten() {
    assertThat(Json.write(Json.parseTree("text", "{\"b\":1.10,\"a\":3}")))
        .isEqualTo("{\"b\":1.10,\"a\":3}");
  }

  @Test
  void nothingIsCoerced() {
    assertBadInput(
        () -> Json.read(file(folder, "a.json", "{\"x\":5.9,\"y\":1}"), Point.class),
        folder.resolve("a.json")
            + ":1: Cannot coerce Floating-point value (5.9) to `int` value (but could if coercion was enabled using `CoercionConfig`)");
  }

  @Test
  void aCutOffFileIsNamedWithItsLine() {
    Path cut = file(folder, "cut.json", "{", "  \"a\": 1,", "  \"b\": {");
    assertBadInput(
        () -> Json.readTree(cut), cut + ":4: the JSON ends too early. Maybe the file was cut off.");
  }

  @Test
  void badFilesAreNamed() {
    Path empty = file(folder, "empty.json");
    assertBadInput(() -> Json.readTree(empty), empty + ": the file is empty");
    Path twice = file(folder, "twice.json", "{\"a\": 1,", "\"a\": 2}");
    assertBadInput(() -> Json.readTree(twice), twice + ":2: Duplicate field 'a'");
    Path absent = folder.resolve("absent.json");
    assertBadInput(() -> Json.readTree(absent), "no such file: " + absent);
  }
}
