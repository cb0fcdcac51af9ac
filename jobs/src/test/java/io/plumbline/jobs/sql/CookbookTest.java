package io.plumbline.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.jobs.JobRun;
import io.plumbline.jobs.SharedSpark;
import io.plumbline.jobs.SmallResults;
import io.plumbline.jobs.SqlJob;
import io.plumbline.jobs.report.QueryOutput;
import io.plumbline.jobs.table.Tables;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every question of the cookbook, asked of Spark and of DuckDB over the same small results. */
class CookbookTest {
  private static final Path ANSWERS = Path.of("src/test/resources/cookbook");

  @TempDir static Path results;

  private static Connection duckDb;

  @BeforeAll
  static void writeResults() throws SQLException {
    SmallResults.write(results);
    Tables.register(SharedSpark.session(), results.toString());
    duckDb = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement statement = duckDb.createStatement()) {
      JobRun script = JobRun.of(new SqlJob(), "--duckdb", "--results=" + results);
      statement.execute(script.out());
    }
  }

  @AfterAll
  static void close() throws SQLException {
    duckDb.close();
  }

  private static Cookbook question(String name) {
    return Cookbook.questions().stream()
        .filter(question -> question.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  static List<String> names() {
    return Cookbook.questions().stream().map(Cookbook::name).toList();
  }

  @ParameterizedTest
  @MethodSource("names")
  void theAnswerIsTheOneWorkedOutByHand(String name) throws IOException {
    StringWriter answer = new StringWriter();
    String sql = Statements.of(question(name).sql()).complete().get(0);
    QueryOutput.CSV.print(SharedSpark.session().sql(sql), new PrintWriter(answer));
    assertThat(answer).hasToString(Files.readString(ANSWERS.resolve(name + ".csv")));
  }

  @ParameterizedTest
  @MethodSource("names")
  void duckDbGivesTheSameAnswer(String name) throws IOException, SQLException {
    List<List<String>> expected =
        Files.readAllLines(ANSWERS.resolve(name + ".csv")).stream()
            .skip(1)
            .map(CookbookTest::cells)
            .toList();
    List<List<String>> found = ask(question(name).sql());
    assertThat(found).hasSameSizeAs(expected);
    for (int row = 0; row < found.size(); row++) {
      assertThat(found.get(row)).hasSameSizeAs(expected.get(row));
      for (int column = 0; column < found.get(row).size(); column++) {
        requireEqual(found.get(row).get(column), expected.get(row).get(column));
      }
    }
  }

  private static List<List<String>> ask(String sql) throws SQLException {
    List<List<String>> rows = new ArrayList<>();
    try (Statement statement = duckDb.createStatement();
        ResultSet answer = statement.executeQuery(sql)) {
      while (answer.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= answer.getMetaData().getColumnCount(); i++) {
          String cell = answer.getString(i);
          row.add(cell == null ? "" : cell);
        }
        rows.add(row);
      }
    }
    return rows;
  }

  /** A number is the same however many zeros it is written with. */
  private static void requireEqual(String found, String expected) {
    if (isNumber(found) && isNumber(expected)) {
      assertThat(Double.parseDouble(found)).isCloseTo(Double.parseDouble(expected), within(1e-9));
    } else {
      assertThat(found).isEqualTo(expected);
    }
  }

  private static boolean isNumber(String cell) {
    return cell.matches("-?\\d+(\\.\\d+)?([eE]-?\\d+)?");
  }

  /** Cells of a line; what is quoted is JSON, whose quotes are doubled. */
  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    for (String cell : line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1)) {
      boolean quoted = cell.startsWith("\"");
      cells.add(quoted ? cell.substring(1, cell.length() - 1).replace("\"\"", "\"") : cell);
    }
    return cells;
  }

  @Test
  void thereAreAtLeastTwentyQuestions() {
    assertThat(Cookbook.questions()).hasSizeGreaterThanOrEqualTo(20);
  }

  @Test
  void theDocumentIsUpToDate() throws IOException {
    Path document = Cookbook.home().resolve("docs/cookbook.md");
    if (Boolean.getBoolean("plumbline.tables.write")) {
      Files.writeString(document, Cookbook.markdown());
    }
    assertThat(document)
        .as("docs/cookbook.md is stale; run the tests with -Dplumbline.tables.write=true")
        .content()
        .isEqualTo(Cookbook.markdown());
  }
}
