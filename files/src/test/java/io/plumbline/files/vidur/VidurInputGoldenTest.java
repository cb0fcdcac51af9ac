package io.plumbline.files.vidur;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.files.Fixtures;
import io.plumbline.files.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Setups of recorded runs of Vidur, where they lie beside the checkout. */
class VidurInputGoldenTest {
  /** What the records name in their own way: where things lie, and what Vidur looked up. */
  private static final List<String> ELSEWHERE =
      List.of(
          "trace_file",
          "attention_input_file",
          "output_dir",
          "cache_dir",
          "world_size",
          "max_tokens",
          "model_config",
          "device_config",
          "node_config");

  @TestFactory
  List<DynamicTest> theCommandOfEveryCaseMeansTheConfigurationThatVidurWrote() throws IOException {
    try (Stream<Path> folders = Files.list(Fixtures.shared("golden/vidur"))) {
      return folders
          .filter(folder -> Files.exists(folder.resolve("config.json")))
          .sorted()
          .map(
              folder ->
                  DynamicTest.dynamicTest(folder.getFileName().toString(), () -> check(folder)))
          .toList();
    }
  }

  private static void check(Path folder) {
    VidurConfig written = VidurInput.read(folder.resolve("config.json")).config();
    VidurConfig commanded = VidurInput.read(folder.resolve("cmd.txt")).config();
    assertThat(withoutPlaces(commanded)).isEqualTo(withoutPlaces(written));
    assertThat(commanded.requestGeneratorConfig().longestRequestTokens())
        .isEqualTo(written.requestGeneratorConfig().longestRequestTokens());
    assertThat(written.clusterConfig().replicaConfig().modelConfig()).isNotNull();
    assertThat(commanded.clusterConfig().replicaConfig().modelConfig()).isNull();
  }

  private static JsonNode withoutPlaces(VidurConfig config) {
    JsonNode tree = Json.parseTree("config", Json.write(config));
    for (String key : ELSEWHERE) {
      tree.findParents(key).forEach(node -> ((ObjectNode) node).remove(key));
    }
    return tree;
  }
}
