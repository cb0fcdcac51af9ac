package io.plumbline.jobs.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.files.card.ModelCards;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.card.HardwareCards;
import io.plumbline.jobs.profile.DumpedTables;
import io.plumbline.jobs.profile.VidurProfiles;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.hardware.Parallelism;
import io.plumbline.simulator.latency.HostOverhead;
import io.plumbline.simulator.latency.LearnedSpec;
import io.plumbline.simulator.latency.OperatorProfile;
import io.plumbline.simulator.latency.OperatorTimes;
import io.plumbline.simulator.latency.TableLimits;
import io.plumbline.simulator.latency.TokenOperator;
import io.plumbline.simulator.learning.PolynomialSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/**
 * Tables learned here against those that the original learned from the same files. Polynomials,
 * because these involve no chance.
 */
class GoldenTablesTest {
  private static final Path HOME = Path.of(System.getProperty("plumbline.home"));
  private static final Path SHARED = HOME.resolve(Path.of("..", "shared")).normalize();

  /** High powers of unscaled sizes are badly conditioned: a few digits differ between libraries. */
  private static final double NEARLY = 1e-3;

  @Test
  void everyTableIsNearlyTheOriginals() {
    Path recorded = SHARED.resolve("golden/vidur/tables/lr_codellama_nvlink_pp2");
    assumeTrue(Files.isDirectory(recorded), () -> "skipped: no recorded tables at " + recorded);
    HardwareCards cards = new HardwareCards(HOME.resolve("models"));
    Deployment deployment =
        new Deployment(
            ModelCards.load(HOME.resolve("models"), "codellama/CodeLlama-34b-Instruct-hf"),
            cards.device("a100").sku(DataType.FLOAT16),
            cards.node("a100_pairwise_nvlink").sku(),
            new Parallelism(2, 2),
            DataType.FLOAT16);
    LearnedSpec defaults = LearnedSpec.defaults();
    LearnedSpec spec =
        new LearnedSpec(
            defaults.root(),
            null,
            PolynomialSpec.defaults(),
            4096,
            128,
            4096,
            64,
            0.1,
            0.1,
            0.02,
            0,
            HostOverhead.NONE);
    OperatorProfile profile =
        new VidurProfiles(new PathResolver(SHARED, HOME, SHARED.resolve("extern")), cards, 16)
            .profile(spec.profileQuery(), deployment);

    OperatorTimes learned =
        TrainedTables.train(
                spec, deployment, profile, new TableLimits(0, 0, 0), Compatibility.VIDUR, 2)
            .times();

    OperatorTimes original = DumpedTables.read(recorded);
    for (TokenOperator operator : TokenOperator.values()) {
      if (operator != TokenOperator.ATTN_KV_CACHE_SAVE) {
        double[] differences = new double[4096];
        Arrays.setAll(
            differences,
            i ->
                difference(
                    learned.tokenOperatorMs(operator, i + 1),
                    original.tokenOperatorMs(operator, i + 1)));
        assertThat(mean(differences)).as(operator.profileName()).isLessThan(NEARLY);
      }
    }
    assertThat(learned.tokenOperatorMs(TokenOperator.ATTN_KV_CACHE_SAVE, 100)).isZero();
    DoubleStream.Builder decode = DoubleStream.builder();
    DoubleStream.Builder prefill = DoubleStream.builder();
    for (int kv = 0; kv <= 4096; kv += 64) {
      for (int size = 1; size <= 128; size++) {
        decode.add(
            difference(learned.decodeAttentionMs(size, kv), original.decodeAttentionMs(size, kv)));
      }
      for (int chunk = 64; chunk <= 4096; chunk += 32) {
        prefill.add(
            difference(
                learned.prefillAttentionMs(kv, chunk), original.prefillAttentionMs(kv, chunk)));
      }
    }
    assertThat(mean(decode.build().toArray())).as("attn_decode").isLessThan(NEARLY);
    // Of polynomials that do equally well here, the original's search chose another.
    assertThat(mean(prefill.build().toArray())).as("attn_prefill").isLessThan(0.2);
  }

  private static double difference(double ms, double expectedMs) {
    return Math.abs(ms - expectedMs) / Math.max(Math.abs(expectedMs), 1e-3);
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }
}
