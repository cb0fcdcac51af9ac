package io.plumbline.files.fetch;

import static io.plumbline.files.Fixtures.assertBadInput;
import static io.plumbline.files.Fixtures.file;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.files.fetch.Bootstrap.Outcome;
import io.plumbline.files.fetch.FetchOptions.Action;
import io.plumbline.files.fetch.FetchOptions.Check;
import io.plumbline.files.fetch.FetchOptions.Effect;
import io.plumbline.files.fetch.ScriptedServer.Request;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reference as a user meets it: roots in the environment, links, messages, a hub. */
final class BootstrapTest {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  @TempDir Path temp;

  private final Map<String, String> variables = new TreeMap<>();

  /** What the hub has. */
  private final Map<String, String> offered = new TreeMap<>();

  private ScriptedServer hub;
  private Path home;
  private Path roots;
  private String out;
  private String notices;

  private Action action = Action.LINK;
  private Check check = Check.SIZE;
  private Effect effect = Effect.REAL;
  private List<String> only = List.of();
  private List<String> without = List.of();
  private String from;
  private boolean refused;

  @BeforeEach
  void startHub() throws IOException {
    hub = new ScriptedServer(this::answer);
    variables.put("HF_ENDPOINT", hub.origin());
    roots = Files.createDirectory(temp.resolve("roots"));
    home = temp.resolve("models/mine");
    file(
        home,
        "reference.yaml",
        "name: Mine",
        "kind: model",
        "licence: MIT",
        "folders: [Mine, me/mine]",
        "include: [config.json, 'w-{1..3}.bin', '*.py']",
        "exclude: [secret.py]",
        "sources:",
        "  - {kind: hugging_face, repository: me/mine, revision: " + COMMIT + "}",
        "  - {kind: model_scope, repository: me/mine}");
    for (String name : List.of("config.json", "w-1.bin", "w-2.bin", "w-3.bin", "code.py")) {
      offered.put(name, "content of " + name);
    }
    offered.put("secret.py", "not wanted");
    offered.put("other.txt", "not wanted");
  }

  @AfterEach
  void stopHub() {
    hub.close();
  }

  @Test
  void aFolderOfItsOwnRootComesBeforeOneOfTheExternalRoot() throws IOException {
    variables.put("GSIM_MODELS_ROOT", roots.resolve("own").toString());
    variables.put("EXTERNAL_REF_ROOT", roots.resolve("external").toString());
    Path plain = complete(roots.resolve("external/Mine"));
    assertThat(run()).isEqualTo(Outcome.DONE);
    assertThat(link()).isEqualTo(plain);
    assertThat(out).isEqualTo("Mine: linked, %s -> %s%n".formatted(linkPath(), plain));

    clean();
    Path models = complete(roots.resolve("external/models/me/mine"));
    run();
    assertThat(link()).isEqualTo(models);

    clean();
    Path own = complete(roots.resolve("own/me/mine"));
    run();
    assertThat(link()).isEqualTo(own);

    clean();
    Path first = complete(roots.resolve("own/Mine"));
    run();
    assertThat(link()).isEqualTo(first);
  }

  @Test
  void aSecondRunChangesNothing_andAsksNobody() throws IOException {
    variables.put("GSIM_MODELS_ROOT", roots.toString());
    Path mine = complete(roots.resolve("Mine"));
    action = Action.DOWNLOAD;
    run();

    assertThat(run()).isEqualTo(Outcome.DONE);
    assertThat(out).isEqualTo("Mine: present, %s -> %s%n".formatted(linkPath(), mine));
    assertThat(notices).isEmpty();
    assertThat(hub.requests()).isEmpty();
  }

  @Test
  void aLinkThatAUserMadeElsewhereIsKept() throws IOException {
    variables.put("GSIM_MODELS_ROOT", roots.toString());
    complete(roots.resolve("Mine"));
    Path elsewhere = complete(temp.resolve("elsewhere"));
    Files.createSymbolicLink(linkPath(), elsewhere);

    run();

    assertThat(link()).isEqualTo(elsewhere);
  }

  @Test
  void aLinkThatLeadsNowhereIsReplaced() throws IOException {
    variables.put("GSIM_MODELS_ROOT", roots.toString());
    Files.createSymbolicLink(linkPath(), temp.resolve("gone"));
    Path mine = complete(roots.resolve("Mine"));

    run();

    assertThat(link()).isEqualTo(mine);
  }

