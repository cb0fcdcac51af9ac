package io.plumbline.files.csv;

import static io.plumbline.files.Fixtures.assertBadInput;
import static io.plumbline.files.Fixtures.file;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CsvTableTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0.0, 0",
    "4.314579, 4314579000",
    "1e-9, 1",
    "0.0000000005, 1",
    "0.00000000049, 0",
    "9000000000.000000001, 9000000000000000001",
  })
  void secondsAreExactNanoseconds(String seconds, long nanos) {
    List<Long> read = new ArrayList<>();
    new CsvTable(file(folder, "a.csv", "t", seconds), "t")
        .forEach(row -> read.add(row.seconds("t", BigDecimal.ONE)));
    assertThat(read).containsExactly(nanos);
  }

  @ParameterizedTest
  @CsvSource({
    "NaN, must be a number of seconds",
    "-1, must not be negative",
    "1e10, is out of range (292 years)",
    "x, must be a number of seconds",
  })
  void wrongSecondsAreNamed(String seconds, String message) {
    Path csv = file(folder, "a.csv", "t", seconds);
    assertBadInput(
        () -> new CsvTable(csv, "t").forEach(row -> row.seconds("t", BigDecimal.ONE)),
        "%s:2: t (%s) %s".formatted(csv, seconds, message));
  }

  @ParameterizedTest
  @CsvSource({
    "374.5, must be an integer",
    "-3, must be positive",
    "0, must be positive",
    "3000000000, is out of range",
    "1e40, must be an integer",
    "nan, must be an integer",
    "'', must not be empty",
  })
  void wrongIntegersAreNamed(String tokens, String message) {
    Path csv = file(folder, "a.csv", "a,n", "x," + tokens);
    assertBadInput(
        () -> new CsvTable(csv, "n").forEach(row -> row.integer("n", 1)),
        "%s:2: n (%s) %s".formatted(csv, tokens, message));
  }

  @Test
  void aFileThatIsNotSuchATableIsNamed() throws IOException {
    Path cut = file(folder, "cut.csv", "a,b,c", "1,2,3", "4,5");
    assertBadInput(
        () -> new CsvTable(cut, "a").forEach(row -> {}),
        cut + ":3: 2 fields, but the header has 3. Maybe the file was cut off.");
    Path wide = file(folder, "wide.csv", "a,b", "1,2,3");
    assertBadInput(
        () -> new CsvTable(wide, "a").forEach(row -> {}),
        wide + ":2: 3 fields, but the header has 2. Maybe a text with a comma lacks its quotes.");
    Path other = file(folder, "other.csv", "a,b", "1,2");
    assertBadInput(
        () -> new CsvTable(other, "c").forEach(row -> {}),
        other + ":1: missing column c. The header has: a, b");
    Path twice = file(folder, "twice.csv", "a,a", "1,2");
    assertBadInput(
        () -> new CsvTable(twice, "a").forEach(row -> {}), twice + ":1: duplicate column a");
    Path empty = file(folder, "empty.csv");
    assertBadInput(
        () -> new CsvTable(empty, "a").forEach(row -> {}), empty + ": the file is empty");
    Path absent = folder.resolve("absent.csv");
    assertBadInput(() -> new CsvTable(absent, "a").forEach(row -> {}), "no such file: " + absent);
    Path binary = Files.write(folder.resolve("binary.csv"), new byte[] {'a', '\n', (byte) 0xff});
    assertBadInput(() -> new CsvTable(binary, "a").forEach(row -> {}), binary + ": not UTF-8 text");
  }

  @Test
  void aColumnThatIsNotKnownIsNamedWithTheNearestKnownOne() {
    Path csv = file(folder, "a.csv", "model,latencyy", "x,1");
    assertBadInput(
        () -> new CsvTable(csv, "model").andAtMost("latency", "power").forEach(row -> {}),
        csv + ":1: unknown column latencyy. Maybe: latency");
    Path other = file(folder, "b.csv", "model,colour", "x,1");
    assertBadInput(
        () -> new CsvTable(other, "model").andAtMost("latency").forEach(row -> {}),
        other + ":1: unknown column colour. Known: model, latency");
  }

  @Test
  void tabsAndMissingHeadersAreRead() {
    List<String> read = new ArrayList<>();
    new CsvTable(file(folder, "a.tsv", "t\tv", "1\t2.5"), "t", "v")
        .separatedByTabs()
        .forEach(row -> read.add(row.decimal("v").toString()));
    Path bare = file(folder, "bare.csv", "64, 12288, 0.19ms", "128, 12288, 0.2ms");
    CsvTable.withoutHeader(bare, "m", "n", "time").forEach(row -> read.add(row.required("time")));
    assertThat(read).containsExactly("2.5", " 0.19ms", " 0.2ms");

    Path cut = file(folder, "cut.csv", "64, 12288, 0.19ms", "128");
    assertBadInput(
        () -> CsvTable.withoutHeader(cut, "m", "n", "time").forEach(row -> {}),
        cut + ":2: 1 fields, but a row has 3. Maybe the file was cut off.");
    Path word = file(folder, "word.csv", "v", "many");
    assertBadInput(
        () -> new CsvTable(word, "v").forEach(row -> row.decimal("v")),
        word + ":2: v (many) must be a number");
  }

  @ParameterizedTest
  @CsvSource({"0.0020040000000000014, 0.0020040000000000014", "-1e-3, -0.001", "7, 7"})
  void numbersAreTheNearestDouble(String text, double number) {
    List<Double> read = new ArrayList<>();
    new CsvTable(file(folder, "a.csv", "t", text), "t").forEach(row -> read.add(row.number("t")));
    assertThat(read).containsExactly(number);
  }

  @ParameterizedTest
  @CsvSource({
    "NaN, must be a finite number",
    "1e999, must be a finite number",
    "x, must be a number",
    "'', must not be empty",
  })
  void wrongNumbersAreNamed(String number, String message) {
    Path csv = file(folder, "a.csv", "t,u", number + ",1");
    assertBadInput(
        () -> new CsvTable(csv, "t").forEach(row -> row.number("t")),
        "%s:2: t (%s) %s".formatted(csv, number, message));
  }

  @Test
  void aPackedFileIsReadAndOneThatWasCutOffIsNamed() throws IOException {
    Path packed = folder.resolve("a.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write("t\n5\n".getBytes(StandardCharsets.UTF_8));
    }
    List<Integer> read = new ArrayList<>();
    new CsvTable(packed, "t").forEach(row -> read.add(row.integer("t", 0)));
    assertThat(read).containsExactly(5);

    byte[] whole = Files.readAllBytes(packed);
    Files.write(packed, Arrays.copyOf(whole, whole.length - 8));
    assertBadInput(
        () -> new CsvTable(packed, "t").forEach(row -> {}),
        "%s: not a whole gzip file. Maybe it was cut off.".formatted(packed));
    Files.writeString(packed, "t\n5\n");
    assertBadInput(
        () -> new CsvTable(packed, "t").forEach(row -> {}),
        "%s: not a whole gzip file. Maybe it was cut off.".formatted(packed));
  }
}
