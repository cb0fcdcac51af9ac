package io.plumbline.files.fetch;

import static io.plumbline.files.Fixtures.home;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.files.card.ModelCards;
import io.plumbline.trace.model.ModelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the repository itself says in models/ and datasets/. */
final class RepositoryReferencesTest {
  private static final Path MODELS = home().resolve("models");
  private static final Path DATASETS = home().resolve("datasets");
  private static final Pattern ROW = Pattern.compile("\\| ([^|]+) \\| ([^|]+) \\|");

  static Stream<Path> models() {
    return folders(MODELS);
  }

  static Stream<Path> all() {
    return Stream.concat(models(), folders(DATASETS));
  }

  private static Stream<Path> folders(Path parent) {
    return ReferenceFolder.find(parent).stream().map(ReferenceFolder::folder);
  }

  @Test
  void thereAreTheseReferences() {
    assertThat(all().map(folder -> folder.getFileName().toString()))
        .containsExactly(
            "internlm-20b",
            "llama-2-70b",
            "llama-2-7b",
            "qwen-72b",
            "qwen3-0.6b",
            "arxiv-summarization",
            "azure-llm-2023",
            "azure-llm-2024",
            "coco2017",
            "sharegpt");
  }

  @ParameterizedTest
  @MethodSource("all")
  void eachHasTheSameScript_andStatesItsLicence(Path folder) throws IOException {
    Path script = folder.resolve("bootstrap.sh");
    assertThat(script).isExecutable();
    assertThat(script).hasSameTextualContentAs(MODELS.resolve("llama-2-7b/bootstrap.sh"));
    Reference reference = reference(folder);
    assertThat(reference.kind())
        .isEqualTo(folder.startsWith(MODELS) ? AssetKind.MODEL : AssetKind.DATASET);
    assertThat(Files.readString(folder.resolve("README.md")))
        .startsWith("# " + reference.name() + "\n")
        .contains(reference.licence());
    assertThat(Files.readString(folder.resolveSibling("README.md")))
        .contains("](" + folder.getFileName() + ")");
  }

  @Test
  void theTwoScriptsForAllAreThere() {
    for (Path folder : List.of(MODELS, DATASETS)) {
      assertThat(folder.resolve("bootstrap.sh")).isExecutable();
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void theReadmeOfAModelAgreesWithItsCard(Path folder) throws IOException {
    Map<String, String> rows = rows(folder.resolve("README.md"));
    Path card = MODELS.resolve(folder.getFileName() + ".json");
    ModelSpec model = ModelCards.load(MODELS, card.toString());
    String parameters = rows.get("Parameters").replace(" billion", "");

    assertThat(rows)
        .containsEntry("Paper name", reference(folder).name())
        .containsEntry(
            "Hugging Face", "[%1$s](https://huggingface.co/%1$s)".formatted(model.name()))
        .containsEntry(
            "Card", "[%1$s.json](../%1$s.json)".formatted(folder.getFileName().toString()))
        .containsEntry("Layers", String.valueOf(model.layers()))
        .containsEntry("Embedding", String.valueOf(model.hiddenSize()))
        .containsEntry("Attention heads", String.valueOf(model.queryHeads()))
        .containsEntry("Key and value heads", String.valueOf(model.kvHeads()))
        .containsEntry(
            "Attention", model.kvHeads() == model.queryHeads() ? "multi-head" : "grouped-query")
        .containsEntry("Licence", reference(folder).licence());
    // Norms and biases are in the published number and not in the shape; two decimals are given.
    assertThat(Double.parseDouble(parameters))
        .isCloseTo(model.parameters() / 1e9, within(0.006 + 0.001 * model.parameters() / 1e9));
    assertThat(Files.readString(MODELS.resolve("README.md")))
        .contains("| `%s` | %s billion |".formatted(model.name(), parameters));
  }

  @ParameterizedTest
  @MethodSource("models")
  void bothHubsHaveTheModelOfTheCard(Path folder) {
    String name = ModelCards.load(MODELS, folder + ".json").name();
    List<String> repositories =
        reference(folder).sources().stream()
            .map(
                source ->
                    source instanceof HuggingFaceSpec hub
                        ? hub.repository()
                        : ((ModelScopeSpec) source).repository())
            .toList();
    assertThat(repositories).containsExactly(name, name);
    assertThat(reference(folder).folders()).contains(name);
  }

  /** The manifest and the reference speak of one file. */
  @Test
  void theArxivFileIsThatOfTheManifest() throws IOException {
    KnownFile file = reference(DATASETS.resolve("arxiv-summarization")).knownFiles().get(0);
    assertThat(Files.readString(DATASETS.resolve("MANIFEST.csv")))
        .contains(file.path() + ",microsoft/vidur,7d47513," + file.checksum().hex());
  }

  private static Reference reference(Path folder) {
    return ReferenceFolder.find(folder).get(0).reference();
  }

  private static Map<String, String> rows(Path readme) throws IOException {
    Map<String, String> rows = new LinkedHashMap<>();
    for (String line : Files.readAllLines(readme)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        rows.put(row.group(1), row.group(2));
      }
    }
    return rows;
  }
}
