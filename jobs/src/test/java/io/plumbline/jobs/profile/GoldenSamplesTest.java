package io.plumbline.jobs.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.files.card.ModelCards;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.card.HardwareCards;
import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.hardware.Parallelism;
import io.plumbline.simulator.latency.AttentionOperator;
import io.plumbline.simulator.latency.HostOverhead;
import io.plumbline.simulator.latency.Operator;
import io.plumbline.simulator.latency.OperatorProfile;
import io.plumbline.simulator.latency.ProfileFiles;
import io.plumbline.simulator.latency.ProfileQuery;
import io.plumbline.simulator.learning.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the original Vidur trained on, recorded row by row, against what is read here. */
class GoldenSamplesTest {
  private static final Path HOME = Path.of(System.getProperty("plumbline.home"));
  private static final Path SHARED = HOME.resolve(Path.of("..", "shared")).normalize();
  private static final HardwareCards CARDS = new HardwareCards(HOME.resolve("models"));

  /** Columns of features, in the order in which samples have them. */
  private static final List<String> FEATURES =
      List.of("num_tokens", "batch_size", "kv_cache_size", "prefill_chunk_size_squared");

  @ParameterizedTest
  @CsvSource({
    "rf250_llama2-70b_nvlink_pp2, meta-llama/Llama-2-70b-hf, a100_pairwise_nvlink, 2, NONE, 14",
    "rf250_codellama_nvlink_pp4_multinode, codellama/CodeLlama-34b-Instruct-hf, a100_pairwise_nvlink, 4, NONE, 14",
    "rf250_codellama_nvlink_pp1_cpu, codellama/CodeLlama-34b-Instruct-hf, a100_pairwise_nvlink, 1, PROFILED, 18",
    "rf250_llama3-70b_dgx_pp4, meta-llama/Meta-Llama-3-70B, a100_dgx, 4, NONE, 14",
  })
  void samplesAreTheRowsThatTheOriginalTrainedOn(
      String set, String model, String node, int pipeline, HostOverhead host, int operators)
      throws IOException {
    Path train = SHARED.resolve(Path.of("golden", "vidur", "tables", set, "train"));
    assumeTrue(Files.isDirectory(train), () -> "skipped: no recorded rows at " + train);
    Deployment deployment =
        new Deployment(
            ModelCards.load(HOME.resolve("models"), model),
            CARDS.device("a100").sku(DataType.FLOAT16),
            CARDS.node(node).sku(),
            new Parallelism(2, pipeline),
            DataType.FLOAT16);

    OperatorProfile profile =
        new VidurProfiles(new PathResolver(SHARED, HOME, SHARED.resolve("extern")), CARDS, 16)
            .profile(
                new ProfileQuery("vidur/data/profiling", ProfileFiles.defaults(), host),
                deployment);

    assertThat(profile.samples().get(AttentionOperator.PREFILL).rows()).isEqualTo(4395);
    assertThat(profile.samples().get(AttentionOperator.DECODE).rows()).isEqualTo(10234);
    assertThat(profile.operators()).hasSize(operators);
    try (Stream<Path> files = Files.list(train)) {
      assertThat(files).hasSize(operators);
    }
    for (Operator operator : profile.operators()) {
      assertRows(
          profile.samples().get(operator), train.resolve(operator.profileName() + ".csv.gz"));
    }
  }

  private static void assertRows(Samples samples, Path file) {
    Map<Integer, List<Double>> columns = new TreeMap<>();
    List<Double> targets = new ArrayList<>();
    new CsvTable(file, "target")
        .forEach(
            row -> {
              targets.add(row.number("target"));
              for (int i = 0; i < FEATURES.size(); i++) {
                if (row.has(FEATURES.get(i))) {
                  columns
                      .computeIfAbsent(i, unused -> new ArrayList<>())
                      .add(row.number(FEATURES.get(i)));
                }
              }
            });
    List<double[]> features = columns.values().stream().map(GoldenSamplesTest::doubles).toList();
    // Thousands of rows: say which, do not print them all.
    assertThat(samples.features().length).as("%s", file).isEqualTo(features.size());
    assertThat(Arrays.mismatch(samples.targets(), doubles(targets))).as("%s", file).isEqualTo(-1);
    for (int f = 0; f < features.size(); f++) {
      assertThat(Arrays.mismatch(samples.features()[f], features.get(f)))
          .as("%s feature %d", file, f)
          .isEqualTo(-1);
    }
  }

  private static double[] doubles(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
