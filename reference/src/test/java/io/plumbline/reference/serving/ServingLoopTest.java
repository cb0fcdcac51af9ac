package io.plumbline.reference.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.reference.replay.RunCounts;
import io.plumbline.trace.run.IterationTiming;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.workload.Request;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ServingLoopTest {
  private static final int BLOCK_TOKENS = 4;

  private List<ServedRequest> served;
  private FakeModel model;

  @Test
  void decodesRunBesideTheChunksOfAPrompt_andArrivalsComeInBetweenIterations() {
    // Budget 6. Request 0 (4 + 3 tokens) arrives at 5, request 1 (9 + 1) at 20 while 0 runs.
    // 5: 0 prefills 4 tokens: 3 + 40 + 2 = 45 ns, until 50: its first token.
    // 50: 0 decodes, 1 gets 5 of 9: 3 + 60 + 2, until 115.
    // 115: 0 decodes, 1 gets the other 4: 3 + 50 + 2, until 170: 0 ends, 1 has its only token.
    List<IterationTiming> iterations =
        serve(new SarathiSpec(6, 8), 8, request(0, 5, 4, 3), request(1, 20, 9, 1));

    assertThat(iterations)
        .containsExactly(
            iteration(0, 5, 4, 1, 4, 0, 1),
            iteration(1, 50, 6, 2, 5, 1, 5),
            iteration(2, 115, 5, 2, 4, 1, 5));
    assertThat(times(0)).containsExactly(5L, 50L, 170L);
    assertThat(times(1)).containsExactly(50L, 170L, 170L);
    assertThat(served.get(0).tokenNanos()).containsExactly(50, 115, 170);
    // 50 - 20: what request 1 waited for the iteration that was running.
    assertThat(served.get(1).completed().queueingNanos()).isEqualTo(30);
  }

  @Test
  void anIdleEngine_startsWhenTheNextRequestArrives() {
    List<IterationTiming> iterations =
        serve(SarathiSpec.defaults(), 8, request(0, 0, 1, 1), request(1, 1000, 1, 1));

    assertThat(iterations).extracting(IterationTiming::startNanos).containsExactly(0L, 1000L);
  }

  @Test
  void maxBatchSize_isTheMostRequestsInFlight() {
    serve(
        new SarathiSpec(100, 2), 9, request(0, 0, 2, 2), request(1, 0, 2, 3), request(2, 0, 2, 1));

    // 2 comes in when 0 has ended, while 1 still decodes.
    assertThat(model.batches).containsExactly(List.of(0, 1), List.of(0, 1), List.of(1, 2));
  }

  @Test
  void decodesAloneMayPassTheBudget_andAPromptThenWaits() {
    // Both prompts fit at once. Then two decodes leave nothing of a budget of 2 for request 2.
    serve(new SarathiSpec(2, 8), 9, request(0, 0, 1, 2), request(1, 0, 1, 2), request(2, 0, 1, 1));

    assertThat(model.batches).containsExactly(List.of(0, 1), List.of(0, 1), List.of(2));
  }

  @Test
  void aDecodeWithoutABlock_preemptsFromTheEnd_andTheVictimPrefillsItsOutputAgain() {
    // 2 blocks of 4 tokens. Both prompts of 4 fill one block each.
    // 0: prefill both, each has its first token, as token 5 without a block.
    // 1: 0 needs a second block: 1 is preempted. 0 decodes; 1 (5 tokens now, 2 blocks) waits.
    // 2: 0 decodes its last token and ends.
    // 3: 1 prefills 5 tokens, its own first output among them: its second token. Last of 2: ends.
    List<IterationTiming> iterations =
        serve(new SarathiSpec(100, 8), 2, request(0, 0, 4, 3), request(1, 0, 4, 2));

    assertThat(model.batches).containsExactly(List.of(0, 1), List.of(0), List.of(0), List.of(1));
    assertThat(iterations).extracting(IterationTiming::prefillTokens).containsExactly(8, 0, 0, 5);
    assertThat(iterations).extracting(IterationTiming::kvBlocksUsed).containsExactly(2, 2, 2, 2);
    assertThat(served.get(1).completed().preemptions()).isEqualTo(1);
    // Its first token stays that of the first time: 3 + 80 + 2.
    assertThat(served.get(1).completed().firstTokenNanos()).isEqualTo(85);
  }

  @Test
  void theWatermark_keepsBlocksFreeOfNewRequests() {
    served = List.of(served(request(0, 0, 4, 1)), served(request(1, 0, 4, 1)));
    model = new FakeModel(12);
    KvBlocks blocks = new KvBlocks(3, BLOCK_TOKENS, 2);

    new ServingLoop(model, SarathiSpec.defaults().create(blocks), blocks)
        .serve(served, model, new RunCounts());

    assertThat(model.batches).containsExactly(List.of(0), List.of(1));
  }

  static LongStream seeds() {
    return LongStream.range(0, 60);
  }

  /** Whatever the limits: each request gets its tokens, and the same ones as if it were alone. */
  @ParameterizedTest
  @MethodSource("seeds")
  void noTokenIsLostAndNoBlockLeaks(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Request[] requests = new Request[12];
    long arrivalNanos = 0;
    for (int i = 0; i < requests.length; i++) {
      arrivalNanos += random.nextInt(400);
      requests[i] = request(i, arrivalNanos, 1 + random.nextInt(30), 1 + random.nextInt(20));
    }
    SarathiSpec spec = new SarathiSpec(1 + random.nextInt(40), 1 + random.nextInt(8));
    RunCounts counts = new RunCounts();
    served = Arrays.stream(requests).map(ServingLoopTest::served).toList();
    // 13 blocks hold the longest request, 50 tokens, and few beside it.
    int blockCount = 13 + random.nextInt(20);
    KvBlocks blocks = new KvBlocks(blockCount, BLOCK_TOKENS, 0);
    model = new FakeModel((long) blockCount * BLOCK_TOKENS);
    new ServingLoop(model, spec.create(blocks), blocks).serve(served, model, counts);

    assertThat(blocks.used()).isZero();
    assertThat(counts.done()).isEqualTo(requests.length);
    for (ServedRequest request : served) {
      Request facts = requests[request.id()];
      RequestTiming timing = request.completed();
      assertThat(timing.producedTokens()).isEqualTo(facts.outputTokens());
      assertThat(timing.scheduledNanos()).isGreaterThanOrEqualTo(facts.arrivalNanos());
      assertThat(request.outputIds()).isEqualTo(alone(facts));
    }
  }

  /** The law above means something only if its limits do preempt. */
  @Test
  void theSeedsAboveDoPreempt() {
    long preempted = 0;
    for (long seed : seeds().toArray()) {
      noTokenIsLostAndNoBlockLeaks(seed);
      preempted += served.stream().filter(r -> r.completed().preemptions() > 0).count();
    }
    assertThat(preempted).isGreaterThan(20);
  }

  private static long[] alone(Request request) {
    Request now = new Request(request.id(), 0, request.promptTokens(), request.outputTokens());
    ServedRequest single = served(now);
    KvBlocks blocks = new KvBlocks(13, BLOCK_TOKENS, 0);
    FakeModel fake = new FakeModel(13 * BLOCK_TOKENS);
    new ServingLoop(fake, SarathiSpec.defaults().create(blocks), blocks)
        .serve(List.of(single), fake, new RunCounts());
    return single.outputIds();
  }

  private List<IterationTiming> serve(SarathiSpec spec, int blockCount, Request... requests) {
    served = Arrays.stream(requests).map(ServingLoopTest::served).toList();
    KvBlocks blocks = new KvBlocks(blockCount, BLOCK_TOKENS, 0);
    model = new FakeModel((long) blockCount * BLOCK_TOKENS);
    return new ServingLoop(model, spec.create(blocks), blocks)
        .serve(served, model, new RunCounts());
  }

  private static Request request(int id, long arrivalNanos, int promptTokens, int outputTokens) {
    return new Request(id, arrivalNanos, promptTokens, outputTokens);
  }

  private static ServedRequest served(Request request) {
    long[] prompt =
        IntStream.range(0, request.promptTokens())
            .mapToLong(i -> (request.id() * 7L + i) % 1000)
            .toArray();
    return new ServedRequest(request, prompt, BLOCK_TOKENS);
  }

  /** Scheduled, first token, end. */
  private List<Long> times(int id) {
    RequestTiming timing = served.get(id).completed();
    return new ArrayList<>(
        List.of(timing.scheduledNanos(), timing.firstTokenNanos(), timing.endNanos()));
  }

  private static IterationTiming iteration(
      int number, long start, int tokens, int size, int prefill, int decode, int blocks) {
    long forward = FakeModel.NANOS_PER_TOKEN * tokens;
    return new IterationTiming(
        0,
        0,
        number,
        start,
        FakeModel.PREPARE_NANOS + forward + FakeModel.SAMPLE_NANOS,
        size,
        prefill,
        decode,
        blocks,
        null,
        null,
        null,
        null,
        0L,
        FakeModel.PREPARE_NANOS,
        forward,
        FakeModel.SAMPLE_NANOS);
  }
}
