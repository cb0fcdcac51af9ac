package io.plumbline.simulator.latency;

import static io.plumbline.simulator.engine.Compatibility.STANDARD;
import static io.plumbline.simulator.engine.Compatibility.VIDUR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.learning.ModelNumbers;
import io.plumbline.simulator.learning.RandomForestSpec;
import io.plumbline.simulator.learning.TrainedModel;
import io.plumbline.simulator.learning.TrainingReport;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables of up to 256 tokens, 8 requests and chunks of 32 tokens; contexts in steps of 64. */
class TrainedTimesTest {
  private static final TableLimits LIMITS = new TableLimits(100, 8, 300);

  /** A model that is a formula; one feature is the first. */
  private record Formula(DoubleBinaryOperator ms) implements TrainedModel {
    private static final long serialVersionUID = 1;

    @Override
    public double predict(double x) {
      return ms.applyAsDouble(x, Double.NaN);
    }

    @Override
    public double predict(double x, double y) {
      return ms.applyAsDouble(x, y);
    }

    @Override
    public TrainingReport report() {
      throw new UnsupportedOperationException();
    }

    @Override
    public ModelNumbers numbers() {
      throw new UnsupportedOperationException();
    }
  }

  private static OperatorTimes times(Compatibility compatibility) {
    return times(compatibility, LIMITS);
  }

  private static OperatorTimes times(Compatibility compatibility, TableLimits limits) {
    Map<Operator, TrainedModel> models = new LinkedHashMap<>();
    models.put(TokenOperator.ADD, new Formula((tokens, none) -> 1 + tokens));
    models.put(TokenOperator.MLP_ACT, new Formula((tokens, none) -> tokens - 3));
    models.put(HostOperator.SCHEDULE, new Formula((requests, none) -> 10 + requests));
    models.put(AttentionOperator.DECODE, new Formula((requests, kv) -> 1000 * requests + kv));
    models.put(AttentionOperator.PREFILL, new Formula((kv, square) -> 1e6 * kv + square + 1));
    return spec(256, 8, 32).times(new TrainedOperators(models), limits, compatibility);
  }

  private static LearnedSpec spec(int requestTokens, int batchSize, int chunkTokens) {
    return new LearnedSpec(
        "root",
        null,
        RandomForestSpec.defaults(),
        requestTokens,
        batchSize,
        chunkTokens,
        64,
        0,
        0,
        0,
        0,
        HostOverhead.NONE);
  }

  @ParameterizedTest
  @EnumSource
  void insideTheTablesTheModelAnswers(Compatibility compatibility) {
    OperatorTimes times = times(compatibility);

    for (int tokens = 1; tokens <= 256; tokens++) {
      assertThat(times.tokenOperatorMs(TokenOperator.ADD, tokens)).isEqualTo(1 + tokens);
    }
    for (int requests = 1; requests <= 8; requests++) {
      assertThat(times.hostOperatorMs(HostOperator.SCHEDULE, requests)).isEqualTo(10 + requests);
      for (int kv = 0; kv <= 256; kv += 64) {
        assertThat(times.decodeAttentionMs(requests, kv)).isEqualTo(1000 * requests + kv);
      }
    }
    for (int chunk = 1; chunk <= 32; chunk++) {
      for (int kv = 0; kv <= 256; kv += 64) {
        assertThat(times.prefillAttentionMs(kv, chunk)).isEqualTo(1e6 * kv + chunk * chunk + 1);
      }
    }
  }

  @Test
  void anOperatorThatWasNotTrainedCostsNothing() {
    assertThat(times(STANDARD).tokenOperatorMs(TokenOperator.SEND_RECV, 1)).isZero();
    assertThat(times(VIDUR).tokenOperatorMs(TokenOperator.SEND_RECV, 1000)).isZero();
    assertThat(times(VIDUR).hostOperatorMs(HostOperator.RAY_COMM_TIME, 9)).isZero();
  }

