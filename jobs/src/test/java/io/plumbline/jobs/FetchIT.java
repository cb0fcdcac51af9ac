package io.plumbline.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.plumbline.jobs.UserShell.Outcome;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The scripts of models/ and datasets/ as a user calls them, on a copy of the two folders. */
@DisabledOnOs(OS.WINDOWS)
class FetchIT {
  private static final byte[] WEIGHTS = new byte[1_000_000];

  static {
    Arrays.fill(WEIGHTS, (byte) 7);
  }

  @TempDir Path temp;

  private UserShell shell;
  private Map<String, String> environment;
  private HttpServer hub;
  private Path home;
  private final List<String> ranges = new CopyOnWriteArrayList<>();
  private final CountDownLatch halfSent = new CountDownLatch(1);
  private final CountDownLatch testOver = new CountDownLatch(1);

  /** Whether the hub stops in the middle of the weights. */
  private volatile boolean stalls;

  @BeforeEach
  void openShell() throws IOException {
    shell = new UserShell(temp);
    environment = shell.environment;
    for (String root : List.of("GSIM_MODELS_ROOT", "GSIM_DATASETS_ROOT", "EXTERNAL_REF_ROOT")) {
      environment.put(root, "");
    }
    for (String name : List.of("HF_TOKEN", "MODELSCOPE_API_TOKEN", "MODELSCOPE_ENDPOINT")) {
      environment.put(name, "");
    }
    hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    hub.setExecutor(Executors.newCachedThreadPool());
    hub.createContext("/", this::answer);
    hub.start();
    environment.put("HF_ENDPOINT", "http://127.0.0.1:" + hub.getAddress().getPort());
    home = copyOfTheHouse();
  }

  @AfterEach
  void closeShell() throws IOException {
    testOver.countDown();
    hub.stop(0);
    shell.close();
  }

  @Test
  void theScriptForAllNamesEveryModel_andTheCommandsThatBringThem() throws Exception {
    Outcome outcome = shell.run(home.resolve("models/bootstrap.sh"));

    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    for (String model :
        List.of("internlm-20b", "llama-2-70b", "llama-2-7b", "qwen-72b", "qwen3-0.6b")) {
      assertThat(outcome.err())
          .contains(
              "Maybe download it: GSIM_MODELS_ROOT=DIR %s/models/%s/bootstrap.sh --download\n"
                  .formatted(home, model));
    }
    assertThat(outcome.err()).contains("\n  model-{00001..00082}-of-00082.safetensors\n");
  }

  @Test
  void dataOnThisMachineIsLinked_andOnlyTheLinkIsRemoved() throws Exception {
    String name = "arxiv_summarization_stats_llama2_tokenizer_filtered_v2.csv";
    Path traces = Files.createDirectories(temp.resolve("ext/vidur/data/processed_traces"));
    Files.write(traces.resolve(name), new byte[884_932]);
    environment.put("EXTERNAL_REF_ROOT", temp.resolve("ext").toString());
    Path link = home.resolve("datasets/arxiv-summarization/source-data");

    Outcome linked = shell.run(link.resolveSibling("bootstrap.sh"));
    assertThat(linked.err()).isEmpty();
    assertThat(linked.exitCode()).isZero();
    assertThat(Files.readSymbolicLink(link)).isEqualTo(traces);

    Outcome all = shell.run(home.resolve("datasets/bootstrap.sh"));
    assertThat(all.out())
        .isEqualTo("arXiv summarisation: present, %s -> %s\n".formatted(link, traces));
    assertThat(all.exitCode()).as("four others are missing").isEqualTo(1);

    Outcome wrong = shell.run(link.resolveSibling("bootstrap.sh"), "--verify");
    assertThat(wrong.err()).contains(name + " (has sha256 ", ", should have sha256 9d35");
    assertThat(wrong.exitCode()).isEqualTo(1);

    Outcome cleaned = shell.run(home.resolve("datasets/bootstrap.sh"), "--clean");
    assertThat(cleaned.exitCode()).isZero();
    assertThat(link).doesNotExist();
    assertThat(traces.resolve(name)).hasSize(884_932);
  }

