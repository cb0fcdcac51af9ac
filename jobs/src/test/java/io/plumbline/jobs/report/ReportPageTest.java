package io.plumbline.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.jobs.TestRuns;
import io.plumbline.jobs.report.ReportData.Compared;
import io.plumbline.jobs.report.ReportData.Distribution;
import io.plumbline.jobs.report.ReportData.PartMean;
import io.plumbline.jobs.report.ReportData.RequestPoint;
import io.plumbline.jobs.table.ErrorSummaryRow;
import io.plumbline.jobs.table.RunRow;
import io.plumbline.jobs.table.RunTags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a browser without a window, as wide as a phone, light and then dark. */
class ReportPageTest {
  private static final List<String> BROWSERS =
      List.of("chromium", "chromium-browser", "google-chrome");

  /** Tells the page around it what went wrong, how wide it is, and what it looks like. */
  private static final String PROBE =
      """
      <script>
      const say = () => {
        const background = () => getComputedStyle(document.body).backgroundColor;
        const before = background();
        document.getElementById("theme").click();
        parent.postMessage([
          "errors=" + errors, "over=" + (document.documentElement.scrollWidth - document.documentElement.clientWidth),
          "width=" + innerWidth, "plots=" + document.querySelectorAll(".chart svg").length,
          "turned=" + (before !== background())].join(" "), "*");
      };
      addEventListener("load", say);
      </script></body>""";

  @TempDir Path temp;

  private static String page() {
    RunRow real =
        RunRow.of(TestRuns.measured("real"), TestRuns.REFERENCE, RunTags.labelled("real"));
    RunRow simulated = RunRow.of(TestRuns.simulated("sim"), TestRuns.SIMULATED, RunTags.NONE);
    ErrorSummaryRow row =
        new ErrorSummaryRow(
            "c1", "real", "sim", "w1", "ttft", "p50", 2e7, 2e7, 0.0, "PASS", 3, 5, 9, 0);
    Compared compared =
        new Compared(
            "c1",
            real,
            simulated,
            List.of(row),
            Map.of("ttft", new Distribution(List.of(1e7, 2e7, 3e7), List.of(1e7, 2e7, 3e7), 0.0)),
            Map.of("ttft", List.of(new RequestPoint(0, 1e7, 1e7))),
            null,
            Map.of("ttft p50", new ErrorInterval(-1, 2)),
            List.of(new PartMean("decode", 2e7, 2e7)));
    return HtmlReport.of(new ReportData(List.of(compared), List.of(), 0), List.of());
  }

  @Test
  void aPhoneShowsThePageWithoutErrorsInBothThemes() throws Exception {
    Optional<Path> browser = browser();
    assumeTrue(browser.isPresent(), "SKIPPED: no Chromium on the PATH to open the report in");
    String page =
        page()
            .replace(
                "<head>",
                "<head><script>var errors = 0; addEventListener('error', () => errors++)</script>")
            .replace("</body>", PROBE);
    Files.writeString(temp.resolve("report.html"), page);
    Files.writeString(
        temp.resolve("phone.html"),
        """
        <!doctype html><p id="said"></p>
        <script>onmessage = (m) => document.getElementById("said").textContent = m.data</script>
        <iframe src="report.html" width="360" height="700" style="border: 0"></iframe>
        """);
    assertThat(dom(browser.orElseThrow(), temp.resolve("phone.html")))
        .contains("errors=0 over=0 width=360 plots=4 turned=true");
  }

  private String dom(Path browser, Path page) throws IOException, InterruptedException {
    Path out = temp.resolve("dom.html");
    Process process =
        new ProcessBuilder(
                browser.toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--user-data-dir=" + temp.resolve("profile"),
                "--virtual-time-budget=10000",
                "--dump-dom",
                page.toUri().toString())
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(90, TimeUnit.SECONDS)).as("Chromium ended").isTrue();
    return Files.readString(out);
  }

  private static Optional<Path> browser() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .flatMap(folder -> BROWSERS.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
