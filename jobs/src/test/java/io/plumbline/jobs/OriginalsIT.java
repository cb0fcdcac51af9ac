package io.plumbline.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.jobs.table.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real programs, where their bootstraps have been run. */
@Timeout(3600)
class OriginalsIT {
  private static final Path EXTERN = Path.of("../extern").toAbsolutePath().normalize();

  @TempDir Path folder;

  @AfterEach
  void forget() {
    System.clearProperty("plumbline.extern");
  }

  @ParameterizedTest
  @CsvSource({
    "vidur, meta-llama/Llama-2-7b-hf, sarathi, 1",
    "reallm, meta-llama/Meta-Llama-3-70B, sarathi, 8",
    "blis, meta-llama/Llama-3.1-8B, vllm_v1, 1",
    "llmcompass, gpt, '{kind: sarathi, max_batch_size: 1}', 1",
  })
  void anOriginalRunsBesideUs(String name, String model, String scheduler, int devices)
      throws IOException {
    assumeTrue(
        Files.isExecutable(EXTERN.resolve(name).resolve("run")),
        "skipped: extern/%s/bootstrap.sh has not been run".formatted(name));
    System.setProperty("plumbline.extern", EXTERN.toString());
    Path file =
        Files.writeString(
            folder.resolve("sweep.yaml"),
            """
            name: originals
            simulate:
              system: [plumbline, %s-original]
              workload:
                kind: synthetic
                requests: 8
                seed: 1
                arrivals: {kind: poisson, requests_per_second: 1}
                lengths: {kind: fixed, prompt_tokens: 256, output_tokens: 16}
              model: %s
              device: a100
              node: a100_dgx
              tensor_parallel: %d
              scheduler: %s
              predictor: roofline
            """
                .formatted(name, model.equals("gpt") ? GPT : model, devices, scheduler));
    JobRun run =
        JobRun.of(
            new SweepJob(), file.toString(), "--results", folder.resolve("results").toString());
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    Tables.register(SharedSpark.session(), folder.resolve("results").toString());
    assertThat(
            SharedSpark.session()
                .sql("SELECT * FROM run WHERE engine = '%s (original)'".formatted(name))
                .count())
        .isOne();
  }

  private static final String GPT =
      "{name: gpt, layers: 24, query_heads: 16, kv_heads: 16, head_dim: 64, hidden_size: 1024,"
          + " mlp_hidden_size: 4096, vocabulary_size: 50257, max_positions: 2048, gated_mlp: false,"
          + " post_attention_norm: true, tied_embeddings: true, qkv_bias: true,"
          + " query_key_norm: false, rope_theta: 10000.0, norm_epsilon: 1e-5}";
}
