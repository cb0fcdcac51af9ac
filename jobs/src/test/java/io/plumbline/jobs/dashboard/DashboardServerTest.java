package io.plumbline.jobs.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.SmallResults;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DashboardServerTest {
  private static final List<String> BROWSERS =
      List.of("chromium", "chromium-browser", "google-chrome");

  @TempDir static Path temp;

  private static DashboardServer server;

  @BeforeAll
  static void serve() throws IOException {
    Path results = temp.resolve("results");
    SmallResults.write(results);
    Files.writeString(results.resolve("secret.txt"), "secret");
    Files.writeString(results.resolve("run/_writing-r9-x"), "half");
    server = new DashboardServer(results, 0);
  }

  @AfterAll
  static void close() {
    server.close();
  }

  private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(server.url() + path)).build(),
            BodyHandlers.ofString(StandardCharsets.ISO_8859_1));
  }

  @Test
  void filesOfTablesAreListedAndServed() throws Exception {
    assertThat(get("tables.json").body())
        .contains("\"path\":\"run/origin=measured/run_id=m1/part-0.parquet\"")
        .contains("\"columns\":{\"origin\":\"measured\",\"run_id\":\"m1\"}")
        .doesNotContain("_writing", "secret");
    assertThat(get("results/run/origin=measured/run_id=m1/part-0.parquet").body())
        .startsWith("PAR1");
  }

  @Test
  void nothingElseIsServed() throws Exception {
    assertThat(get("results/secret.txt").statusCode()).isEqualTo(404);
    assertThat(get("results/..%2Fresults/secret.txt").statusCode()).isEqualTo(404);
    assertThat(get("results/run/_writing-r9-x").statusCode()).isEqualTo(404);
    assertThat(get("..%2F..%2Fjobs.class").statusCode()).isEqualTo(404);
  }

  @Test
  void thePageNeedsNoNetwork() throws Exception {
    for (String part : List.of("", "dashboard.js", "dashboard.css", "tables.js", "parts.js")) {
      HttpResponse<String> answer = get(part);
      assertThat(answer.statusCode()).as(part).isEqualTo(200);
      assertThat(answer.body()).doesNotContain("http://", "https://");
    }
    long bytes =
        (long) get("echarts.min.js").body().length() + get("hyparquet.min.js").body().length();
    assertThat(bytes).isLessThan(1_500_000);
  }

  @Test
  void aTakenPortIsNamed() {
    int port = URI.create(server.url()).getPort();
    assertThatThrownBy(() -> new DashboardServer(temp, port))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "port %d of this machine is taken. Maybe by another dashboard; --port names another one."
                .formatted(port));
  }

  @Test
  void everyViewShowsItsNumbers() throws Exception {
    assertThat(page("overview")).contains("<b>2</b><span>simulated runs", "<b>2</b><span>measured");
    assertThat(page("sweeps")).contains("<svg", "26.86", "24.53");
    assertThat(page("errors"))
        .contains("<svg", "29.8", "<td class=\"FAIL\">FAIL</td>", "<td class=\"n \">-9.9</td>");
    // E2E is 2.667 ms less: 0.667 of the prefill, 2 of the decode.
    assertThat(page("attribution"))
        .contains("<svg", "-0.667", "-2.667", "<td class=\"n \">75</td>");
    assertThat(page("run")).contains("<svg", "29.8");
  }

  /** The page as a browser without a window has it, after its scripts ran. */
  private static String page(String view) throws IOException, InterruptedException {
    Optional<Path> browser = browser();
    assumeTrue(browser.isPresent(), "SKIPPED: no Chromium on the PATH to open the dashboard in");
    Path out = temp.resolve(view + ".html");
    Process process =
        new ProcessBuilder(
                browser.orElseThrow().toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--user-data-dir=" + temp.resolve("profile"),
                "--virtual-time-budget=20000",
                "--dump-dom",
                server.url() + "#" + view)
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(90, TimeUnit.SECONDS)).as("Chromium ended").isTrue();
    String page = Files.readString(out);
    assertThat(page).doesNotContain("This could not be read");
    return page.substring(page.indexOf("id=\"" + view + "\""));
  }

  private static Optional<Path> browser() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .flatMap(folder -> BROWSERS.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