  @Test
  void aFolderInThePlaceOfTheLinkIsTakenAsItIs() throws IOException {
    complete(linkPath());

    assertThat(run()).isEqualTo(Outcome.DONE);
    assertThat(out).startsWith("Mine: present, ");
  }

  @Test
  void whatIsMissingIsNamed_withTheCommandThatBringsIt() throws IOException {
    variables.put("GSIM_MODELS_ROOT", roots.toString());
    Path mine = complete(roots.resolve("Mine"));
    Files.delete(mine.resolve("w-2.bin"));
    Files.delete(mine.resolve("code.py"));

    assertThat(run()).isEqualTo(Outcome.MISSING);
    assertThat(out).isEmpty();
    assertThat(notices)
        .isEqualTo(
            """
            Mine: incomplete in %s, missing or wrong:
              w-2.bin
              *.py (no such file)
              Maybe download it: %s/bootstrap.sh --download
            """
                .formatted(mine, home));
    assertThat(linkPath()).doesNotExist();
  }

  @Test
  void aWholeRangeThatIsMissingIsOneLine() throws IOException {
    variables.put("GSIM_MODELS_ROOT", roots.toString());
    Path mine = complete(roots.resolve("Mine"));
    for (int i = 1; i <= 3; i++) {
      Files.delete(mine.resolve("w-%d.bin".formatted(i)));
    }

    run();

    assertThat(notices).contains("\n  w-{1..3}.bin (3 files)\n");
  }

  @Test
  void withoutARootTheCommandSetsIt() {
    assertThat(run()).isEqualTo(Outcome.MISSING);
    assertThat(notices)
        .isEqualTo(
            """
            Mine: not found. Missing:
              config.json
              w-{1..3}.bin
              *.py
              GSIM_MODELS_ROOT and EXTERNAL_REF_ROOT are not set.
              Maybe download it: GSIM_MODELS_ROOT=DIR %s/bootstrap.sh --download
            """
                .formatted(home));
  }

  @Test
  void whereItWasLookedForIsNamed() {
    variables.put("GSIM_MODELS_ROOT", roots.toString());
    variables.put("EXTERNAL_REF_ROOT", "/ext");

    run();

    assertThat(notices)
        .contains(
            "  Looked for: %1$s/Mine, %1$s/me/mine, /ext/models/Mine, /ext/models/me/mine, /ext/Mine, /ext/me/mine\n"
                .formatted(roots));
  }

  @Test
  void theCommandAsksForTheSameAgain() {
    only = List.of("*.json", "it's");
    without = List.of("b");
    check = Check.CHECKSUM;
    from = "model_scope";

    run();

    assertThat(notices)
        .endsWith(
            "/bootstrap.sh --download --verify --from model_scope --include '*.json' --include 'it'\\''s' --exclude b\n");
  }

  @Test
  void aDownloadBringsWhatIsWanted_andLinksIt() {
    variables.put("GSIM_MODELS_ROOT", roots.toString());
    action = Action.DOWNLOAD;

    assertThat(run()).as(() -> notices).isEqualTo(Outcome.DONE);
    Path mine = roots.resolve("Mine");
    assertThat(link()).isEqualTo(mine);
    assertThat(mine.toFile().list())
        .containsExactlyInAnyOrder(
            ".plumbline-fetch.json", "config.json", "w-1.bin", "w-2.bin", "w-3.bin", "code.py");
    assertThat(mine.resolve("w-3.bin")).hasContent("content of w-3.bin");
    assertThat(notices)
        .startsWith(
            "5 of 5 files to download from Hugging Face, me/mine at %s to %s\ncode.py, 18 B\n"
                .formatted(COMMIT, mine));
    assertThat(out).isEqualTo("Mine: linked, %s -> %s%n".formatted(linkPath(), mine));
  }

  @Test
  void withoutItsOwnRootADownloadGoesBelowTheExternalOne() {
    variables.put("EXTERNAL_REF_ROOT", roots.toString());
    action = Action.DOWNLOAD;

    run();

    assertThat(link()).isEqualTo(roots.resolve("models/Mine"));
  }

  @Test
  void onlyWhatIsLackingIsDownloaded() throws IOException {
    variables.put("GSIM_MODELS_ROOT", roots.toString());
    Path mine = complete(roots.resolve("Mine"));
    Files.delete(mine.resolve("w-2.bin"));
    Files.writeString(mine.resolve("w-3.bin"), "cut");
    action = Action.DOWNLOAD;

    assertThat(run()).as(() -> notices).isEqualTo(Outcome.DONE);
    assertThat(notices).contains("2 of 5 files to download");
    assertThat(downloaded()).containsExactly("w-2.bin", "w-3.bin");
  }

