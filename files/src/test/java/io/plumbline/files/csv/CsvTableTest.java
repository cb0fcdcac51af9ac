package io.plumbline.files.csv;

import static io.plumbline.files.Fixtures.assertBadInput;
import static io.plumbline.files.Fixtures.file;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
  void readsThroughGzip() throws IOException {
    Path whole = Files.write(folder.resolve("a.csv.gz"), gzip("t,n\n1,2.5\n3,\n"));
    List<Double> read = new ArrayList<>();
    new CsvTable(whole, "t").forEach(row -> read.add(row.numberOrNan("n")));
    assertThat(read).containsExactly(2.5, Double.NaN);
  }

  @Test
  void gzipThatIsCutOffOrNoneIsNamed() throws IOException {
    byte[] bytes = gzip("t\n" + "123456\n".repeat(50_000));
    Path cut = Files.write(folder.resolve("cut.csv.gz"), Arrays.copyOf(bytes, bytes.length / 2));
    Path none = Files.writeString(folder.resolve("none.csv.gz"), "t\n1\n");
    for (Path file : List.of(cut, none)) {
      assertBadInput(
          () -> new CsvTable(file, "t").forEach(row -> {}),
          "%s: not a whole gzip file. Maybe it was cut off.".formatted(file));
    }
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
