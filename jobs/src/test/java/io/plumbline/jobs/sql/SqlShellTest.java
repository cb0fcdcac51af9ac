package io.plumbline.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.jobs.SharedSpark;
import io.plumbline.jobs.TestRuns;
import io.plumbline.jobs.report.QueryOutput;
import io.plumbline.jobs.table.RunTags;
import io.plumbline.jobs.table.RunWriter;
import io.plumbline.jobs.table.Tables;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlShellTest {
  @TempDir Path folder;

  private String type(String text) throws IOException {
    new RunWriter(folder.toString())
        .write(TestRuns.measured("m1"), TestRuns.REFERENCE, RunTags.NONE);
    Tables.register(SharedSpark.session(), folder.toString());
    StringWriter out = new StringWriter();
    try (Terminal terminal = terminal(text)) {
      new SqlShell(SharedSpark.session(), QueryOutput.CSV, new PrintWriter(out, true))
          .run(terminal, folder.resolve("history"));
    }
    return out.toString();
  }

  private static Terminal terminal(String typed) throws IOException {
    return new DumbTerminal(
        "test",
        "dumb",
        new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)),
        new ByteArrayOutputStream(),
        StandardCharsets.UTF_8);
  }

  @Test
  void aStatementMayTakeSeveralLinesAndIsRemembered() throws IOException {
    assertThat(type("SELECT run_id\nFROM run;\nexit\nSELECT 2;\n"))
        .endsWith("run_id\nm1\n")
        .doesNotContain("2\n2");
    assertThat(folder.resolve("history")).content().contains("SELECT run_id\\nFROM run;");
  }

  @Test
  void aWrongStatementDoesNotEndIt() throws IOException {
    assertThat(type("SELECT nothing FROM run;\nSELECT 1 AS one;\n"))
        .contains("SQL: [UNRESOLVED_COLUMN.WITH_SUGGESTION]")
        .endsWith("one\n1\n");
  }

  @Test
  void itKnowsTablesAndColumns() throws IOException {
    assertThat(type("tables\n")).contains("kv_pressure         View: One row per run");
    assertThat(type("columns run\n")).contains("run_id", "content hash of what determines");
    assertThat(type("columns nothing\n")).contains("no table or view nothing. Maybe one of: run,");
    assertThat(type("help\n")).contains("Tab completes names");
  }

  @Test
  void namesAreCompleted() throws IOException {
    List<Candidate> candidates = new ArrayList<>();
    try (Terminal terminal = terminal("")) {
      LineReaderImpl reader = new LineReaderImpl(terminal);
      SqlWords.completer()
          .complete(reader, reader.getParser().parse("SELECT * FROM swe", 17), candidates);
    }
    assertThat(candidates)
        .extracting(Candidate::value)
        .contains("sweep_point", "sweep_result", "throughput_tokens_per_second", "SELECT");
  }
}
