package io.plumbline.reference.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.reference.replay.EngineFacts;
import io.plumbline.reference.replay.RunCounts;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.run.IterationTiming;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServingRunTest {
  /** 100 token ids, 64 positions; nothing else of it matters here. */
  private static final ModelSpec MODEL =
      new ModelSpec(
          "fake", 1, 1, 1, 2, 2, 2, 100, 64, true, true, true, false, false, 10_000, 1e-5);

  private static final SarathiSpec SCHEDULER = new SarathiSpec(64, 2);

  @Test
  void everyRequestIsAccountedFor_alsoTheOneThatNeverFits() {
    Workload workload =
        workload(new Request(0, 7, 60, 5), new Request(1, 7, 60, 4), new Request(2, 9, 1, 1));
    RunCounts counts = new RunCounts();
    FakeModel model = model(plan(workload));

    RunTrace trace = run(plan(workload), model).run(model, counts);

    assertThat(trace.requests().get(0).outcome()).isEqualTo(RequestOutcome.REJECTED);
    assertThat(trace.requests().get(0).scheduledNanos()).isNull();
    assertThat(trace.tokens().tokens(0)).isZero();
    assertThat(trace.count(RequestOutcome.COMPLETED)).isEqualTo(2);
    assertThat(trace.tokens().tokens(1)).isEqualTo(4);
    assertThat(trace.requests().get(1).scheduledNanos()).isEqualTo(7);
    assertThat(trace.iterations()).hasSize(4);
    assertThat(counts.done()).isEqualTo(3);
  }

  @Test
  void warmUp_servesTheFirstRequestsThatFitAtOnce_andIsLabelledInTheFacts() {
    Workload workload =
        workload(new Request(0, 0, 3, 2), new Request(1, 0, 64, 1), new Request(2, 90, 4, 1));
    FakeModel model = model(plan(workload));
    ServingRun run = run(plan(workload), model);

    run.warmUp(3);

    // Like 0, like 2, like 0 again, two at a time.
    assertThat(model.batches).containsExactly(List.of(0, 1), List.of(0, 2), List.of(2));
    assertThat(run.facts().software())
        .containsEntry("warmup_iterations", "3")
        .containsKey("warmup_ms")
        .containsEntry("fake", "1.0");
    // The run itself starts from nothing; by the fake's clock, 0 and 2 are there by now.
    assertThat(run.run(model, new RunCounts()).iterations())
        .extracting(IterationTiming::kvBlocksUsed)
        .containsExactly(2, 1);
  }

  @Test
  void withoutNumber_theCacheHoldsTheLargestRequestsThatRunAtOnce() {
    // Blocks of 16: 3, 4 (64 + 1 tokens do not fit into the model), 2 and 1; two run at once.
    Workload workload =
        workload(
            new Request(0, 0, 40, 8),
            new Request(1, 0, 60, 4),
            new Request(2, 0, 64, 1),
            new Request(3, 0, 16, 1),
            new Request(4, 0, 8, 8));

    ServingPlan plan = ServingPlan.of(MODEL, workload, SCHEDULER, new KvCacheSpec(16, null, 0.5));

    assertThat(plan.blocks() - plan.watermark()).isBetween(7, 8);
    assertThat(plan.maxContextTokens()).isEqualTo(64);
    assertThat(plan.slots()).isEqualTo(16L * plan.blocks());
  }

  @Test
  void prompts_dependOnSeedAndRequestOnly() {
    List<Integer> tokensOfTwo = promptOfLast(5);

    assertThat(promptOfLast(2)).isEqualTo(tokensOfTwo);
    assertThat(tokensOfTwo).allMatch(id -> id >= 0 && id < 100);
  }

  private static List<Integer> promptOfLast(int promptOfFirst) {
    Workload workload = workload(new Request(0, 0, promptOfFirst, 1), new Request(1, 0, 8, 1));
    List<Integer> ids = new ArrayList<>();
    FakeModel model =
        new FakeModel(64) {
          @Override
          public void prepare(Batch batch) {
            super.prepare(batch);
            ServedRequest last = batch.request(batch.size() - 1);
            for (int i = 0; i < last.knownTokens(); i++) {
              ids.add(Math.toIntExact(last.tokenId(i)));
            }
          }
        };
    run(plan(workload), model).run(model, new RunCounts());
    return ids;
  }

  @Test
  void aWorkloadOfWhichNothingFits_isRefused() {
    Workload workload = workload(new Request(0, 0, 40, 1));

    assertThatThrownBy(() -> ServingPlan.of(MODEL, workload, SCHEDULER, new KvCacheSpec(16, 2, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "no request of %s fits into the 64 positions of model fake and into 2 KV blocks of 16 tokens. Maybe use shorter requests, another model or a larger kv_cache."
                .formatted(workload));
  }

  @Test
  void impossibleOptions_areRefused() {
    assertThatThrownBy(() -> new SarathiSpec(0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tokenBudget (0) and maxBatchSize (1) must be positive");
    assertThatThrownBy(() -> new KvCacheSpec(0, null, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("blockTokens (0) must be positive");
    assertThatThrownBy(() -> new KvCacheSpec(16, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("blocks (0) must be positive");
    assertThatThrownBy(() -> new KvCacheSpec(16, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("watermarkFraction (1.0) must be at least 0 and below 1");
  }

  private static Workload workload(Request... requests) {
    return new Workload(List.of(requests));
  }

  private static ServingPlan plan(Workload workload) {
    return ServingPlan.of(MODEL, workload, SCHEDULER, KvCacheSpec.defaults());
  }

  private static FakeModel model(ServingPlan plan) {
    return new FakeModel(plan.slots());
  }

  private static ServingRun run(ServingPlan plan, FakeModel model) {
    return new ServingRun(
        plan, model, new EngineFacts("fake", "Fake Device", Map.of("fake", "1.0")), 1);
  }
}
