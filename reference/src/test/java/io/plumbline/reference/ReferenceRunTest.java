package io.plumbline.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.files.Json;
import io.plumbline.files.run.RunFolder;
import io.plumbline.files.workload.TraceFiles;
import io.plumbline.trace.model.ModelSpec;
import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RunManifest;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferenceRunTest {
  private static final Workload WORKLOAD =
      new Workload(
          List.of(
              new Request(0, 0, 12, 5),
              new Request(1, 1_000_000, 7, 3),
              new Request(2, 1_000_000, 9, 1)));

  @TempDir Path folder;

  private Path spec;
  private Path model;
  private Path workload;

  @BeforeEach
  void writeInputs() throws IOException {
    spec =
        Files.writeString(
            folder.resolve("spec.yaml"),
            "{kind: djl_pytorch, device: cpu, seed: 5, scheduler: {kind: sarathi, max_batch_size: 1}}");
    model = Files.writeString(folder.resolve("model.json"), Json.write(model(true)));
    workload = folder.resolve("workload");
    TraceFiles.writeFolder(workload, WORKLOAD);
  }

  @Test
  void aRun_leavesAFolderThatAccountsForEveryRequest() {
    Path out = folder.resolve("run");

    assertThat(run(out)).isZero();

    RunFolder.LoadedRun run = RunFolder.read(out);
    assertThat(run.workload()).isEqualTo(WORKLOAD);
    assertThat(run.trace().count(RequestOutcome.COMPLETED)).isEqualTo(3);
    // One request at a time, one iteration per output token: 5 + 3 + 1.
    assertThat(run.trace().iterations()).hasSize(9);
    RunManifest manifest = run.manifest();
    assertThat(manifest.origin()).isEqualTo(Origin.MEASURED);
    assertThat(manifest.engine()).isEqualTo("djl-pytorch");
    assertThat(manifest.model()).isEqualTo("test/tiny");
    assertThat(manifest.seed()).isEqualTo(5);
    assertThat(manifest.software()).containsEntry("warmup_requests", "1");
  }

  @Test
  void theSameRunAgain_isAnotherRun() {
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");

    assertThat(run(first)).isZero();
    String firstId = RunFolder.read(first).manifest().runId();
    assertThat(run(second)).isZero();
    assertThat(RunFolder.read(second).manifest().runId()).isNotEqualTo(firstId);
    // In the place of an earlier run.
    assertThat(run(first)).isZero();
    assertThat(RunFolder.read(first).manifest().runId()).isNotEqualTo(firstId);
  }

  @Test
  void badInput_endsWith2_andWritesNothing() throws IOException {
    Path out = folder.resolve("run");

    Files.writeString(spec, "{\"kind\": \"djl_pytorch\", \"threads\": 0}");
    assertThat(run(out)).isEqualTo(2);
    Files.writeString(spec, "{\"kind\": \"tensorrt\"}");
    assertThat(run(out)).isEqualTo(2);
    Files.writeString(spec, "djl_pytorch");
    Files.writeString(model, Json.write(model(false)));
    assertThat(run(out)).isEqualTo(2);
    assertThat(ReferenceRun.execute("--no-such-option")).isEqualTo(2);

    assertThat(out).doesNotExist();
  }

  @Test
  void anEngineThatCannotStart_endsWith1() throws IOException {
    Path out = folder.resolve("run");
    assertThat(run(folder.resolve("with one thread"))).isZero();

    // PyTorch has its one thread for the life of this JVM.
    Files.writeString(spec, "{\"kind\": \"djl_pytorch\", \"threads\": 3}");
    assertThat(run(out)).isEqualTo(1);

    assertThat(out).doesNotExist();
  }

  @Test
  void aFolderThatIsNoRun_isNotReplaced() throws IOException {
    Path precious = Files.writeString(folder.resolve("precious.txt"), "keep");

    assertThat(run(folder)).isEqualTo(2);
    assertThat(run(precious)).isEqualTo(2);

    assertThat(precious).hasContent("keep");
  }

  private int run(Path out) {
    return ReferenceRun.execute(
        "--spec", spec.toString(),
        "--model", model.toString(),
        "--workload", workload.toString(),
        "--out", out.toString());
  }

  private static ModelSpec model(boolean postAttentionNorm) {
    return new ModelSpec(
        "test/tiny",
        1,
        2,
        1,
        4,
        8,
        16,
        32,
        64,
        true,
        postAttentionNorm,
        true,
        false,
        false,
        10_000,
        1e-5);
  }
}
