package io.plumbline.files.fetch;

import static io.plumbline.files.Fixtures.assertBadInput;
import static io.plumbline.files.Fixtures.file;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReferenceFolderTest {
  @TempDir Path folder;

  @Test
  void aFolderIsOneReference_orHoldsThem() {
    for (String name : new String[] {"b", "a"}) {
      reference(folder.resolve(name), "url: https://example.org/x");
    }
    file(folder.resolve("other"), "card.json", "{}");

    assertThat(ReferenceFolder.find(folder))
        .extracting(ReferenceFolder::folder)
        .containsExactly(folder.resolve("a"), folder.resolve("b"));
    assertThat(ReferenceFolder.find(folder.resolve("b"))).hasSize(1);
  }

  @Test
  void aFolderWithoutAReferenceIsNamed() {
    assertBadInput(
        () -> ReferenceFolder.find(folder),
        "neither %s nor a folder in it has a reference.yaml. Maybe: models/qwen3-0.6b"
            .formatted(folder));
    assertBadInput(
        () -> ReferenceFolder.find(folder.resolve("none")),
        "no such folder: " + folder.resolve("none"));
  }

  @Test
  void plainHttpNeedsAChecksum() {
    Path yaml = reference(folder, "url: http://example.org/x");
    assertBadInput(
        () -> ReferenceFolder.find(folder),
        "1 problem in %s:\n  %s:8: sources[0].files[0]: sha256 must be given, since url (http://example.org/x) is without TLS"
            .formatted(yaml, yaml));
  }

  @Test
  void everyMistakeIsNamedAtItsPlace() {
    Path yaml =
        file(
            folder,
            "reference.yaml",
            "name: Mine",
            "kind: modell",
            "licence: MIT",
            "folders: [../mine]",
            "sources:",
            "  - kind: hugging_face",
            "    repository: mine",
            "  - kind: url");
    assertBadInput(
        () -> ReferenceFolder.find(folder),
        """
        3 problems in %1$s:
          %1$s:2: kind: expected one of model, dataset, found modell. Maybe: model
          %1$s:7: sources[0].repository: repository (mine) must be owner/name
          %1$s:8: sources[1].kind: unknown kind (url). Maybe: urls"""
            .formatted(yaml));
  }

  @Test
  void aFolderOutsideOfTheRootIsRefused() {
    Path yaml =
        file(
            folder,
            "reference.yaml",
            "name: Mine",
            "kind: model",
            "licence: MIT",
            "folders: [mine, ../other]",
            "include: [config.json]",
            "sources:",
            "  - kind: hugging_face",
            "    repository: me/it");
    assertBadInput(
        () -> ReferenceFolder.find(folder),
        "1 problem in %s:\n  %s:4: folders: folders (../other) must be below a root: no .. and no / at the start"
            .formatted(yaml, yaml));
  }

  @Test
  void anEndpointThatIsNoAddressIsNamed() {
    assertBadInput(
        () -> FetchEnvironment.of(Map.of("HF_ENDPOINT", "hub.example.org")),
        "HF_ENDPOINT (hub.example.org) is no address. Maybe: https://huggingface.co");
  }

  private static Path reference(Path folder, String url) {
    return file(
        folder,
        "reference.yaml",
        "name: Mine",
        "kind: dataset",
        "licence: MIT",
        "folders: [mine]",
        "sources:",
        "  - kind: urls",
        "    files:",
        "      - path: x",
        "        " + url);
  }
}
