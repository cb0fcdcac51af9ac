package io.plumbline.jobs.vidur;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.files.Json;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.files.vidur.VidurInput;
import io.plumbline.simulator.cluster.RandomSpec;
import io.plumbline.simulator.cluster.RequestRouter;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.kvcache.MemoryPlan;
import io.plumbline.trace.random.PythonRandom;
import io.plumbline.trace.workload.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Setups of recorded runs of Vidur, where they lie beside the checkout. */
class VidurSetupGoldenTest {
  private static final Path HOME = Path.of(System.getProperty("plumbline.home"));
  private static final Path SHARED = HOME.resolve("../shared").toAbsolutePath().normalize();
  private static final Path GOLDEN = SHARED.resolve("golden/vidur");

  @TestFactory
  List<DynamicTest> everySetupGivesTheRequestsAndTheMemoryThatVidurHad() throws IOException {
    assumeTrue(Files.isDirectory(GOLDEN), "skipped: there is no " + GOLDEN);
    try (Stream<Path> folders = Files.list(GOLDEN)) {
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
    Path file = folder.resolve("config.json");
    VidurInput input = VidurInput.read(file);
    VidurPaths paths = new VidurPaths(file, HOME, SHARED.resolve("extern"));
    // A fork's A30 has no card, so there is no roofline of it.
    boolean hasCard = input.config().clusterConfig().replicaConfig().device().equals("a100");
    PredictorChoice predictor = hasCard ? PredictorChoice.ROOFLINE : PredictorChoice.PROFILED;
    VidurSimulation generated = VidurSetup.of(input, predictor, paths).simulation();
    VidurSimulation recorded =
        VidurSetup.replaying(folder.resolve("requests.csv"), input, predictor, paths).simulation();

    assertThat(generated.spec().compatibility()).isEqualTo(Compatibility.VIDUR);
    assertThat(recorded.spec().router()).isEqualTo(generated.spec().router());
    if (generated.spec().router() instanceof RandomSpec random) {
      assertGoesOn(random, generated.requests().python());
    }
    List<Double> arrivals = new ArrayList<>();
    List<String> lengths = new ArrayList<>();
    new CsvTable(folder.resolve("requests.csv"))
        .forEach(
            row -> {
              arrivals.add(row.seconds("arrived_at"));
              lengths.add(
                  row.integer("num_prefill_tokens", 1) + " " + row.integer("num_decode_tokens", 1));
            });
    for (VidurSimulation simulation : List.of(generated, recorded)) {
      assertThat(simulation.arrivalSeconds())
          .containsExactly(arrivals.stream().mapToDouble(Double::doubleValue).toArray());
      assertThat(simulation.workload().requests().stream().map(VidurSetupGoldenTest::lengths))
          .containsExactlyElementsOf(lengths);
      MemoryPlan plan =
          MemoryPlan.of(
              simulation.spec().deployment(),
              simulation.spec().kvCache(),
              simulation.spec().kvCache().maxRequestTokens(),
              Compatibility.VIDUR);
      assertThat(plan.blocks())
          .isEqualTo(Json.readTree(folder.resolve("summary.json")).get("num_blocks").intValue());
    }
  }

  /** The router draws what follows in the stream that the requests were drawn from. */
  private static void assertGoesOn(RandomSpec spec, PythonRandom stream) {
    RequestRouter router = spec.create(7, Compatibility.VIDUR);
    for (int i = 0; i < 100; i++) {
      assertThat(router.route(null, null)).isEqualTo(stream.randint(1, 7) - 1);
    }
  }

  private static String lengths(Request request) {
    return request.promptTokens() + " " + request.outputTokens();
  }
}
