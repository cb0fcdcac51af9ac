package io.plumbline.files.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.files.fetch.ScriptedServer.Script;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One file from servers that behave, misbehave, and lie. */
final class DownloadTest {
  private static final byte[] CONTENT = new byte[100_000];
  private static final int HALF = CONTENT.length / 2;

  static {
    new SplittableRandom(7).nextBytes(CONTENT);
  }

  @TempDir Path folder;

  private final StringWriter notices = new StringWriter();
  private final List<Duration> pauses = new ArrayList<>();
  private ScriptedServer server;

  @AfterEach
  void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void aFileComesUnderItsName_andNoPartStays() throws IOException {
    start((request, out) -> ScriptedServer.file(request, out, CONTENT));

    download(checked());

    assertThat(names()).containsExactly("data.bin");
    assertThat(target()).hasBinaryContent(CONTENT);
    assertThat(pauses).isEmpty();
  }

  @Test
  void anEmptyFileComes() throws IOException {
    start((request, out) -> ScriptedServer.file(request, out, new byte[0]));

    download(new KnownFile("data.bin", 0L, Checksum.sha256(sha256(new byte[0]))));

    assertThat(target()).isEmptyFile();
  }

  @Test
  void aPartGoesOnWhereItStopped() throws IOException {
    start((request, out) -> ScriptedServer.file(request, out, CONTENT));
    writePart(Arrays.copyOf(CONTENT, HALF));

    download(checked());

    assertThat(server.headers("Range")).containsExactly("bytes=50000-");
    assertThat(target()).hasBinaryContent(CONTENT);
  }

  @Test
  void aPartThatIsWholeNeedsNoServer() throws IOException {
    start((request, out) -> ScriptedServer.reply(out, 500, ""));
    writePart(CONTENT);

    download(checked());

    assertThat(server.requests()).isEmpty();
    assertThat(target()).hasBinaryContent(CONTENT);
  }

  @Test
  void aPartThatIsTooLongIsNotOfThisFile() throws IOException {
    start((request, out) -> ScriptedServer.file(request, out, CONTENT));
    writePart(new byte[CONTENT.length + 1]);

    download(checked());

    assertThat(server.headers("Range")).containsExactly((String) null);
    assertThat(target()).hasBinaryContent(CONTENT);
  }

  @Test
  void aServerThatIgnoresTheRangeIsHeardFromItsStart() throws IOException {
    start((request, out) -> ScriptedServer.reply(out, 200, CONTENT));
    writePart(Arrays.copyOf(CONTENT, HALF));

    download(checked());

    assertThat(server.headers("Range")).containsExactly("bytes=50000-");
    assertThat(target()).hasBinaryContent(CONTENT);
  }

  @Test
  void aServerThatSendsLessThanItAnnouncedIsAskedForTheRest() throws IOException {
    start(
        (request, out) -> {
          if (request.header("Range") == null) {
            ScriptedServer.head(out, 200, "Content-Length: " + CONTENT.length);
            out.write(CONTENT, 0, HALF);
          } else {
            ScriptedServer.file(request, out, CONTENT);
          }
        });

    download(checked());

    assertThat(server.headers("Range")).containsExactly(null, "bytes=50000-");
    assertThat(pauses).containsExactly(Duration.ofSeconds(1));
    assertThat(notices.toString()).startsWith("data.bin: ").contains("Again in 1 s.");
    assertThat(target()).hasBinaryContent(CONTENT);
  }

  @Test
  void aLengthThatIsNotThatOfTheFileIsALie() throws IOException {
    start((request, out) -> ScriptedServer.reply(out, 200, "proxy: sign in here"));

    assertThatThrownBy(() -> download(checked()))
        .isInstanceOf(FetchException.class)
        .hasMessage(
            "data.bin: given up after 5 tries: the server announces 19 bytes, but the file has"
                + " 100000. What came is kept: run this again later to go on.");
    assertThat(pauses)
        .containsExactly(
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(4),
            Duration.ofSeconds(8));
    assertThat(target()).doesNotExist();
  }

