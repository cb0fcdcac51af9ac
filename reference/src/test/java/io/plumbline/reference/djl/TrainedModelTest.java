package io.plumbline.reference.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.files.card.ModelCards;
import io.plumbline.reference.replay.DeviceChoice;
import io.plumbline.reference.serving.Greedy;
import io.plumbline.reference.serving.KvCacheSpec;
import io.plumbline.reference.serving.SarathiSpec;
import io.plumbline.reference.serving.ServingPlan;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** A model that somebody else trained says what it says elsewhere. */
class TrainedModelTest {
  private static final Path HOME = Path.of(System.getProperty("plumbline.home", ".."));

  /** "The capital of France is". */
  private static final long[] PROMPT = {785, 6722, 315, 9625, 374};

  /**
   * " Paris. The capital of Italy is Rome. The capital of Spain is Madrid.", the greedy
   * continuation in float32. The transformers library gives it, as several public repositories
   * report; in bfloat16 token 5 is a near tie, so there it proves nothing.
   */
  private static final long[] CONTINUATION = {
    12095, 13, 576, 6722, 315, 15344, 374, 21718, 13, 576, 6722, 315, 17689, 374, 24081, 13
  };

  @Test
  void qwen3_continuesAsItDoesElsewhere() {
    Path weights = HOME.resolve("models/qwen3-0.6b/source-data");
    Assumptions.assumeTrue(
        Files.exists(weights.resolve("model.safetensors")),
        "skipped: there are no weights in " + weights);
    Workload workload =
        new Workload(List.of(new Request(0, 0, PROMPT.length, CONTINUATION.length)));
    ServingPlan plan =
        ServingPlan.of(
            ModelCards.load(HOME.resolve("models"), "Qwen/Qwen3-0.6B"),
            workload,
            // The prompt in two chunks.
            new SarathiSpec(3, 1),
            KvCacheSpec.defaults());
    DjlOptions options =
        new DjlOptions(
            DeviceChoice.CPU,
            Dtype.FLOAT32,
            Operators.TORCH_SCRIPT,
            new WeightsSpec.SafetensorsSpec(weights.toAbsolutePath().toString()),
            1,
            0);
    try (DjlEngine engine = DjlEngine.open(plan, options)) {
      assertThat(Greedy.continuation(plan, engine, PROMPT)).isEqualTo(CONTINUATION);
    }
  }
}
