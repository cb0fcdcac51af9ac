package io.plumbline.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.reference.replay.EngineFacts;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.RunManifest;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProvenanceTest {
  private static final Instant STARTED = Instant.parse("2026-01-02T03:04:05Z");
  private static final EngineFacts ENGINE =
      new EngineFacts("fake", "Fake Device", Map.of("fake", "1.0"));
  private static final Instant ENDED = STARTED.plusSeconds(60);

  @Test
  void theManifest_saysWhatRanWhereAndHow() {
    RunManifest manifest = provenance("host-a").manifest(ENGINE, STARTED, ENDED);

    assertThat(manifest.runId()).matches("r[0-9a-f]{16}");
    assertThat(manifest.origin()).isEqualTo(Origin.MEASURED);
    assertThat(manifest.engine()).isEqualTo("fake");
    assertThat(manifest.device()).isEqualTo("Fake Device");
    assertThat(manifest.seed()).isZero();
    assertThat(manifest.startedAt()).isEqualTo("2026-01-02T03:04:05Z");
    assertThat(manifest.endedAt()).isEqualTo("2026-01-02T03:05:05Z");
    assertThat(manifest.host()).isEqualTo("host-a");
    assertThat(manifest.specJson())
        .startsWith(
            "{\"engine\":{\"kind\":\"djl_pytorch\",\"device\":\"auto\",\"dtype\":\"float32\","
                + "\"scheduler\":{\"kind\":\"sarathi\",\"token_budget\":512,\"max_batch_size\":128},"
                + "\"kv_cache\":{\"block_tokens\":16,\"blocks\":null,\"watermark_fraction\":0.01},"
                + "\"weights\":{\"kind\":\"random\"},\"operators\":\"torch_script\",\"threads\":1,"
                + "\"seed\":0,\"warmup_requests\":1},\"model\":{\"name\":\"fake\",");
    assertThat(manifest.software())
        .containsEntry("fake", "1.0")
        .containsEntry("MALLOC_MMAP_MAX_", "0")
        .containsEntry("OMP_NUM_THREADS", "2")
        .containsEntry("load_average", "1.26")
        .containsEntry("warmup_requests", "1")
        .containsEntry("repeat", "2")
        .containsKeys("java.version", "java.vm.name", "os")
        .doesNotContainKey("PATH");
  }

  @Test
  void runs_differByWhenAndWhere() {
    String id = provenance("host-a").manifest(ENGINE, STARTED, ENDED).runId();

    assertThat(provenance("host-a").manifest(ENGINE, STARTED, STARTED).runId()).isEqualTo(id);
    assertThat(provenance("host-b").manifest(ENGINE, STARTED, ENDED).runId()).isNotEqualTo(id);
    assertThat(provenance(null).manifest(ENGINE, STARTED, ENDED).runId()).isNotEqualTo(id);
    assertThat(provenance("host-a").manifest(ENGINE, STARTED.plusNanos(1), ENDED).runId())
        .isNotEqualTo(id);
  }

  private static Provenance provenance(String host) {
    return new Provenance(
        DjlPytorchSpec.defaults(),
        new ModelSpec(
            "fake", 1, 1, 1, 2, 2, 2, 9, 64, true, true, true, false, false, 10_000, 1e-5),
        new Workload(List.of(new Request(0, 0, 1, 1))),
        2,
        host,
        Map.of("MALLOC_MMAP_MAX_", "0", "OMP_NUM_THREADS", "2", "PATH", "/bin"),
        1.256);
  }
}
