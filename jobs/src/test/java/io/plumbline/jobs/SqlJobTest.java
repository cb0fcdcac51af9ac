package io.plumbline.jobs;

import static io.plumbline.jobs.TestRuns.REFERENCE;
import static io.plumbline.jobs.TestRuns.measured;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.jobs.table.RunTags;
import io.plumbline.jobs.table.RunWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlJobTest {
  private static final String QUERY =
      "SELECT request_id, ttft_ns, tpot_ns, CAST(NULL AS STRING) AS none, 'a \"b\", c' AS text"
          + " FROM request_timing ORDER BY request_id LIMIT 2;";

  @TempDir Path results;

  @Test
  void answersAreAlignedAndNothingIsCut() {
    assertThat(sql(QUERY))
        .isEqualTo(
            new JobRun(
                0,
                """
                request_id   ttft_ns  tpot_ns  none  text
                ----------  --------  -------  ----  ---------
                         0  10000000    1.0E7  NULL  a "b", c
                         1  20000000    1.0E7  NULL  a "b", c
                (2 rows)
                """
                    .replace("---------\n", "--------\n"),
                ""));
  }

  @Test
  void csvIsQuotedWhereItMustBe() {
    assertThat(sql("--csv", QUERY).out())
        .isEqualTo(
            "request_id,ttft_ns,tpot_ns,none,text\n"
                + "0,10000000,1.0E7,,\"a \"\"b\"\", c\"\n"
                + "1,20000000,1.0E7,,\"a \"\"b\"\", c\"\n");
  }

  @Test
  void jsonHasOneObjectPerLine() {
    assertThat(sql("--json", QUERY).out())
        .isEqualTo(
            """
            {"request_id":0,"ttft_ns":10000000,"tpot_ns":1.0E7,"none":null,"text":"a \\"b\\", c"}
            {"request_id":1,"ttft_ns":20000000,"tpot_ns":1.0E7,"none":null,"text":"a \\"b\\", c"}
            """);
  }

  @Test
  void aQueryMayComeFromAFile() throws IOException {
    Path file = results.resolve("query.sql");
    Files.writeString(file, "SELECT array(1, 2) AS numbers\n;\n");
    assertThat(sql("--json", "-f", file.toString()).out()).isEqualTo("{\"numbers\":[1,2]}\n");
  }

  @Test
  void wrongQueriesAreExplainedInOneLine() {
    assertThat(sql("SELECT nothing FROM run"))
        .satisfies(
            run -> {
              assertThat(run.exitCode()).isEqualTo(JobCommand.BAD_INPUT);
              assertThat(run.err())
                  .startsWith("SQL: [UNRESOLVED_COLUMN.WITH_SUGGESTION]")
                  .contains("`nothing`")
                  .hasLineCount(1);
            });
    assertThat(sql("SELEC 1").err())
        .isEqualTo(
            "SQL: [PARSE_SYNTAX_ERROR] Syntax error at or near 'SELEC'. SQLSTATE: 42601 (line 1, pos 0)\n");
    assertThat(sql("SELECT 1 / (request_id - 1) FROM request_timing").err())
        .startsWith("SQL: [DIVIDE_BY_ZERO]")
        .hasLineCount(1);
  }

  @Test
  void thereIsOneQueryAtMost() {
    assertThat(sql("SELECT 1", "--duckdb").exitCode()).isEqualTo(JobCommand.BAD_INPUT);
    assertThat(sql("SELECT 1", "-f", "x.sql").exitCode()).isEqualTo(JobCommand.BAD_INPUT);
  }

  @Test
  void withoutAQueryStandardInputIsAnswered() {
    InputStream before = System.in;
    String typed = "SELECT 1 AS one; -- not; this\nSELECT 'a;b' AS text\n";
    System.setIn(new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)));
    try {
      assertThat(sql("--csv").out()).isEqualTo("one\n1\ntext\na;b\n");
    } finally {
      System.setIn(before);
    }
  }

  private JobRun sql(String... args) {
    new RunWriter(results.toString()).write(measured("r1"), REFERENCE, RunTags.NONE);
    String[] all = java.util.Arrays.copyOf(args, args.length + 1);
    all[args.length] = "--results=" + results;
    return JobRun.of(new SqlJob(), all);
  }
}
