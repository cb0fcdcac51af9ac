package io.plumbline.jobs.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plumbline.jobs.SharedSpark;
import io.plumbline.jobs.SmallResults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The cells of every notebook, run one after the other by JShell as a kernel does. */
public class NotebooksTest {
  private static final Path FOLDER = Path.of(System.getProperty("plumbline.home"), "notebooks");

  @TempDir static Path results;

  /** What cells displayed; they find it by this name. */
  public static final List<String> DISPLAYED = new ArrayList<>();

  @BeforeAll
  static void writeResults() {
    SharedSpark.session();
    SmallResults.write(results);
  }

  static List<Path> notebooks() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".ipynb")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("notebooks")
  void everyCellRunsAndShowsSomething(Path notebook) throws IOException {
    DISPLAYED.clear();
    System.setProperty("plumbline.results", results.toString());
    try (JShell shell = JShell.builder().executionEngine("local").build()) {
      for (Class<?> needed : List.of(NotebooksTest.class, Notebook.class, Row.class)) {
        shell.addToClasspath(placeOf(needed));
      }
      run(
          shell,
          "String display(String type, Object html) {"
              + " io.plumbline.jobs.notebook.NotebooksTest.DISPLAYED.add(html.toString());"
              + " return \"\"; }");
      for (String cell : cells(notebook, "code")) {
        run(shell, cell);
      }
    } finally {
      System.clearProperty("plumbline.results");
    }
    assertThat(DISPLAYED).hasSize(cells(notebook, "code").size());
    assertThat(DISPLAYED.get(0)).contains("echarts", results.toString());
    // The small results have rows for every notebook's first table.
    assertThat(DISPLAYED.get(1)).contains("<td>").doesNotContain("No rows");
    assertThat(DISPLAYED).anyMatch(html -> html.contains("\"data\":[["));
  }

  @Test
  void outputsAreCleared() throws IOException {
    assertThat(notebooks()).hasSizeGreaterThanOrEqualTo(6);
    for (Path notebook : notebooks()) {
      JsonNode cells = new ObjectMapper().readTree(notebook.toFile()).get("cells");
      cells.forEach(cell -> assertThat(cell.path("outputs")).isEmpty());
    }
  }

  /** Where a class is from; Surefire's classpath is a jar that only names the others. */
  private static String placeOf(Class<?> type) {
    return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()))
        .toString();
  }

  private static List<String> cells(Path notebook, String type) throws IOException {
    JsonNode cells = new ObjectMapper().readTree(notebook.toFile()).get("cells");
    return StreamSupport.stream(cells.spliterator(), false)
        .filter(cell -> cell.get("cell_type").asText().equals(type))
        .map(
            cell -> {
              StringBuilder source = new StringBuilder();
              cell.get("source").forEach(line -> source.append(line.asText()));
              return source.toString();
            })
        .toList();
  }

  private static void run(JShell shell, String cell) {
    String rest = cell;
    while (!rest.isBlank()) {
      var completion = shell.sourceCodeAnalysis().analyzeCompletion(rest);
      for (SnippetEvent event : shell.eval(completion.source())) {
        assertThat(event.exception()).as(completion.source()).isNull();
        assertThat(event.status())
            .as(
                () ->
                    completion.source()
                        + shell
                            .diagnostics(event.snippet())
                            .map(d -> d.getMessage(Locale.ENGLISH))
                            .toList())
            .isEqualTo(Snippet.Status.VALID);
      }
      rest = completion.remaining();
    }
  }
}
