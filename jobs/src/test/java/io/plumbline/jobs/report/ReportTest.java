package io.plumbline.jobs.report;

import static io.plumbline.jobs.TestRuns.MILLI;
import static io.plumbline.jobs.TestRuns.REFERENCE;
import static io.plumbline.jobs.TestRuns.SIMULATED;
import static io.plumbline.jobs.TestRuns.measured;
import static io.plumbline.jobs.TestRuns.simulated;
import static io.plumbline.jobs.TestRuns.trace;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.jobs.SharedSpark;
import io.plumbline.jobs.TestRuns;
import io.plumbline.jobs.attribution.Attribution;
import io.plumbline.jobs.error.Comparison;
import io.plumbline.jobs.error.PartialRequests;
import io.plumbline.jobs.error.Thresholds;
import io.plumbline.jobs.table.PartitionWriter;
import io.plumbline.jobs.table.RunTags;
import io.plumbline.jobs.table.RunWriter;
import io.plumbline.jobs.table.SweepPointRow;
import io.plumbline.jobs.table.Table;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.run.Utilization;
import io.plumbline.trace.run.UtilizationMetric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  /** Kept after the test, to be looked at. */
  private static final Path OUT = Path.of("target", "sample-report");

  private static final String EVIL = "</script><script>alert('x')</script>";

  /** Four distributions twice, the errors by percentile and by request, and the two sweeps' one. */
  private static final int CHARTS = 11;

  @TempDir static Path results;
  private static String line;
  private static String html;
  private static String markdown;

  @BeforeAll
  static void write() throws IOException {
    SparkSession spark = SharedSpark.session();
    RunWriter runs = new RunWriter(results.toString());
    runs.write(measured("real"), TestRuns.withPhases(REFERENCE), RunTags.labelled(EVIL));
    runs.write(simulated("sim"), TestRuns.withOperators(SIMULATED), RunTags.NONE);
    String[] schedulers = {"sarathi", "vllm", "orca"};
    List<SweepPointRow> points = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      String scheduler = schedulers[i % 3];
      int replicas = 1 + i / 3;
      String axes = "{\"scheduler\":\"%s\",\"replicas\":%d}".formatted(scheduler, replicas);
      RunTrace trace = trace((9 + i) * MILLI, 10 + 3 * i, 20 + 5 * i, 30 + 7 * i * i);
      runs.write(
          simulated("point-" + i),
          i == 0 ? withUtilization(trace) : trace,
          new RunTags(null, scheduler, "roofline", replicas, 1, 1, "requests"));
      points.add(new SweepPointRow("capacity", "point-" + i, i, axes));
    }
    PartitionWriter partitions = new PartitionWriter(results.toString());
    partitions.replace(Table.SWEEP_POINT, List.of("capacity"), points.iterator());
    // Shares its first run with the other sweep; its second is not finished.
    partitions.replace(
        Table.SWEEP_POINT,
        List.of("shared"),
        List.of(
                new SweepPointRow("shared", "point-4", 0, "{\"device\":\"a100\"}"),
                new SweepPointRow("shared", "broken", 1, "{\"device\":\"a40\"}"))
            .iterator());
    new Comparison(spark, results.toString(), Thresholds.DEFAULT, PartialRequests.REFUSE)
        .compare("real", List.of("sim"));
    new Attribution(spark, results.toString()).attribute("real", "sim");
    line = Report.write(spark, results.toString(), List.of(), List.of(), OUT);
    html = Files.readString(OUT.resolve("report.html"));
    markdown = Files.readString(OUT.resolve("report.md"));
  }

  private static RunTrace withUtilization(RunTrace trace) {
    return new RunTrace(
        trace.requests(),
        trace.iterations(),
        trace.tokens(),
        trace.attempts(),
        null,
        List.of(),
        List.of(
            new Utilization(0, null, UtilizationMetric.MEMORY, 0, 90, 80),
            new Utilization(0, 0, UtilizationMetric.BUSY, 0, 100, 40),
            new Utilization(0, 0, UtilizationMetric.MFU, 0, 55, 10),
            new Utilization(0, 1, UtilizationMetric.BUSY, 0, 100, 60),
            new Utilization(0, 1, UtilizationMetric.MFU, 0, 55, 15)),
        null);
  }

  @Test
  void theReportSaysWhatItShows() {
    assertThat(line).isEqualTo(OUT.resolve("report.html") + ": 1 comparison, 11 sweep points");
  }

  @Test
  void thePageLoadsNothingFromAnywhere() {
    assertThat(html).doesNotContainPattern("(?i)(src|href)\\s*=\\s*[\"']?(https?:)?//");
    assertThat(html).doesNotContain("@import").doesNotContain("<link");
    assertThat(html.length()).isGreaterThan(900_000);
  }

  @Test
  void everyMetricIsInBothFiles() {
    assertThat(List.of("TTFT", "TPOT", "E2E", "TBT", "Token latency"))
        .allSatisfy(
            metric -> {
              assertThat(html).contains(metric);
              assertThat(markdown).contains(metric);
            });
    assertThat(html).contains("<span class=\"chip WARN\">WARN</span>");
    assertThat(markdown).contains("| TTFT | P90 | 28.000 | 25.600 | -8.6 | WARN | 3 |");
  }

  @Test
  void textFromRunsStaysText() {
    assertThat(html).doesNotContain("<script>alert").contains("&lt;script&gt;alert");
    // One block of data per chart, ECharts, and the script of the page.
    assertThat(html.split("<script[ >]", -1)).hasSize(1 + CHARTS + 2);
    assertThat(html.split("</script>", -1)).hasSize(1 + CHARTS + 2);
    assertThat(markdown).doesNotContain("<script>");
  }

  @Test
  void verdictsComeFirstAndSayHowSureTheyAre() {
    // TTFT P50 and E2E P50 pass. TPOT is 10 and 9 ms in every draw of the requests.
    assertThat(markdown)
        .contains("2 of 6 latencies pass.", "too low (95 % interval: 10.0 to 10.0 % too low")
        .contains("Of 3 requests, P99 is nearly the maximum")
        .contains("host is furthest off: 26.667 ms measured, 34.000 ms simulated.");
    assertThat(headings(html, "h2"))
        .containsExactly("Verdicts", "plumbline against " + "script", "Sweeps");
    assertThat(markdown.indexOf("## Verdicts")).isLessThan(markdown.indexOf("## plumbline"));
    assertThat(html).contains("-10.0 % [-10.0, -10.0]");
  }

  private static List<String> headings(String page, String tag) {
    return Pattern.compile("<%1$s>(.*?)</%1$s>".formatted(tag))
        .matcher(page)
        .results()
        .map(found -> found.group(1).replaceAll("<[^>]*>", ""))
        .map(text -> text.contains("script") ? "plumbline against script" : text)
        .toList();
  }

  @Test
  void whatE2eIsMadeOfIsInBothFiles() {
    // Devices run for 20 of 27 ms of an iteration: of the three requests' first 10, 20 and 30 ms
    // they have 200 / 27, 400 / 27 and, without an iteration, 0.
    assertThat(markdown)
        .contains("### What E2E is made of", "| prefill | 7.407 | 3.333 | -4.074 | -10.2 |")
        .contains("| E2E | 40.000 | 37.333 | -2.667 | -6.7 |");
    assertThat(html).contains("What E2E is made of", "<caption>Table error_attribution</caption>");
  }

  @Test
  void everyComparisonSaysHowToMakeItAgain() {
    assertThat(List.of(html, markdown))
        .allSatisfy(
            file ->
                assertThat(file)
                    .contains("./plumbline compare --reference real --simulated sim --pass 5")
                    .contains("./plumbline attribute --reference real --simulated sim")
                    .contains("./plumbline report --comparison c"));
  }

  @Test
  void thePageCanBeReadWithoutSeeingIt() {
    assertThat(html).contains("<main id=\"main\">", "lang=\"en\"", "<header>", "<footer>");
    assertThat(html.split("<table", -1)).hasSameSizeAs(html.split("<caption>", -1));
    assertThat(html.split("data-option=", -1)).hasSameSizeAs(html.split("role=\"img\"", -1));
    assertThat(html).doesNotContain("<th>").contains("TTFT: % of values against ms. ");
  }

  @Test
  void theSameTablesGiveTheSameBytes(@TempDir Path out) throws IOException {
    Report.write(SharedSpark.session(), results.toString(), List.of(), List.of(), out);
    assertThat(out.resolve("report.html")).hasSameTextualContentAs(OUT.resolve("report.html"));
    assertThat(out.resolve("report.md")).hasSameTextualContentAs(OUT.resolve("report.md"));
  }

  @Test
  void theGapIsTakenApart() {
    // 0.120 s measured, 0.034 s simulated; 0.016 of the 0.086 are the model's.
    assertThat(markdown)
        .contains("| part | measured | simulated | difference | of the gap, % |")
        .contains("| forward and sample | 0.048 s | 0.032 s | -0.016 s | 19 |")
        .contains("| all | 0.120 s | 0.034 s | -0.086 s | 100 |")
        .contains("| of forward and sample: mlp_up_proj |  | 0.028 s |  |  |")
        .contains("| iterations | 2 | 1 | -1 |  |");
    assertThat(html).contains("What the gap is made of", "<td class=\"n\">-0.016 s</td>");
  }

  @Test
  void sweepPointsAreListedWithTheirAxes() {
    assertThat(markdown)
        .contains("| capacity | scheduler=sarathi replicas=1 | sarathi | A100 | 3/3 |");
  }

  @Test
  void sweepPointsSayHowBusyTheirStagesAre() {
    assertThat(markdown.lines().filter(row -> row.startsWith("| capacity |")))
        .filteredOn(row -> row.endsWith(" | 50.0 | 12.5 |"))
        .singleElement()
        .satisfies(row -> assertThat(row).contains("scheduler=sarathi replicas=1"));
    assertThat(markdown).contains(" | – | – |");
  }

  @Test
  void aRunOfTwoSweepsIsAPointOfBoth() {
    assertThat(markdown)
        .contains("10 of 11 points", "### capacity", "### shared")
        .contains("| capacity | scheduler=vllm replicas=2 | vllm | A100 | 3/3 |")
        .contains("| shared | device=a100 | vllm | A100 | 3/3 |");
    assertThat(html).contains("<h3>capacity</h3>", "<h3>shared</h3>", "device=a100");
  }

  @Test
  void onlyTheSweepsAskedForAreShown(@TempDir Path out) throws IOException {
    Report.write(SharedSpark.session(), results.toString(), List.of(), List.of("shared"), out);
    assertThat(Files.readString(out.resolve("report.md")))
        .contains("### shared", "1 of 2 points")
        .doesNotContain("capacity");
    assertThatThrownBy(
            () ->
                Report.write(
                    SharedSpark.session(), results.toString(), List.of(), List.of("none"), out))
        .hasMessage("no sweep \"none\"; there are: capacity, shared");
  }

  @Test
  void unknownComparisonsAreRefusedWithThoseThatExist() {
    assertThatThrownBy(
            () ->
                Report.write(
                    SharedSpark.session(), results.toString(), List.of("nothing"), List.of(), OUT))
        .hasMessageMatching("no comparison \"nothing\"; there are: c[0-9a-f]{16}");
  }

  @Test
  void aFolderWithoutRunsGivesAReportThatSaysSo(@TempDir Path empty) throws IOException {
    Report.write(
        SharedSpark.session(), empty.toString(), List.of(), List.of(), empty.resolve("out"));
    assertThat(Files.readString(empty.resolve("out/report.md"))).contains("Nothing to show yet.");
  }
}
