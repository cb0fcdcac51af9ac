package io.plumbline.simulator.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.trace.workload.Request;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VllmV1SpecTest {

  private static VllmV1Spec spec(
      int seqs, int tokens, Boolean async, CudagraphMode mode, List<Integer> sizes) {
    return new VllmV1Spec(
        seqs, tokens, 0, true, VllmV1Policy.FCFS, true, true, async, null, mode, sizes, false);
  }

  @Test
  void impossibleOptionsAreRefused() {
    assertThatThrownBy(() -> spec(0, 8, null, CudagraphMode.NONE, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxNumSeqs (0) must be positive");
    assertThatThrownBy(() -> spec(9, 8, null, CudagraphMode.NONE, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxNumBatchedTokens (8) must be at least maxNumSeqs (9)");
    assertThatThrownBy(() -> spec(8, 8, null, CudagraphMode.NONE, List.of(4, 4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cudagraphCaptureSizes ([4, 4]) must be positive and rise");
    assertThatThrownBy(() -> spec(8, 8, true, CudagraphMode.NONE, null).requireCanRun(2, 16))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("asyncScheduling needs one pipeline stage, not 2. Maybe leave it out.");
  }

  @Test
  void asyncSchedulingIsOnWhereNobodySaysOtherwiseAndThereIsOneStage() {
    VllmV1Spec defaults = VllmV1Spec.defaults();
    assertThat(defaults.overlapsHost(1)).isTrue();
    assertThat(defaults.overlapsHost(2)).isFalse();
    assertThat(spec(8, 8, false, CudagraphMode.NONE, null).overlapsHost(1)).isFalse();
  }

  @Test
  void theSeriesOfCaptureSizesIsVllms() {
    // As a vLLM 0.19 with max_num_seqs 256 wrote down: 1, 2, 4, 8, 16, ..., 256, 272, ..., 512.
    List<Integer> expected = new ArrayList<>(List.of(1, 2, 4));
    for (int size = 8; size <= 256; size += 8) {
      expected.add(size);
    }
    for (int size = 272; size <= 512; size += 16) {
      expected.add(size);
    }
    assertThat(spec(256, 2048, null, CudagraphMode.FULL, null).captureSizes()).isEqualTo(expected);
    assertThat(spec(4, 6, null, CudagraphMode.FULL, null).captureSizes()).containsExactly(1, 2, 4);
  }

  @ParameterizedTest
  @CsvSource({
    // 10 requests at most: whole graphs of decodes up to 8, others up to 16.
    "FULL_AND_PIECEWISE, 3, 1, FULL, 4",
    "FULL_AND_PIECEWISE, 9, 1, PIECEWISE, 16",
    "FULL_AND_PIECEWISE, 2, 5, PIECEWISE, 16",
    "FULL_AND_PIECEWISE, 2, 9, NONE, 18",
    "FULL_DECODE_ONLY, 3, 1, FULL, 4",
    "FULL_DECODE_ONLY, 2, 2, NONE, 4",
    "FULL_DECODE_ONLY, 9, 1, NONE, 9",
    "FULL, 2, 5, FULL, 16",
    "FULL, 9, 1, FULL, 16",
    "PIECEWISE, 3, 1, PIECEWISE, 4",
    "NONE, 3, 1, NONE, 3",
  })
  void aBatchIsPaddedToTheNextGraphThatFits(
      CudagraphMode mode, int requests, int tokensEach, GraphMode graph, int padded) {
    Batch batch = new Batch(requests);
    for (int id = 0; id < requests; id++) {
      batch.add(new RequestProgress(new Request(id, 0, 9, 9), 0), tokensEach);
    }
    new CapturedGraphs(mode, List.of(1, 2, 4, 8, 16), 10).launch(batch);
    assertThat(batch.graph()).isEqualTo(graph);
    assertThat(batch.paddedTokens()).isEqualTo(padded);
  }
}
