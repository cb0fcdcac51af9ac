package io.plumbline.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The Python beside LLMCompass's bootstrap, where there is Python. */
class LayersTest {
  private static final Path FOLDER = Path.of("../extern/llmcompass").toAbsolutePath().normalize();

  @Test
  void itsOwnTestsPass() throws Exception {
    String out;
    try {
      out = output("python3", "-m", "unittest", "-q", "test_layers");
    } catch (IOException e) {
      assumeTrue(false, "skipped: no python3");
      return;
    }
    assertThat(out).contains("Ran 4 tests").endsWith("exit code 0");
  }

  private static String output(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(FOLDER.toFile()).redirectErrorStream(true);
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return said + "exit code " + process.exitValue();
  }
}
