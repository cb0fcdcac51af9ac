package io.plumbline.jobs.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.files.BadInputException;
import io.plumbline.files.card.ModelCards;
import io.plumbline.jobs.TinyProfile;
import io.plumbline.jobs.card.HardwareCards;
import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.hardware.Parallelism;
import io.plumbline.simulator.latency.AttentionOperator;
import io.plumbline.simulator.latency.HostOverhead;
import io.plumbline.simulator.latency.LearnedSpec;
import io.plumbline.simulator.latency.Operator;
import io.plumbline.simulator.latency.OperatorProfile;
import io.plumbline.simulator.latency.OperatorTimes;
import io.plumbline.simulator.latency.TableLimits;
import io.plumbline.simulator.latency.TokenOperator;
import io.plumbline.simulator.learning.ForestDraws;
import io.plumbline.simulator.learning.LearnerSpec;
import io.plumbline.simulator.learning.PolynomialSpec;
import io.plumbline.simulator.learning.RandomForestSpec;
import io.plumbline.simulator.learning.Samples;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TrainedTablesTest {
  private static final Path MODELS = Path.of(System.getProperty("plumbline.home"), "models");
  private static final LearnerSpec SMALL_FOREST =
      new RandomForestSpec(List.of(3), List.of(4), List.of(2), 2, 1, ForestDraws.OWN);

  @Test
  void tablesAreTheSameWhateverTheNumberOfThreads() {
    TrainedTables one = train(1);
    TrainedTables three = train(3);

    assertThat(one.operators().stream().map(TrainedOperator::operator))
        .containsExactly("mlp_act", "add", "attn_prefill", "attn_decode");
    assertThat(three.operators().stream().map(TrainedOperator::modelId))
        .containsExactlyElementsOf(one.operators().stream().map(TrainedOperator::modelId).toList());
    OperatorTimes expected = one.times();
    OperatorTimes times = three.times();
    for (int size = 1; size <= 16; size++) {
      assertThat(times.tokenOperatorMs(TokenOperator.ADD, size))
          .isEqualTo(expected.tokenOperatorMs(TokenOperator.ADD, size));
      assertThat(times.decodeAttentionMs(size, 64)).isEqualTo(expected.decodeAttentionMs(size, 64));
      assertThat(times.prefillAttentionMs(64, size))
          .isEqualTo(expected.prefillAttentionMs(64, size));
    }
    assertThat(times.tokenOperatorMs(TokenOperator.ADD, 1))
        .isNotEqualTo(times.tokenOperatorMs(TokenOperator.MLP_ACT, 1));
  }

  private static TrainedTables train(int threads) {
    LearnedSpec spec =
        new LearnedSpec("none", null, SMALL_FOREST, 64, 16, 16, 64, 0, 0, 0, 0, HostOverhead.NONE);
    return TrainedTables.train(
        spec, deployment(), profile(1), new TableLimits(64, 16, 64), Compatibility.VIDUR, threads);
  }

  @Test
  void whatWasTrainedSaysHowWellAndAtWhichPrice() {
    TrainedTables tables = train(1);

    TrainedOperator decode = tables.operators().get(3);
    assertThat(decode.report().rows()).isEqualTo(12);
    assertThat(decode.report().parameters()).containsEntry("estimators", "3");
    assertThat(decode.model()).isEqualTo(TinyProfile.MODEL);
    assertThat(decode.device()).isEqualTo("a100-80gb");
    assertThat(decode.tensorParallel()).isEqualTo(1);
    assertThat(decode.cpuSeconds()).isPositive();
    assertThat(decode.summary())
        .matches(
            "attn_decode: 12 rows, .*estimators 3.*; error [0-9.]+% on rows held out, [0-9.]+% on all; [0-9.]+ s CPU");
    assertThat(tables.cpuSeconds())
        .isEqualTo(tables.operators().stream().mapToDouble(TrainedOperator::cpuSeconds).sum());
  }

  @Test
  void whateverChangesAModelChangesItsId() {
    Set<String> ids = new LinkedHashSet<>();
    ids.addAll(ids(profile(1), SMALL_FOREST));
    // mlp_act and the attention have the same measurements, but not the same names.
    assertThat(ids).hasSize(4);
    ids.addAll(ids(profile(1), PolynomialSpec.defaults()));
    assertThat(ids).hasSize(8);
    // One row of add differs.
    ids.addAll(ids(profile(2), SMALL_FOREST));
    assertThat(ids).hasSize(9);
    ids.addAll(ids(profile(2), SMALL_FOREST));
    assertThat(ids).hasSize(9).allMatch(id -> id.matches("m[0-9a-f]{16}"));
  }

  private static List<String> ids(OperatorProfile profile, LearnerSpec learner) {
    return OperatorTraining.of(profile, learner, deployment()).stream()
        .map(OperatorTraining::modelId)
        .toList();
  }

  @Test
  void measurementsThatCannotBeLearnedAreNamed() {
    Samples one = new Samples(new double[][] {{1}}, new double[] {1});
    OperatorTraining training =
        new OperatorTraining("m0", "add", one, SMALL_FOREST, 0, deployment());

    assertThatThrownBy(training::run)
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("cannot learn add of plumbline/tiny on a100-80gb: rows (1) ");
  }

  private static OperatorProfile profile(double firstAddMs) {
    Map<Operator, Samples> samples = new LinkedHashMap<>();
    samples.put(TokenOperator.ADD, samples(firstAddMs, 1));
    samples.put(TokenOperator.MLP_ACT, samples(30, 1));
    samples.put(AttentionOperator.PREFILL, samples(30, 2));
    samples.put(AttentionOperator.DECODE, samples(30, 2));
    return new OperatorProfile(samples);
  }

  private static Samples samples(double firstMs, int features) {
    double[][] points = new double[features][12];
    double[] ms = new double[12];
    for (int row = 0; row < 12; row++) {
      points[features - 1][row] = 64.0 * (row / 4);
      points[0][row] = row;
      ms[row] = row == 0 ? firstMs : 1 + row + row / 4;
    }
    return new Samples(points, ms);
  }

  private static Deployment deployment() {
    HardwareCards cards = new HardwareCards(MODELS);
    return new Deployment(
        ModelCards.load(MODELS, TinyProfile.MODEL),
        cards.device("a100").sku(DataType.FLOAT16),
        cards.node("single").sku(),
        new Parallelism(1, 1),
        DataType.FLOAT16);
  }
}
