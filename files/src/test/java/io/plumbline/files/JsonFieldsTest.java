package io.plumbline.files;

import static io.plumbline.files.Fixtures.assertBadInput;
import static io.plumbline.files.Fixtures.file;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JsonFieldsTest {
  @TempDir Path folder;

  @Test
  void valuesAreReadAsTheyAreWritten() {
    Path json =
        file(
            folder,
            "a.json",
            "{\"name\": \"x\", \"n\": 3, \"t\": 0.1000000000000000055, \"none\": null,",
            " \"nan\": NaN, \"inner\": {\"deep\": 1.5}}");
    JsonFields fields = JsonFields.read(json);
    assertThat(fields.keys()).containsExactly("name", "n", "t", "none", "nan", "inner");
    assertThat(fields.text("name")).isEqualTo("x");
    assertThat(fields.requiredInteger("n", 1)).isEqualTo(3);
    assertThat(fields.decimal("t")).isEqualTo(new BigDecimal("0.1000000000000000055"));
    assertThat(fields.object("inner").requiredDecimal("deep")).isEqualTo("1.5");
    assertThat(fields.text("none")).isNull();
    assertThat(fields.integer("absent", 0)).isNull();
    assertThat(fields.decimal("nan")).as("Python's NaN is no measurement").isNull();
    assertThat(fields.object("absent").keys()).isEmpty();
    assertThat(fields.has("none")).isFalse();
  }

  @Test
  void wrongValuesAreNamedWithTheirPath() {
    Path json =
        file(folder, "a.json", "{\"in\": {\"n\": \"3\", \"f\": 1.5, \"m\": -1, \"z\": null}}");
    JsonFields in = JsonFields.read(json).object("in");
    assertBadInput(() -> in.integer("n", 0), json + ": in.n (\"3\") must be a number");
    assertBadInput(() -> in.integer("f", 0), json + ": in.f (1.5) must be an integer");
    assertBadInput(() -> in.integer("m", 0), json + ": in.m (-1) must not be negative");
    assertBadInput(() -> in.text("f"), json + ": in.f (1.5) must be text");
    assertBadInput(() -> in.object("f"), json + ": in.f (1.5) must be an object");
    assertBadInput(() -> in.requiredInteger("z", 0), json + ": in.z must not be null");
    assertBadInput(() -> in.requiredInteger("q", 0), json + ": missing key in.q");
    assertBadInput(
        () -> in.requireOnly(List.of("n", "f", "max", "z")), json + ": unknown key in.m. Maybe: n");
  }

  @Test
  void aFileThatIsNoObjectIsNamed() {
    Path list = file(folder, "list.json", "[1]");
    assertBadInput(() -> JsonFields.read(list), list + ": must be a JSON object");
    Path cut = file(folder, "cut.json", "{\"a\": 1,", "\"b\": [1, 2");
    assertBadInput(
        () -> JsonFields.read(cut),
        cut + ":3: the JSON ends too early. Maybe the file was cut off.");
    Path empty = file(folder, "empty.json");
    assertBadInput(() -> JsonFields.read(empty), empty + ": the file is empty");
    Path absent = folder.resolve("absent.json");
    assertBadInput(() -> JsonFields.read(absent), "no such file: " + absent);
  }

  @Test
  void linesAreReadOneByOneAndTheBrokenOneIsNamed() throws IOException {
    Path good = folder.resolve("good.jsonl.gz");
    try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(good))) {
      out.write("{\"n\": 1}\n\n{\"n\": 2}\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    List<Integer> read = new ArrayList<>();
    JsonLines.forEach(good, line -> read.add(line.requiredInteger("n", 0)));
    assertThat(read).containsExactly(1, 2);

    Path cut = file(folder, "cut.jsonl", "{\"n\": 1}", "{\"n\": 2, \"m\"");
    assertBadInput(
        () -> JsonLines.forEach(cut, line -> {}),
        cut + ":2: the JSON ends too early. Maybe the file was cut off.");
    Path key = file(folder, "key.jsonl", "{\"n\": 1}", "{\"k\": 2}");
    assertBadInput(
        () -> JsonLines.forEach(key, line -> line.requiredInteger("n", 0)),
        key + ":2: missing key n");
    Path half = Files.write(folder.resolve("half.jsonl.gz"), halfOf(Files.readAllBytes(good)));
    assertBadInput(
        () -> JsonLines.forEach(half, line -> {}),
        half + ": not a whole gzip file. Maybe it was cut off.");
    Path plain = file(folder, "plain.jsonl.gz", "{\"n\": 1}");
    assertBadInput(
        () -> JsonLines.forEach(plain, line -> {}),
        plain + ": not a whole gzip file. Maybe it was cut off.");
  }

  private static byte[] halfOf(byte[] bytes) {
    return java.util.Arrays.copyOf(bytes, bytes.length / 2);
  }

  @Test
  void aHashIsOfNamesAndContentsAndNotOfTheFolder() {
    Path one = file(folder.resolve("x"), "a.txt", "1");
    Path other = file(folder.resolve("y"), "a.txt", "1");
    Path renamed = file(folder.resolve("y"), "b.txt", "1");
    Path changed = file(folder.resolve("z"), "a.txt", "2");
    String hash = ContentHash.of(one.getParent(), List.of(one));
    assertThat(hash)
        .matches("[0-9a-f]{16}")
        .isEqualTo(ContentHash.of(other.getParent(), List.of(other)))
        .isNotEqualTo(ContentHash.of(renamed.getParent(), List.of(renamed)))
        .isNotEqualTo(ContentHash.of(changed.getParent(), List.of(changed)));
  }
}
