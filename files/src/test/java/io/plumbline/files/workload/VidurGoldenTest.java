package io.plumbline.files.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.files.Fixtures;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.RecordBinder;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.TokenLengths;
import io.plumbline.trace.workload.vidur.VidurRequests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The requests that Vidur itself generated, where they lie beside the checkout. */
final class VidurGoldenTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TestFactory
  List<DynamicTest> everyRequestOfEveryCaseIsEqualToTheLastBit() throws IOException {
    Path golden = Fixtures.shared("golden/vidur");
    Path extern = Fixtures.shared("extern/vidur");
    try (Stream<Path> folders = Files.list(golden)) {
      return folders
          .filter(folder -> Files.exists(folder.resolve("requests.csv")))
          .sorted()
          .map(
              folder ->
                  DynamicTest.dynamicTest(
                      folder.getFileName().toString(), () -> check(folder, extern)))
          .toList();
    }
  }

  private static void check(Path folder, Path extern) throws IOException {
    JsonNode config = JSON.readTree(folder.resolve("config.json").toFile());
    VidurSource source = source(config);
    PathResolver paths = new PathResolver(extern, folder.resolve("../../..").normalize(), null);
    VidurRequests requests = source.requests(paths);
    List<Double> arrivals = new ArrayList<>();
    List<TokenLengths.Pair> lengths = new ArrayList<>();
    new CsvTable(folder.resolve("requests.csv"))
        .forEach(
            row -> {
              arrivals.add(row.seconds("arrived_at"));
              lengths.add(
                  new TokenLengths.Pair(
                      row.integer("num_prefill_tokens", 1), row.integer("num_decode_tokens", 1)));
            });
    assertThat(Arrays.stream(requests.arrivalSeconds()).boxed())
        .containsExactlyElementsOf(arrivals);
    assertThat(requests.workload().requests().stream().map(VidurGoldenTest::lengths))
        .containsExactlyElementsOf(lengths);
  }

  private static TokenLengths.Pair lengths(Request request) {
    return new TokenLengths.Pair(request.promptTokens(), request.outputTokens());
  }

  /** The configuration as one of ours: names are moved, values are kept. */
  private static VidurSource source(JsonNode config) {
    ObjectNode generator = config.get("request_generator_config").deepCopy();
    if (generator.get("name").textValue().equals("trace_replay")) {
      generator.put("kind", "vidur_replay");
      generator.set("seed", config.get("seed"));
      generator.set("file", generator.remove("trace_file"));
      generator.remove("name");
    } else {
      generator.put("kind", "vidur");
      generator.set("arrivals", kind(generator.remove("interval_generator_config")));
      generator.set("lengths", kind(generator.remove("length_generator_config")));
      generator.remove(List.of("name", "max_tokens"));
    }
    return (VidurSource)
        RecordBinder.bind(ConfNode.parse("config", generator.toString()), WorkloadSource.class);
  }

  private static ObjectNode kind(JsonNode config) {
    ObjectNode renamed = config.deepCopy();
    String kind = renamed.remove("name").textValue();
    renamed.put("kind", kind);
    if (renamed.has("trace_file")) {
      renamed.set("file", renamed.remove("trace_file"));
    }
    renamed.remove("scramble");
    if (kind.equals("fixed")) {
      renamed.remove("max_tokens");
    }
    if ((!renamed.has("file") && !kind.equals("zipf")) || renamed.has("start_time")) {
      renamed.remove("seed");
    }
    return renamed;
  }
}