  @Test
  void aServerThatSendsMoreThanTheFileIsStopped() throws IOException {
    byte[] tooMuch = Arrays.copyOf(CONTENT, CONTENT.length + 300_000);
    start(
        (request, out) -> {
          // Without a length, so that only the known size tells.
          ScriptedServer.head(out, 200);
          out.write(server.requests().size() == 1 ? tooMuch : CONTENT);
        });

    download(checked());

    assertThat(notices.toString()).contains("the server sent more than 100000 bytes. Again in");
    assertThat(target()).hasBinaryContent(CONTENT);
  }

  @Test
  void aServerThatFailsIsAskedAgain() throws IOException {
    start(
        (request, out) -> {
          if (server.requests().size() <= 2) {
            ScriptedServer.reply(out, 503, "busy");
          } else {
            ScriptedServer.file(request, out, CONTENT);
          }
        });

    download(checked());

    assertThat(pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
    assertThat(notices.toString())
        .isEqualTo(
            "data.bin: the server answered 503. Again in 1 s.%ndata.bin: the server answered 503. Again in 2 s.%n"
                .formatted());
  }

  @Test
  void aServerThatAsksForTimeGetsIt() throws IOException {
    start(
        (request, out) -> {
          if (server.requests().size() == 1) {
            ScriptedServer.reply(out, 429, "", "Retry-After: 7");
          } else {
            ScriptedServer.file(request, out, CONTENT);
          }
        });

    download(checked());

    assertThat(pauses).containsExactly(Duration.ofSeconds(7));
  }

  @Test
  void aDateToComeBackAtIsUnderstood_andOneTooFarIsNotWaitedFor() throws IOException {
    ZonedDateTime then = ZonedDateTime.now(ZoneOffset.UTC).plusHours(2);
    String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(then);
    start((request, out) -> ScriptedServer.reply(out, 429, "", "Retry-After: " + date));

    assertThatThrownBy(() -> download(checked()))
        .hasMessageContaining("given up after 1 tries: the server answered 429");
    assertThat(pauses).isEmpty();
  }

  @Test
  void aServerThatFallsSilentIsLeft_andAskedForTheRest() throws IOException {
    start(
        (request, out) -> {
          if (request.header("Range") == null) {
            ScriptedServer.head(out, 200, "Content-Length: " + CONTENT.length);
            out.write(CONTENT, 0, HALF);
            out.flush();
            server.hang();
          } else {
            ScriptedServer.file(request, out, CONTENT);
          }
        });

    download(checked());

    assertThat(notices.toString()).contains("data.bin: nothing came for 1 s. Again in 1 s.");
    assertThat(server.headers("Range")).containsExactly(null, "bytes=50000-");
    assertThat(target()).hasBinaryContent(CONTENT);
  }

  /** Ten pieces need more tries than are granted without progress. */
  @Test
  void triesBeginAnewWhereItGetsFurther() throws IOException {
    start(
        (request, out) -> {
          String range = request.header("Range");
          int from = range == null ? 0 : Integer.parseInt(range.replaceAll("[^0-9]", ""));
          ScriptedServer.head(
              out,
              range == null ? 200 : 206,
              "Content-Length: " + (CONTENT.length - from),
              "Content-Range: bytes %d-99999/100000".formatted(from));
          out.write(CONTENT, from, 10_000);
        });

    download(checked());

    assertThat(server.requests()).hasSize(10);
    assertThat(pauses).hasSize(9).containsOnly(Duration.ofSeconds(1));
    assertThat(target()).hasBinaryContent(CONTENT);
  }

  @Test
  void halfAFileAgainAndAgainIsNoProgress() throws IOException {
    start(
        (request, out) -> {
          ScriptedServer.head(out, 200, "Content-Length: " + CONTENT.length);
          out.write(CONTENT, 0, HALF);
        });

    assertThatThrownBy(() -> download(checked())).hasMessageContaining("given up after 5 tries");
    assertThat(part()).hasBinaryContent(Arrays.copyOf(CONTENT, HALF));
  }

  @Test
  void wrongBytesAreRemoved_andThatIsSaid() throws IOException {
    byte[] wrong = CONTENT.clone();
    wrong[HALF]++;
    start((request, out) -> ScriptedServer.file(request, out, wrong));

    assertThatThrownBy(() -> download(checked()))
        .isInstanceOf(FetchException.class)
        .hasMessage(
            "data.bin: has sha256 %s, should have sha256 %s; removed"
                .formatted(sha256(wrong), sha256(CONTENT)));
    assertThat(names()).isEmpty();
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aPartOfAnotherVersionIsFoundOutByItsChecksum_andReplaced() throws IOException {
    start((request, out) -> ScriptedServer.file(request, out, CONTENT));
    writePart(new byte[HALF]);

    download(checked());

    assertThat(server.headers("Range")).containsExactly("bytes=50000-", null);
    assertThat(target()).hasBinaryContent(CONTENT);
  }

  @Test
  void withoutAChecksumTheServerSaysWhetherThePartIsOfItsVersion() throws IOException {
    start(
        (request, out) -> {
          if (request.header("Range") == null) {
            ScriptedServer.head(out, 200, "Content-Length: 100000", "ETag: \"one\"");
            out.write(CONTENT, 0, HALF);
          } else {
            ScriptedServer.file(request, out, CONTENT, "ETag: \"one\"");
          }
        });

    download(unchecked());

    assertThat(server.headers("If-Range")).containsExactly(null, "\"one\"");
    assertThat(target()).hasBinaryContent(CONTENT);
    assertThat(names()).containsExactly("data.bin");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ETag: W/\"weak\"", "X-None: 1"})
  void withoutAChecksumOrAVersionAPartIsWorthNothing(String header) throws IOException {
    start(
        (request, out) -> {
          ScriptedServer.head(out, 200, "Content-Length: 100000", header);
          out.write(CONTENT, 0, server.requests().size() == 1 ? HALF : CONTENT.length);
        });

    download(unchecked());

    assertThat(server.headers("Range")).containsExactly(null, null);
    assertThat(target()).hasBinaryContent(CONTENT);
  }

  @Test
  void aPartBeyondTheEndIsDropped() throws IOException {
    start(
        (request, out) -> {
          if (request.header("Range") != null) {
            ScriptedServer.reply(out, 416, "");
          } else {
            ScriptedServer.file(request, out, CONTENT);
          }
        });
    writePart(Arrays.copyOf(CONTENT, HALF));

    download(checked());

    assertThat(notices.toString()).contains("the server has no byte 50000; starting anew");
    assertThat(target()).hasBinaryContent(CONTENT);
  }

  @Test
  void anotherRangeThanTheOneAskedForIsNotAppended() throws IOException {
    start(
        (request, out) -> {
          if (request.header("Range") != null) {
            ScriptedServer.reply(out, 206, CONTENT, "Content-Range: bytes 0-99999/100000");
          } else {
            ScriptedServer.file(request, out, CONTENT);
          }
        });
    writePart(Arrays.copyOf(CONTENT, HALF));

    download(checked());

    assertThat(notices.toString())
        .contains("sent another range than that from 50000: bytes 0-99999/100000");
    assertThat(target()).hasBinaryContent(CONTENT);
  }

  @Test
  void aTokenStaysWithItsHubWhenItRedirects() throws IOException {
    try (ScriptedServer store =
        new ScriptedServer((request, out) -> ScriptedServer.file(request, out, CONTENT))) {
      start(
          (request, out) -> {
            String to = request.target().equals("/data.bin") ? "/moved" : store.uri("/x") + "?s=1";
            ScriptedServer.reply(out, 302, "", "Location: " + to);
          });
      writePart(Arrays.copyOf(CONTENT, HALF));
      Map<String, String> token = Map.of("Authorization", "Bearer secret", "Cookie", "c=secret");

      download(checked(), new Access(URI.create(server.origin()), token, ""));

      assertThat(server.headers("Authorization")).containsExactly("Bearer secret", "Bearer secret");
      assertThat(store.headers("Authorization")).containsExactly((String) null);
      assertThat(store.headers("Cookie")).containsExactly((String) null);
      assertThat(store.headers("Range")).containsExactly("bytes=50000-");
      assertThat(target()).hasBinaryContent(CONTENT);
    }
  }

  @Test
  void aCircleOfRedirectsIsLeft() {
    start((request, out) -> ScriptedServer.reply(out, 307, "", "Location: /data.bin"));

    assertThatThrownBy(() -> download(checked()))
        .hasMessage(server.uri("/data.bin") + ": more than 10 redirects");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://127.0.0.1/x", "file:///etc/passwd"})
  void aRedirectAwayFromTheWebIsRefused(String location) {
    start((request, out) -> ScriptedServer.reply(out, 302, "", "Location: " + location));

    assertThatThrownBy(() -> download(checked()))
        .hasMessage(
            "%s: redirects to what is not HTTPS: %s".formatted(server.uri("/data.bin"), location));
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void aRefusalComesWithAdvice_andIsNotRepeated(int status) {
    start((request, out) -> ScriptedServer.reply(out, status, "", "X-Error-Message: gated"));

    assertThatThrownBy(() -> download(checked(), Access.open("Maybe ask.")))
        .hasMessage(
            "%s: the server answered %d, \"gated\": no access. Maybe ask."
                .formatted(server.uri("/data.bin"), status));
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aFileThatIsNotThereIsNotAskedForAgain() {
    start((request, out) -> ScriptedServer.reply(out, 404, ""));

    assertThatThrownBy(() -> download(checked()))
        .hasMessage(
            server.uri("/data.bin")
                + ": the server answered 404: there is no such file or revision");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void nobodyListeningIsTriedAgain() {
    start((request, out) -> {});
    server.close();

    assertThatThrownBy(() -> download(checked()))
        .hasMessageContaining("given up after 5 tries: Connection refused (ConnectException)");
  }

  @Test
  void aFullDiskIsNotTriedAgain() throws IOException {
    Path full = Path.of("/dev/full");
    Assumptions.assumeTrue(Files.exists(full), "skipped: there is no /dev/full");
    start((request, out) -> ScriptedServer.file(request, out, CONTENT));
    Files.createSymbolicLink(part(), full);

    assertThatThrownBy(() -> download(checked()))
        .isInstanceOf(FetchException.class)
        .hasMessage(
            target()
                + ": cannot be written: No space left on device. What came is kept: make room and"
                + " run this again.");
    assertThat(server.requests()).hasSize(1);
  }

  private void start(Script script) {
    server = new ScriptedServer(script);
  }

  private void download(KnownFile file) {
    download(file, Access.open("Maybe ask."));
  }

  private void download(KnownFile file, Access access) {
    PrintWriter out = new PrintWriter(notices, true);
    RemoteFile remote = new RemoteFile(file, server.uri("/data.bin"));
    Web web = new Web(Duration.ofSeconds(1));
    new Download(web, new Retries(pauses::add, out), out, remote, access, target()).run();
  }

  private static KnownFile checked() {
    return new KnownFile("data.bin", (long) CONTENT.length, Checksum.sha256(sha256(CONTENT)));
  }

  private static KnownFile unchecked() {
    return new KnownFile("data.bin", null, null);
  }

  private Path target() {
    return folder.resolve("data.bin");
  }

  private Path part() {
    return folder.resolve("data.bin.part");
  }

  private void writePart(byte[] bytes) throws IOException {
    Files.write(part(), bytes);
  }

  private List<String> names() {
    return Arrays.stream(folder.toFile().list()).sorted().toList();
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
