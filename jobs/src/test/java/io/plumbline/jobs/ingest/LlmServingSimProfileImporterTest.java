package io.plumbline.jobs.ingest;

import static io.plumbline.jobs.ingest.Found.assertBadInput;
import static io.plumbline.jobs.ingest.Found.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.plumbline.jobs.table.OperatorTimingRow;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LlmServingSimProfileImporterTest {
  private static final Importer IMPORTER = new LlmServingSimProfileImporter();

  @TempDir Path folder;

  @BeforeEach
  void writeAProfile() {
    file(
        folder,
        "bf16/meta.yaml",
        "profiler_version: 1.0.0",
        "vllm_version: 0.19.0",
        "gpu: NVIDIA X",
        "model: m/tiny",
        "variant: bf16");
    file(folder, "bf16/tp2/dense.csv", "layer,tokens,time_us", "act_fn,16,2.603");
    file(folder, "bf16/tp2/per_sequence.csv", "layer,sequences,time_us", "lm_head,3,536.895");
    file(
        folder,
        "bf16/tp2/attention.csv",
        "prefill_chunk,kv_prefill,n_decode,kv_decode,time_us",
        "0,0,4,128,7.914",
        "64,32,0,0,8",
        "64,32,4,128,9");
    file(folder, "bf16/tp2/moe.csv", "tokens,activated_experts,time_us", "2,16,134.976");
    file(folder, "bf16/tp2/skew_fit.csv", "pc,alpha", "0,0.1");
  }

  @Test
  void everyTableBecomesOperators() {
    Found found = Found.at(folder, IMPORTER);
    assertThat(found.operators)
        .extracting(
            OperatorTimingRow::operator,
            OperatorTimingRow::tokens,
            OperatorTimingRow::batch,
            OperatorTimingRow::queryTokens,
            OperatorTimingRow::kvTokens,
            OperatorTimingRow::timeNs)
        .containsExactly(
            tuple("act_fn", 16L, null, null, null, 2603.0),
            tuple("lm_head", null, 3, null, null, 536_895.0),
            tuple("attention", 4L, 4, 1L, 128L, 7914.0),
            tuple("attention", 64L, 1, 64L, 96L, 8000.0),
            tuple("attention", 68L, null, null, null, 9000.0),
            tuple("moe", 2L, null, null, null, 134_976.0));
    assertThat(found.operators)
        .allSatisfy(
            row -> {
              assertThat(row.device()).isEqualTo("NVIDIA X");
              assertThat(row.framework()).isEqualTo("vllm");
              assertThat(row.frameworkVersion()).isEqualTo("0.19.0");
              assertThat(row.model()).isEqualTo("m/tiny");
              assertThat(row.tensorParallel()).isEqualTo(2);
              assertThat(row.dtype()).isEqualTo("bf16");
            });
    assertThat(found.operators.get(4).shapeJson())
        .isEqualTo("{\"kv_decode\":128,\"kv_prefill\":32,\"n_decode\":4,\"prefill_chunk\":64}");
    assertThat(found.operators.get(5).shapeJson()).isEqualTo("{\"activated_experts\":16}");
  }

  @Test
  void brokenProfilesAreExplained() {
    Path dense = file(folder, "bf16/tp2/dense.csv", "layer,tokens,time_ms", "act_fn,16,2.603");
    assertBadInput(folder, IMPORTER, dense + ":1: unknown column time_ms. Maybe: time_us");
    file(folder, "bf16/tp2/dense.csv", "layer,tokens,time_us", "act_fn,16");
    assertBadInput(
        folder,
        IMPORTER,
        dense + ":2: 2 fields, but the header has 3. Maybe the file was cut off.");
    file(folder, "bf16/tp2/dense.csv", "layer,tokens,time_us", "act_fn,16,-1");
    assertBadInput(folder, IMPORTER, dense + ":2: time_us (-1) must be positive");
    Path meta = file(folder, "bf16/meta.yaml", "profiler_version: 2.0.0");
    assertBadInput(
        folder, IMPORTER, meta + ": profiler_version (2.0.0) is not known. Known: 1.0.0");
  }
}
