package io.plumbline.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.files.run.RunFolder;
import io.plumbline.files.workload.TraceFiles;
import io.plumbline.reference.openai.Script;
import io.plumbline.reference.openai.TimedServer;
import io.plumbline.trace.run.RequestAttempt;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RunManifest;
import io.plumbline.trace.workload.PromptBlocks;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command against a server: what goes in, what comes out, and what it refuses. */
class EndpointRunTest {
  private static final long MILLI = 1_000_000;
  private static final int REFUSED_TOKENS = 77;
  private static final Workload WORKLOAD =
      new Workload(
          List.of(
              new Request(0, 0, 32, 3, new PromptBlocks(16, new long[] {5, 6}), 1, "chat"),
              new Request(1, 5 * MILLI, REFUSED_TOKENS, 3),
              new Request(2, 10 * MILLI, 40, 2)));

  @TempDir Path folder;
  private Path spec;
  private Path out;

  @BeforeEach
  void writeWorkload() {
    spec = folder.resolve("engine.yaml");
    out = folder.resolve("run");
    TraceFiles.writeFolder(folder.resolve("workload"), WORKLOAD);
  }

  @Test
  void aRun_isAFolderLikeAnyOther_withWhatTheClientSaw() throws IOException {
    try (TimedServer server = new TimedServer(EndpointRunTest::answer)) {
      writeSpec(server, "model: " + TimedServer.MODEL, "device: NVIDIA H100", "warmup_requests: 0");

      assertThat(run()).isZero();

      RunFolder.LoadedRun run = RunFolder.read(out);
      assertThat(run.workload()).isEqualTo(WORKLOAD);
      assertThat(run.trace().count(RequestOutcome.COMPLETED)).isEqualTo(2);
      assertThat(run.trace().count(RequestOutcome.REJECTED)).isEqualTo(1);
      assertThat(run.trace().tokens().tokens(0)).isEqualTo(3);
      assertThat(run.trace().attempts())
          .extracting(RequestAttempt::error)
          .containsExactly(null, "HTTP 429: busy", null);
      RunManifest manifest = run.manifest();
      assertThat(manifest.engine()).isEqualTo("openai-endpoint");
      assertThat(manifest.device()).isEqualTo("NVIDIA H100");
      assertThat(manifest.model()).isEqualTo("plumbline/tiny");
      assertThat(manifest.specJson())
          .startsWith("{\"engine\":{\"kind\":\"openai\",\"url\":\"http://");
      assertThat(manifest.software())
          .containsEntry("clock", "client")
          .containsEntry("warmup_requests", "0")
          .containsEntry("repeat", "2");
    }
  }

  private static Script answer(TimedServer.Received request) {
    return request.body().get("prompt").size() == REFUSED_TOKENS
        ? Script.json(429, "busy")
        : Script.tokens(request, MILLI, MILLI, true);
  }

  @Test
  void whatTheServerDoesNotHave_endsWith2BeforeTheRun() throws IOException {
    try (TimedServer server = new TimedServer(EndpointRunTest::answer)) {
      writeSpec(server, "model: no-such-model");
      assertThat(run()).isEqualTo(2);
      writeSpec(server, "api_key_env: NO_SUCH_KEY_HERE");
      assertThat(run()).isEqualTo(2);

      assertThat(server.exchanged()).isEmpty();
      writeSpec(server, "model: " + TimedServer.MODEL);
    }
    // Now it is gone.
    assertThat(run()).isEqualTo(2);
    assertThat(out).doesNotExist();
  }

  private void writeSpec(TimedServer server, String... options) throws IOException {
    Files.writeString(
        spec, "kind: openai\nurl: %s\n%s\n".formatted(server.base(), String.join("\n", options)));
  }

  private int run() {
    return ReferenceRun.execute(
        "--spec", spec.toString(),
        "--model", Path.of(System.getProperty("plumbline.home"), "models", "tiny.json").toString(),
        "--workload", folder.resolve("workload").toString(),
        "--repeat", "2",
        "--out", out.toString());
  }
}