  @Test
  void beyondTheTablesTheStandardTimeGrowsWithTheWork() {
    OperatorTimes times = times(STANDARD);

    // 257 ms at 256 tokens, 18 ms at 8 requests.
    assertThat(times.tokenOperatorMs(TokenOperator.ADD, 512)).isEqualTo(2 * 257);
    assertThat(times.hostOperatorMs(HostOperator.SCHEDULE, 12)).isEqualTo(1.5 * 18);
    // 8256 ms for 8 requests of 256 tokens, 4256 for 4.
    assertThat(times.decodeAttentionMs(16, 256)).isEqualTo(2 * 8256);
    assertThat(times.decodeAttentionMs(4, 512)).isEqualTo(2 * 4256);
    assertThat(times.decodeAttentionMs(16, 512)).isEqualTo(4 * 8256);
    assertThat(times.decodeAttentionMs(16, 0)).isEqualTo(2 * 8000);
    // 32 tokens after none are 512 pairs, 64 tokens 2048; the edge takes 1025 ms.
    assertThat(times.prefillAttentionMs(0, 64)).isEqualTo(4 * 1025);
    // 16 tokens after 256 are 4224 pairs, after 520 8448.
    assertThat(times.prefillAttentionMs(576, 16))
        .isCloseTo((256e6 + 257) * (16 * (576 + 8)) / 4224, within(1e-6));
    assertThat(times.prefillAttentionMs(512, 64))
        .isCloseTo((256e6 + 1025) * (64 * (512 + 32)) / (32 * (256 + 16)), within(1e-6));
  }

  @Test
  void beyondTheTablesVidurEndsTheRun() {
    OperatorTimes times = times(VIDUR);

    assertNoEntry(
        () -> times.tokenOperatorMs(TokenOperator.ADD, 257),
        "add has no entry for 257 tokens: it ends at 256",
        "prediction_max_request_tokens");
    assertNoEntry(
        () -> times.hostOperatorMs(HostOperator.SCHEDULE, 9),
        "schedule has no entry for 9 requests: it ends at 8",
        "prediction_max_batch_size");
    assertNoEntry(
        () -> times.decodeAttentionMs(9, 64),
        "attn_decode has no entry for 9 requests: it ends at 8",
        "prediction_max_batch_size");
    assertNoEntry(
        () -> times.decodeAttentionMs(8, 320),
        "attn_decode has no entry for 320 tokens of context: it ends at 256",
        "prediction_max_request_tokens");
    assertNoEntry(
        () -> times.prefillAttentionMs(320, 1),
        "attn_prefill has no entry for 320 tokens of context: it ends at 256",
        "prediction_max_request_tokens");
    assertNoEntry(
        () -> times.prefillAttentionMs(64, 33),
        "attn_prefill has no entry for 33 tokens of a chunk: it ends at 32",
        "prediction_max_chunk_tokens");
  }

  /** Orca's: 8 requests of 256 tokens. */
  @Test
  void vidurHasTokenTablesOfAWholeBatchForOrca() {
    OperatorTimes times = times(VIDUR, new TableLimits(100, 8, 300, true));

    assertThat(times.tokenOperatorMs(TokenOperator.ADD, 2048)).isEqualTo(2049);
    assertNoEntry(
        () -> times.tokenOperatorMs(TokenOperator.ADD, 2049),
        "add has no entry for 2049 tokens: it ends at 2048",
        "prediction_max_request_tokens");
  }

  @Test
  void aNegativeTimeIsVidursAlone() {
    assertThat(times(VIDUR).tokenOperatorMs(TokenOperator.MLP_ACT, 1)).isEqualTo(-2);
    assertThat(times(STANDARD).tokenOperatorMs(TokenOperator.MLP_ACT, 1)).isZero();
    assertThat(times(STANDARD).tokenOperatorMs(TokenOperator.MLP_ACT, 4)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 8, 32, predictionMaxRequestTokens (0) must be positive",
    "256, 0, 32, predictionMaxBatchSize (0) must be positive",
    "256, 8, -1, predictionMaxChunkTokens (-1) must be positive",
    "63, 8, 32, predictionMaxRequestTokens (63) must be at least kvGranularityTokens (64)",
  })
  void impossibleTablesAreRefused(int requestTokens, int batchSize, int chunk, String message) {
    assertThatThrownBy(() -> spec(requestTokens, batchSize, chunk))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static void assertNoEntry(ThrowingCallable action, String what, String option) {
    assertThatThrownBy(action)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the table of %s, and the original's run with it. Maybe raise %s, or let compatibility be standard.",
            what, option);
  }
}
