package io.plumbline.files.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.files.fetch.ScriptedServer.Script;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Lists of files in the forms of the two hubs. */
final class HubsTest {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final String SHA256 = "a".repeat(64);
  private static final String BLOB = "b".repeat(40);

  private final Map<String, String> variables = new TreeMap<>();
  private ScriptedServer server;

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void aBranchOfHuggingFaceIsPinned_andAllPagesAreRead() {
    start(
        (request, out) -> {
          switch (request.target()) {
            case "/api/models/me/it/revision/refs%2Fpr%2F1" ->
                ScriptedServer.reply(out, 200, "{\"sha\": \"%s\"}".formatted(COMMIT));
            case "/api/models/me/it/tree/" + COMMIT + "?recursive=true" ->
                ScriptedServer.reply(
                    out,
                    200,
                    "[{\"type\": \"directory\", \"path\": \"sub\", \"oid\": \"%s\"}, {\"type\": \"file\", \"path\": \"sub/a b.json\", \"size\": 3, \"oid\": \"%s\"}]"
                        .formatted(BLOB, BLOB),
                    "Link: <" + server.uri("/next?cursor=x") + ">; rel=\"next\"");
            case "/next?cursor=x" ->
                ScriptedServer.reply(
                    out,
                    200,
                    "[{\"type\": \"file\", \"path\": \"w.bin\", \"size\": 5, \"oid\": \"%s\", \"lfs\": {\"oid\": \"%s\", \"size\": 5, \"pointerSize\": 9}}]"
                        .formatted(BLOB, SHA256));
            default -> ScriptedServer.reply(out, 404, "");
          }
        });

    Listing listing = new HuggingFaceSpec("me/it", "refs/pr/1").list(hubs(), AssetKind.MODEL);

    assertThat(listing.revision()).isEqualTo(COMMIT);
    assertThat(listing.files())
        .containsExactly(
            new RemoteFile(
                new KnownFile("sub/a b.json", 3L, Checksum.gitBlob(BLOB)),
                server.uri("/me/it/resolve/" + COMMIT + "/sub/a%20b.json")),
            new RemoteFile(
                new KnownFile("w.bin", 5L, Checksum.sha256(SHA256)),
                server.uri("/me/it/resolve/" + COMMIT + "/w.bin")));
  }

  @Test
  void aDatasetOfHuggingFaceHasItsOwnAddresses_andACommitIsTakenAsItIs() {
    start((request, out) -> ScriptedServer.reply(out, 200, "[{\"type\":\"file\",\"path\":\"a\"}]"));

    Listing listing = new HuggingFaceSpec("me/it", COMMIT).list(hubs(), AssetKind.DATASET);

    assertThat(targets()).containsExactly("/api/datasets/me/it/tree/" + COMMIT + "?recursive=true");
    assertThat(listing.files())
        .containsExactly(
            new RemoteFile(
                new KnownFile("a", null, null),
                server.uri("/datasets/me/it/resolve/" + COMMIT + "/a")));
  }

  @Test
  void theTokenIsSent() {
    start((request, out) -> ScriptedServer.reply(out, 200, "[]"));
    variables.put("HF_TOKEN", " secret ");

    new HuggingFaceSpec("me/it", COMMIT).list(hubs(), AssetKind.MODEL);

    assertThat(server.headers("Authorization")).containsExactly("Bearer secret");
    assertThat(FetchEnvironment.of(variables).toString()).doesNotContain("secret");
  }

  @Test
  void aGatedRepositorySaysWhereItsLicenceAndTheTokenAre() {
    start((request, out) -> ScriptedServer.reply(out, 401, ""));
    HuggingFaceSpec gated = new HuggingFaceSpec("me/it", COMMIT);

    assertThatThrownBy(() -> gated.list(hubs(), AssetKind.MODEL))
        .hasMessageEndingWith(
            "the server answered 401: no access. Maybe accept the licence at %s/me/it, then set HF_TOKEN to a token from %s/settings/tokens; or there is no such repository."
                .formatted(server.origin(), server.origin()));
    variables.put("HF_TOKEN", "secret");
    assertThatThrownBy(() -> gated.list(hubs(), AssetKind.MODEL))
        .hasMessageEndingWith(
            "Maybe accept the licence at %s/me/it with the account of HF_TOKEN, or take a new token from %s/settings/tokens; or there is no such repository."
                .formatted(server.origin(), server.origin()))
        .hasMessageNotContaining("secret");
  }

  @Test
  void modelScopeIsRead() {
    start(
        (request, out) ->
            ScriptedServer.reply(
                out,
                200,
                "{\"Success\": true, \"Data\": {\"Files\": [{\"Type\": \"tree\", \"Path\": \"sub\", \"Size\": 0}, {\"Type\": \"blob\", \"Path\": \"sub/a.json\", \"Size\": 3, \"Sha256\": \"%s\"}]}}"
                    .formatted(SHA256)));
    variables.put("MODELSCOPE_API_TOKEN", "secret");

    Listing listing = new ModelScopeSpec("me/it", "master").list(hubs(), AssetKind.MODEL);

    assertThat(targets())
        .containsExactly("/api/v1/models/me/it/repo/files?Revision=master&Recursive=true");
    assertThat(server.headers("Authorization")).containsExactly("Bearer secret");
    assertThat(server.headers("Cookie")).containsExactly("m_session_id=secret");
    assertThat(listing.files())
        .containsExactly(
            new RemoteFile(
                new KnownFile("sub/a.json", 3L, Checksum.sha256(SHA256)),
                server.uri("/api/v1/models/me/it/repo?Revision=master&FilePath=sub%2Fa.json")));
  }

  @Test
  void whatModelScopeComplainsOfIsPassedOn() {
    start(
        (request, out) ->
            ScriptedServer.reply(out, 200, "{\"Success\": false, \"Message\": \"no such model\"}"));

    assertThatThrownBy(() -> new ModelScopeSpec("me/it", "master").list(hubs(), AssetKind.MODEL))
        .isInstanceOf(FetchException.class)
        .hasMessageEndingWith("ModelScope said: no such model");
  }

  @Test
  void aPageForPeopleIsNoAnswer() {
    start((request, out) -> ScriptedServer.reply(out, 200, "<html>Sign in</html>"));

    assertThatThrownBy(() -> new HuggingFaceSpec("me/it", COMMIT).list(hubs(), AssetKind.MODEL))
        .isInstanceOf(FetchException.class)
        .hasMessageEndingWith("the answer is not JSON");
  }

  @Test
  void aListThatFailsIsAskedForAgain() {
    start(
        (request, out) ->
            ScriptedServer.reply(out, server.requests().size() == 1 ? 502 : 200, "[]"));

    assertThat(new HuggingFaceSpec("me/it", COMMIT).list(hubs(), AssetKind.MODEL).files())
        .isEmpty();
    assertThat(server.requests()).hasSize(2);
  }

  private void start(Script script) {
    server = new ScriptedServer(script);
    variables.put("HF_ENDPOINT", server.origin() + "/");
    variables.put("MODELSCOPE_ENDPOINT", server.origin());
  }

  private Hubs hubs() {
    Retries retries = new Retries(time -> {}, new PrintWriter(Writer.nullWriter()));
    return new Hubs(FetchEnvironment.of(variables), new Web(Duration.ofSeconds(5)), retries);
  }

  private List<String> targets() {
    return server.requests().stream().map(ScriptedServer.Request::target).toList();
  }
}
