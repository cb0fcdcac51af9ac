package io.plumbline.trace.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WorkloadTest {
  private static final PromptBlocks BLOCKS = new PromptBlocks(16, new long[] {11, 12});

  private static Workload of(Request... requests) {
    return new Workload(List.of(requests));
  }

  @Test
  void theSameContentHasTheSameId() {
    Workload left = of(new Request(0, 5, 40, 2, BLOCKS, 1, "s"), new Request(1, 5, 8, 9));
    PromptBlocks copy = new PromptBlocks(16, new long[] {11, 12});
    Workload right = of(new Request(0, 5, 40, 2, copy, 1, "s"), new Request(1, 5, 8, 9));
    assertThat(left.workloadId()).isEqualTo(right.workloadId()).matches("w[0-9a-f]{16}");
    assertThat(left).isEqualTo(right).hasSameHashCodeAs(right);
  }

  @Test
  void everyFieldOfARequestChangesTheId() {
    Map<String, Request> variants = new TreeMap<>();
    variants.put("as it is", new Request(0, 5, 40, 2, BLOCKS, 1, "s"));
    variants.put("arrival", new Request(0, 6, 40, 2, BLOCKS, 1, "s"));
    variants.put("prompt", new Request(0, 5, 41, 2, BLOCKS, 1, "s"));
    variants.put("output", new Request(0, 5, 40, 3, BLOCKS, 1, "s"));
    variants.put("no blocks", new Request(0, 5, 40, 2, null, 1, "s"));
    variants.put("zero blocks", new Request(0, 5, 40, 2, blocks(16), 1, "s"));
    variants.put("block size", new Request(0, 5, 40, 2, blocks(8, 11, 12), 1, "s"));
    variants.put("fewer blocks", new Request(0, 5, 40, 2, blocks(16, 11), 1, "s"));
    variants.put("other block", new Request(0, 5, 40, 2, blocks(16, 11, 13), 1, "s"));
    variants.put("priority", new Request(0, 5, 40, 2, BLOCKS, 2, "s"));
    variants.put("no priority", new Request(0, 5, 40, 2, BLOCKS, null, "s"));
    variants.put("session", new Request(0, 5, 40, 2, BLOCKS, 1, "t"));
    variants.put("no session", new Request(0, 5, 40, 2, BLOCKS, 1, null));
    variants.put("empty session", new Request(0, 5, 40, 2, BLOCKS, 1, ""));
    Map<String, String> nameOfId = new TreeMap<>();
    variants.forEach(
        (name, request) ->
            assertThat(nameOfId.put(of(request).workloadId(), name))
                .as("%s has the same id", name)
                .isNull());
  }

  private static PromptBlocks blocks(int blockTokens, long... hashes) {
    return new PromptBlocks(blockTokens, hashes);
  }

  @Test
  void oneMoreRequestChangesTheId() {
    Request first = new Request(0, 0, 1, 1);
    assertThat(of(first).workloadId())
        .isNotEqualTo(of(first, new Request(1, 0, 1, 1)).workloadId());
  }

  @Test
  void equalArrivalsAreInOrder() {
    assertThat(of(new Request(0, 7, 1, 1), new Request(1, 7, 1, 1)).size()).isEqualTo(2);
  }

  @Test
  void arrivalsThatFallAreRefused() {
    assertThatThrownBy(() -> of(new Request(0, 9, 1, 1), new Request(1, 8, 1, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Request (1) arrives at 8 ns, before its predecessor at 9 ns."
                + " Maybe sort the requests by arrival.");
  }

  @Test
  void idsMustBePositions() {
    assertThatThrownBy(() -> of(new Request(0, 0, 1, 1), new Request(2, 0, 1, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Request id (2) at position 1: ids must be 0, 1, 2, … in order");
  }

  @Test
  void anEmptyWorkloadIsRefused() {
    assertThatThrownBy(WorkloadTest::of)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a workload needs at least one request");
  }

  @Test
  void theListIsCopied() {
    List<Request> mutable = new ArrayList<>(List.of(new Request(0, 0, 1, 1)));
    Workload workload = new Workload(mutable);
    mutable.clear();
    assertThat(workload.requests()).containsExactly(new Request(0, 0, 1, 1));
  }

  @Test
  void theLongestContextIsPromptAndOutputOfOneRequest() {
    // 10 + 5 = 15 and 2 + 12 = 14: the longest prompt and the longest output are not one request's.
    assertThat(of(new Request(0, 0, 10, 5), new Request(1, 0, 2, 12)).maxTotalTokens())
        .isEqualTo(15);
  }

  @Test
  void anotherPaceStretchesTheTimeBetweenArrivalsAndNothingElse() {
    // Three arrivals in 4 s: 2 / 4 s = 0.5/s. At 2/s they take 1 s.
    Workload slow =
        of(
            new Request(0, 1_000_000_000, 40, 2, BLOCKS, 1, "s"),
            new Request(1, 2_000_000_000, 8, 9),
            new Request(2, 5_000_000_000L, 8, 9));
    assertThat(slow.requestsPerSecond()).isEqualTo(0.5);

    Workload fast = slow.paced(2);

    assertThat(fast.requestsPerSecond()).isEqualTo(2);
    assertThat(fast)
        .isEqualTo(
            of(
                new Request(0, 1_000_000_000, 40, 2, BLOCKS, 1, "s"),
                new Request(1, 1_250_000_000, 8, 9),
                new Request(2, 2_000_000_000, 8, 9)));
    assertThat(fast.paced(0.5)).isEqualTo(slow);
  }

  @Test
  void requestsThatArriveAtOnceHaveNoRate() {
    assertThatThrownBy(() -> of(new Request(0, 5, 1, 1), new Request(1, 5, 1, 1)).paced(1))
        .hasMessage(
            "the requests of the workload (2) arrive all at once, so they have no rate. Maybe give it arrivals over time.");
    assertThatThrownBy(() -> of(new Request(0, 5, 1, 1), new Request(1, 6, 1, 1)).paced(0))
        .hasMessage("requestsPerSecond (0.0) must be positive");
  }
}