  @Test
  void patternsOfTheCallNarrowIt() {
    variables.put("GSIM_MODELS_ROOT", roots.toString());
    action = Action.DOWNLOAD;
    only = List.of("w-*", "*.json");
    without = List.of("w-2.bin");

    assertThat(run()).as(() -> notices).isEqualTo(Outcome.DONE);
    assertThat(downloaded()).containsExactly("config.json", "w-1.bin", "w-3.bin");
  }

  @Test
  void patternsThatLeaveNothingAreAMistake() {
    only = List.of("*.safetensors");

    assertBadInput(
        this::run,
        "Mine: no file is left by --include and --exclude. It has: config.json, w-{1..3}.bin, *.py");
  }

  @Test
  void aPatternThatIsNoneIsAMistake() {
    without = List.of("a{2..1}");

    assertBadInput(
        this::run, "--exclude: pattern (a{2..1}) must count upwards, at most 10000 files");
  }

  @Test
  void aDownloadWithoutARootIsAMistake() {
    action = Action.DOWNLOAD;

    assertBadInput(
        this::run,
        "--download needs a folder to download to. Maybe: GSIM_MODELS_ROOT=DIR %s/bootstrap.sh --download"
            .formatted(home));
  }

  @Test
  void aSourceThatItDoesNotHaveIsAMistake() {
    variables.put("GSIM_MODELS_ROOT", roots.toString());
    action = Action.DOWNLOAD;
    from = "urls";

    assertBadInput(
        this::run, "--from (urls) is no source of Mine. Known: hugging_face, model_scope");
  }

  @Test
  void aFileThatTheHubLacksIsNamed() {
    variables.put("GSIM_MODELS_ROOT", roots.toString());
    offered.remove("w-2.bin");
    action = Action.DOWNLOAD;

    assertThat(run()).isEqualTo(Outcome.MISSING);
    assertThat(notices)
        .contains("Mine: Hugging Face, me/mine at " + COMMIT + " has no w-2.bin. Maybe leave it");
    assertThat(roots).isEmptyDirectory();
  }

  @Test
  void aHubThatRefusesIsNotTheOnlyOne() {
    variables.put("GSIM_MODELS_ROOT", roots.toString());
    variables.put("MODELSCOPE_ENDPOINT", hub.origin());
    action = Action.DOWNLOAD;
    only = List.of("*.json");
    refused = true;

    assertThat(run()).isEqualTo(Outcome.MISSING);
    assertThat(notices)
        .contains("Mine: " + hub.origin() + "/api/models/me/mine/tree/")
        .endsWith(
            "  Maybe from elsewhere: %s/bootstrap.sh --download --from model_scope --include '*.json'%n"
                .formatted(home));
    from = "model_scope";
    run();
    assertThat(notices).contains("--download --from hugging_face --include");
    action = Action.LINK;
    run();
    assertThat(notices).doesNotContain("elsewhere");
  }

  @Test
  void aHubCannotWriteOutsideOfTheFolder() throws IOException {
    Files.writeString(
        home.resolve("reference.yaml"),
        Files.readString(home.resolve("reference.yaml")).replace("'*.py'", "'**'"));
    variables.put("GSIM_MODELS_ROOT", roots.toString());
    offered.put("../../evil.py", "evil");
    action = Action.DOWNLOAD;

    assertThat(run()).isEqualTo(Outcome.MISSING);
    assertThat(notices).contains("the source names a file outside of");
    assertThat(roots).isEmptyDirectory();
  }

  @Test
  void aDiskThatIsTooSmallIsFoundBeforeAnythingIsDownloaded() {
    file(
        home,
        "reference.yaml",
        "name: Mine",
        "kind: dataset",
        "licence: MIT",
        "folders: [Mine]",
        "sources:",
        "  - kind: urls",
        "    files: [{path: x, url: '%s/x', size_bytes: 9000000000000000000}]"
            .formatted(hub.origin()));
    variables.put("GSIM_DATASETS_ROOT", roots.toString());
    action = Action.DOWNLOAD;

    assertThat(run()).isEqualTo(Outcome.MISSING);
    assertThat(notices)
        .startsWith("Mine: %s/Mine: 9000000 TB are needed, and the disk has ".formatted(roots));
    assertThat(hub.requests()).isEmpty();
  }