  /** Killed in the middle of a file, as by Ctrl-C, it goes on where it was. */
  @Test
  void aDownloadThatWasKilledGoesOn() throws Exception {
    Path models = temp.resolve("my models");
    environment.put("GSIM_MODELS_ROOT", models.toString());
    Path script = home.resolve("models/qwen3-0.6b/bootstrap.sh");
    Path part = models.resolve("Qwen3-0.6B/model.safetensors.part");
    stalls = true;
    Process download = shell.start(script, "--download");
    assertThat(halfSent.await(2, TimeUnit.MINUTES)).as("the hub was asked").isTrue();
    waitFor(() -> Files.exists(part) && Files.size(part) == WEIGHTS.length / 2);
    download.destroy();
    assertThat(download.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(part).hasSize(WEIGHTS.length / 2);

    stalls = false;
    Outcome outcome = shell.run(script, "--download");

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(ranges).containsExactly("null", "bytes=500000-");
    Path link = script.resolveSibling("source-data");
    assertThat(link.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    assertThat(link.resolve("config.json")).hasContent("{}");
    assertThat(part).doesNotExist();

    Outcome again = shell.run(script, "--download", "--verify");
    assertThat(again.out()).startsWith("Qwen3-0.6B: present, ");
    assertThat(again.err()).isEmpty();
    assertThat(again.exitCode()).isZero();
    assertThat(ranges).hasSize(2);
  }

  @Test
  void wrongUseIsExitCodeTwo() throws Exception {
    Outcome both = shell.run(home.resolve("models/bootstrap.sh"), "--clean", "--download");
    assertThat(both.exitCode()).isEqualTo(2);
    assertThat(both.err()).contains("mutually exclusive");

    Outcome noRoot = shell.run(home.resolve("models/qwen3-0.6b/bootstrap.sh"), "--download");
    assertThat(noRoot.exitCode()).isEqualTo(2);
    assertThat(noRoot.err())
        .isEqualTo(
            "--download needs a folder to download to. Maybe: GSIM_MODELS_ROOT=DIR %s/models/qwen3-0.6b/bootstrap.sh --download\n"
                .formatted(home));
  }

  /** So that a test leaves the links of whoever runs it alone. */
  private Path copyOfTheHouse() throws IOException {
    Path copy = Files.createDirectory(temp.resolve("house"));
    for (String folder : List.of("models", "datasets")) {
      try (Stream<Path> files = Files.walk(UserShell.HOME.resolve(folder), 2)) {
        for (Path file :
            files.filter(f -> f.toString().matches(".*/(bootstrap.sh|reference.yaml)")).toList()) {
          Path to = copy.resolve(UserShell.HOME.relativize(file));
          Files.createDirectories(to.getParent());
          Files.copy(file, to);
          assertThat(to.toFile().setExecutable(true)).isTrue();
        }
      }
    }
    Files.createSymbolicLink(copy.resolve("plumbline"), UserShell.HOME.resolve("plumbline"));
    return copy;
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void waitFor(Condition condition) throws Exception {
    for (int i = 0; i < 600 && !condition.holds(); i++) {
      Thread.sleep(100);
    }
    assertThat(condition.holds()).isTrue();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      byte[] content = path.endsWith("/model.safetensors") ? WEIGHTS : "{}\n".getBytes(UTF_8);
      if (path.startsWith("/api/models/Qwen/Qwen3-0.6B/tree/")) {
        byte[] listing = listing().getBytes(UTF_8);
        exchange.sendResponseHeaders(200, listing.length);
        exchange.getResponseBody().write(listing);
        return;
      }
      String range = exchange.getRequestHeaders().getFirst("Range");
      int from = range == null ? 0 : Integer.parseInt(range.replaceAll("[^0-9]", ""));
      if (content == WEIGHTS) {
        ranges.add(String.valueOf(range));
      }
      if (range != null) {
        exchange
            .getResponseHeaders()
            .set(
                "Content-Range",
                "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
      }
      exchange.sendResponseHeaders(range == null ? 200 : 206, content.length - from);
      send(exchange.getResponseBody(), content, from);
    }
  }

  private void send(OutputStream body, byte[] content, int from) throws IOException {
    if (content != WEIGHTS || !stalls) {
      body.write(content, from, content.length - from);
      return;
    }
    body.write(content, 0, content.length / 2);
    body.flush();
    halfSent.countDown();
    try {
      testOver.await(2, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String listing() {
    // printf '{}\\n' | git hash-object --stdin
    String blob = "0967ef424bce6791893e9a57bb952f80fd536e93";
    StringBuilder files = new StringBuilder();
    for (String name :
        List.of(
            "config.json",
            "generation_config.json",
            "merges.txt",
            "tokenizer.json",
            "tokenizer_config.json",
            "vocab.json")) {
      files.append(
          "{\"type\": \"file\", \"path\": \"%s\", \"size\": 3, \"oid\": \"%s\"},"
              .formatted(name, blob));
    }
    return "[%s{\"type\": \"file\", \"path\": \"model.safetensors\", \"size\": %d, \"lfs\": {\"oid\": \"%s\"}}]"
        .formatted(files, WEIGHTS.length, sha256(WEIGHTS));
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
