package io.plumbline.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.files.Json;
import io.plumbline.files.profile.ProfileMeta;
import io.plumbline.trace.model.ModelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileRunTest {
  @TempDir Path folder;
  private Path spec;
  private Path model;
  private Path out;
  private Path compute;

  @BeforeEach
  void writeInputs() throws IOException {
    spec = folder.resolve("mine.yaml");
    write("tensor_parallel: [1, 2]");
    model =
        Files.writeString(
            folder.resolve("model.json"),
            Json.write(
                new ModelSpec(
                    "test/tiny",
                    2,
                    4,
                    2,
                    8,
                    32,
                    48,
                    64,
                    512,
                    true,
                    true,
                    true,
                    false,
                    false,
                    10_000,
                    1e-5)));
    out = folder.resolve("profile");
    compute = out.resolve("compute/box/test/tiny");
  }

  private void write(String line) throws IOException {
    Files.writeString(
        spec,
        """
        profile:
          engine: {kind: djl_pytorch, device: cpu, scheduler: {kind: sarathi, token_budget: 16, max_batch_size: 2}}
          max_request_tokens: 40
          budget_minutes: 0.001
          %s
        """
            .formatted(line));
  }

  private int run(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--spec", spec.toString(), "--spec-key", "profile", "--model", model.toString()));
    arguments.addAll(List.of("--device", "box", "--node", "rack", "--out", out.toString()));
    arguments.addAll(List.of(more));
    return ReferenceRun.execute(new ProfileRun(), arguments.toArray(String[]::new));
  }

  @Test
  void aProfileIsWrittenOnce_andAgainWhenAskedFor() throws IOException {
    assertThat(run()).isZero();
    ProfileMeta meta = ProfileMeta.find(compute);
    assertThat(meta.model()).isEqualTo("test/tiny");
    assertThat(meta.device()).isEqualTo("box");
    assertThat(meta.dtype()).isEqualTo("float32");
    assertThat(meta.tensorParallel()).isEqualTo(List.of(1, 2));
    assertThat(meta.blockTokens()).isEqualTo(16);
    assertThat(meta.software()).containsKeys("pytorch", "djl", "threads", "java.version");
    // A row per number of tokens and degree: decodes of 1 and 2, chunks of 8 and 16.
    List<String> mlp = Files.readAllLines(compute.resolve("mlp.csv"));
    assertThat(mlp).hasSize(1 + 2 * 4);
    assertThat(mlp.subList(1, 9)).allMatch(row -> row.contains(",4,2,32,48,64,True,"));
    assertThat(out.resolve("cpu_overhead/rack/test/tiny/cpu_overheads.csv")).exists();

    assertThat(run()).isZero();
    assertThat(ProfileMeta.find(compute)).isEqualTo(meta);
    assertThat(Files.readAllLines(compute.resolve("mlp.csv"))).isEqualTo(mlp);

    assertThat(run("--force")).isZero();
    assertThat(ProfileMeta.find(compute).startedAt()).isNotEqualTo(meta.startedAt());
  }

  @Test
  void badInput_endsWith2_andWritesNothing() throws IOException {
    write("threads: 1");
    assertThat(run()).isEqualTo(2);
    write("tensor_parallel: [3]");
    assertThat(run()).isEqualTo(2);
    write("max_batch_size: 100000000");
    assertThat(run()).isEqualTo(2);
    assertThat(compute.resolve("mlp.csv")).doesNotExist();
    assertThat(ProfileMeta.find(compute)).isNull();
  }
}