  @Test
  void checksumsOfADownloadAreKnownWithoutTheHub() throws IOException {
    variables.put("GSIM_MODELS_ROOT", roots.toString());
    action = Action.DOWNLOAD;
    run();
    int asked = hub.requests().size();
    Path weights = roots.resolve("Mine/w-1.bin");
    Files.writeString(weights, "Content of w-1.bin");
    action = Action.LINK;

    assertThat(run()).as("same size").isEqualTo(Outcome.DONE);
    check = Check.CHECKSUM;
    assertThat(run()).isEqualTo(Outcome.MISSING);
    assertThat(notices)
        .contains(
            "  w-1.bin (has sha256 %s, should have sha256 %s)\n"
                .formatted(sha256("Content of w-1.bin"), sha256("content of w-1.bin")));
    assertThat(hub.requests()).hasSize(asked);

    action = Action.DOWNLOAD;
    assertThat(run()).isEqualTo(Outcome.DONE);
    assertThat(weights).hasContent("content of w-1.bin");
  }

  @Test
  void checksumsOfOthersFilesAreAskedOfTheHub() throws IOException {
    variables.put("GSIM_MODELS_ROOT", roots.toString());
    Path mine = complete(roots.resolve("Mine"));
    check = Check.CHECKSUM;

    assertThat(run()).as(() -> notices).isEqualTo(Outcome.DONE);
    assertThat(hub.requests()).isNotEmpty();

    Files.writeString(mine.resolve("config.json"), "Content of config.json");
    assertThat(run()).isEqualTo(Outcome.MISSING);
    assertThat(notices).contains("config.json (has git_blob ");
  }

  @Test
  void aFileOfAnotherRevisionIsReplaced() {
    variables.put("GSIM_MODELS_ROOT", roots.toString());
    action = Action.DOWNLOAD;
    run();
    offered.put("w-1.bin", "CONTENT OF W-1.BIN");
    offered.put("w-9.py", "new");
    only = List.of("**");
    roots.resolve("Mine/w-2.bin").toFile().delete();

    assertThat(run()).as(() -> notices).isEqualTo(Outcome.DONE);
    assertThat(notices).contains("3 of 6 files to download");
    assertThat(roots.resolve("Mine/w-1.bin")).hasContent("CONTENT OF W-1.BIN");
  }

  @Test
  void aFileThatNobodyKnowsAChecksumOfIsNamed() {
    file(
        home,
        "reference.yaml",
        "name: Mine",
        "kind: dataset",
        "licence: MIT",
        "folders: [Mine]",
        "sources:",
        "  - {kind: urls, files: [{path: x, url: 'https://example.org/x'}]}");
    variables.put("EXTERNAL_REF_ROOT", roots.toString());
    file(roots.resolve("datasets/Mine"), "x", "1");
    check = Check.CHECKSUM;

    assertThat(run()).isEqualTo(Outcome.DONE);
    assertThat(notices).isEqualTo("Mine: no checksum is known of x%n".formatted());
  }

  @Test
  void cleanRemovesTheLink_andNothingElse() throws IOException {
    variables.put("GSIM_MODELS_ROOT", roots.toString());
    Path mine = complete(roots.resolve("Mine"));
    Files.writeString(mine.resolve("w-9.bin.part"), "half");
    run();

    action = Action.CLEAN;
    effect = Effect.DRY_RUN;
    assertThat(run()).isEqualTo(Outcome.DONE);
    assertThat(out).isEqualTo("Mine: would remove the link %s%n".formatted(linkPath()));
    assertThat(linkPath()).isSymbolicLink();

    effect = Effect.REAL;
    assertThat(run()).isEqualTo(Outcome.DONE);
    assertThat(out).isEqualTo("Mine: removed the link %s%n".formatted(linkPath()));
    assertThat(Files.exists(linkPath(), LinkOption.NOFOLLOW_LINKS)).isFalse();
    assertThat(mine.toFile().list())
        .containsExactlyInAnyOrder(
            "config.json", "w-1.bin", "w-2.bin", "w-3.bin", "code.py", "w-9.bin.part");

    assertThat(run()).isEqualTo(Outcome.DONE);
    assertThat(out).isEqualTo("Mine: no link to remove%n".formatted());
  }

