package io.plumbline.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.jobs.ingest.GpuKitImporter;
import io.plumbline.jobs.ingest.Part;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The GPU kit, on this machine's CPU: skipped where there is no Python with PyTorch. */
class GpuKitTest {
  private static final Path HOME = Path.of(System.getProperty("plumbline.home", ".."));
  private static final Path KIT = HOME.resolve("extern").resolve("gpu-kit");
  private static final String NEEDED =
      "import torch; raise SystemExit(not hasattr(torch.nn.functional, 'rms_norm'))";

  @TempDir Path folder;

  /** What a command of the kit's folder prints; its exit code is the last line. */
  private static String output(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(KIT.toFile()).redirectErrorStream(true);
    builder.environment().put("OMP_NUM_THREADS", "1");
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return said + "exit code " + process.exitValue();
  }

  private static void assumeWorks(String what, String... command) throws InterruptedException {
    boolean works;
    try {
      works = output(command).endsWith("exit code 0");
    } catch (IOException e) {
      works = false;
    }
    assumeTrue(works, what + " is not here: the GPU kit is not checked with it");
  }

  @Test
  void itsOwnTestsPass() throws Exception {
    assumeWorks("Python with PyTorch 2.4 or later", "python3", "-c", NEEDED);
    assertThat(output("python3", "-m", "unittest", "discover", "-s", "tests", "-t", "."))
        .contains("Ran ")
        .endsWith("exit code 0");
  }

  @Test
  void itIsLinted() throws Exception {
    assumeWorks("ruff", "ruff", "--version");
    assertThat(output("ruff", "check", ".")).endsWith("exit code 0");
    assertThat(output("ruff", "format", "--check", ".")).endsWith("exit code 0");
  }

  @Test
  void whatItLeavesCanBeTakenIn() throws Exception {
    assumeWorks("Python with PyTorch 2.4 or later", "python3", "-c", NEEDED);
    Path workload = folder.resolve("burst");
    List<String> draw =
        List.of("--requests", "6", "--prompt", "20,0.3,4,32", "--output", "4,0.3,2,8");
    run("workload", "--out", workload.toString(), draw);
    Path card = HOME.resolve("models").resolve("tiny.json").toAbsolutePath();
    Path out = folder.resolve("measured");
    run(
        "all",
        "--out",
        out.toString(),
        List.of(
            "--model",
            card.toString(),
            "--workload",
            workload.toString(),
            "--device",
            "cpu",
            "--dtype",
            "float32",
            "--minutes",
            "2",
            "--repeats",
            "1",
            "--max-batch-size",
            "2",
            "--token-budget",
            "32",
            "--most-tokens",
            "8",
            "--most-context",
            "64"));
    GpuKitImporter importer = new GpuKitImporter();
    assertThat(importer.parts(out))
        .extracting(Part::name)
        .contains("tiny-burst-1")
        .anyMatch(name -> name.endsWith("plumbline/tiny/mlp.csv"))
        .anyMatch(name -> name.endsWith("plumbline/tiny/attention.csv"))
        .anyMatch(name -> name.endsWith("plumbline/tiny/cpu_overheads.csv"));
    assertThat(Files.readString(out.resolve("manifest.json"))).doesNotContain(folder.toString());
  }

  private static void run(String command, String option, String value, List<String> more)
      throws IOException, InterruptedException {
    List<String> words =
        new ArrayList<>(List.of("python3", "-m", "plumbline_kit", command, option, value));
    words.addAll(more);
    assertThat(output(words.toArray(String[]::new))).endsWith("exit code 0");
  }
}
