package io.plumbline.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The decoder as a file, and that PyTorch computes with it elsewhere what it should. */
class ArchiveRunTest {
  private static final Path HOME = Path.of(System.getProperty("plumbline.home", ".."));

  @TempDir Path folder;

  private int archive(String model, Path out) {
    return ReferenceRun.execute(new ArchiveRun(), "--model", model, "--out", out.toString());
  }

  @Test
  void theSameModelGivesTheSameBytes() throws Exception {
    Path first = folder.resolve("new/first.pt");
    Path second = folder.resolve("second.pt");
    Path other = folder.resolve("other.pt");
    assertThat(archive("plumbline/tiny", first)).isZero();
    assertThat(archive("plumbline/tiny", second)).isZero();
    assertThat(archive("Qwen/Qwen3-0.6B", other)).isZero();
    assertThat(first).hasSameBinaryContentAs(second);
    assertThat(Files.mismatch(first, other)).isNotNegative();
  }

  @Test
  void anUnknownModelIsBadInput() {
    Path out = folder.resolve("none.pt");
    assertThat(archive("plumbline/none", out)).isEqualTo(2);
    assertThat(out).doesNotExist();
  }

  @Test
  void pythonComputesWithItWhatPlainArithmeticDoes() throws Exception {
    Path out = folder.resolve("tiny.pt");
    archive("plumbline/tiny", out);
    assumeTrue(
        python(out, "-c", "import torch.nn.functional as f; f.rms_norm").endsWith("exit code 0"),
        "Python with PyTorch 2.4 or later is not here: the archive is not checked with it");
    String test = "tests.test_engine.DecoderTest.test_the_archive_matches_plain_arithmetic";
    assertThat(python(out, "-m", "unittest", test))
        .contains("Ran 1 test")
        .doesNotContain("skipped")
        .endsWith("exit code 0");
  }

  private static String python(Path archive, String... arguments)
      throws IOException, InterruptedException {
    String[] command = new String[arguments.length + 1];
    command[0] = "python3";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(HOME.resolve("extern").resolve("gpu-kit").toFile())
            .redirectErrorStream(true);
    builder.environment().put("PLUMBLINE_ARCHIVE", archive.toAbsolutePath().toString());
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    builder.environment().put("OMP_NUM_THREADS", "1");
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      return "no python3: " + e.getMessage();
    }
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return said + "exit code " + process.exitValue();
  }
}