  @Test
  void cleanLeavesAFolderAlone() throws IOException {
    complete(linkPath());
    action = Action.CLEAN;

    assertThat(run()).isEqualTo(Outcome.DONE);
    assertThat(out).isEqualTo("Mine: %s is not a link; left alone%n".formatted(linkPath()));
    assertThat(linkPath().resolve("config.json")).exists();
  }

  @Test
  void aFolderInThePlaceOfTheLinkIsNeverReplaced() throws IOException {
    variables.put("GSIM_MODELS_ROOT", roots.toString());
    Files.createDirectories(linkPath());
    action = Action.DOWNLOAD;

    assertThat(run()).isEqualTo(Outcome.MISSING);
    assertThat(notices)
        .isEqualTo(
            "Mine: %s is not a link, so it is left alone. Maybe move it away.%n"
                .formatted(linkPath()));
    assertThat(hub.requests()).isEmpty();

    complete(roots.resolve("Mine"));
    assertThat(run()).isEqualTo(Outcome.MISSING);
    assertThat(linkPath()).isEmptyDirectory();
  }

  @Test
  void aDryRunOnlySaysWhatItWouldDo() throws IOException {
    variables.put("GSIM_MODELS_ROOT", roots.toString());
    action = Action.DOWNLOAD;
    effect = Effect.DRY_RUN;
    without = List.of("w-2.bin");

    assertThat(run()).isEqualTo(Outcome.MISSING);
    assertThat(out)
        .isEqualTo(
            """
            Mine: would download from Hugging Face, me/mine at %s to %s/Mine:
              config.json
              w-1.bin, w-3.bin
            """
                .formatted(COMMIT, roots));

    Path mine = complete(roots.resolve("Mine"));
    assertThat(run()).isEqualTo(Outcome.DONE);
    assertThat(out).isEqualTo("Mine: would link, %s -> %s%n".formatted(linkPath(), mine));
    assertThat(linkPath()).doesNotExist();
    assertThat(hub.requests()).isEmpty();
  }

  private Outcome run() {
    StringWriter said = new StringWriter();
    StringWriter noted = new StringWriter();
    Bootstrap bootstrap =
        new Bootstrap(
            FetchEnvironment.of(variables),
            new FetchOptions(action, check, effect, only, without, from),
            new PrintWriter(said, true),
            new PrintWriter(noted, true),
            new Web(Duration.ofSeconds(5)),
            time -> {});
    try {
      return bootstrap.run(ReferenceFolder.find(home).get(0));
    } finally {
      out = said.toString();
      notices = noted.toString();
    }
  }

  private void clean() throws IOException {
    Files.delete(linkPath());
  }

  private Path linkPath() {
    return home.resolve("source-data");
  }

  private Path link() {
    try {
      return Files.readSymbolicLink(linkPath());
    } catch (IOException e) {
      throw new AssertionError("no link", e);
    }
  }

  private Path complete(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (String name : List.of("config.json", "w-1.bin", "w-2.bin", "w-3.bin", "code.py")) {
      Files.writeString(folder.resolve(name), offered.get(name));
    }
    return folder;
  }

  private List<String> downloaded() {
    String prefix = "/me/mine/resolve/" + COMMIT + "/";
    return hub.requests().stream()
        .map(Request::target)
        .filter(target -> target.startsWith(prefix))
        .map(target -> target.substring(prefix.length()))
        .toList();
  }

  private void answer(Request request, OutputStream to) throws IOException {
    if (refused) {
      ScriptedServer.reply(to, 403, "no");
      return;
    }
    if (request.target().startsWith("/api/")) {
      ScriptedServer.reply(
          to,
          200,
          offered.keySet().stream().map(this::entry).collect(Collectors.joining(",", "[", "]")));
      return;
    }
    String name = request.target().replace("/me/mine/resolve/" + COMMIT + "/", "");
    ScriptedServer.file(request, to, offered.get(name).getBytes(StandardCharsets.UTF_8));
  }

  /** Weights are large files in the eyes of the hub, the others are git's. */
  private String entry(String name) {
    String content = offered.get(name);
    String entry =
        "{\"type\": \"file\", \"path\": \"%s\", \"size\": %d, \"oid\": \"%s\""
            .formatted(
                name,
                content.length(),
                hash("SHA-1", "blob %d\0%s".formatted(content.length(), content)));
    return name.endsWith(".bin")
        ? entry + ", \"lfs\": {\"oid\": \"%s\"}}".formatted(sha256(content))
        : entry + "}";
  }

  private static String sha256(String text) {
    return hash("SHA-256", text);
  }

  private static String hash(String algorithm, String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
