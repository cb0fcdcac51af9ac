package io.plumbline.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchJobTest {
  @TempDir Path dir;

  private static String errorsOf(String... arguments) {
    StringWriter errors = new StringWriter();
    int exitCode = JobCommand.of(new BenchJob()).setErr(new PrintWriter(errors)).execute(arguments);
    assertThat(exitCode).isEqualTo(JobCommand.BAD_INPUT);
    return errors.toString();
  }

  @Test
  void repeatsMustBePositive() {
    assertThat(errorsOf("--repeats", "0", "x.yaml")).contains("--repeats (0) must be positive");
  }

  @Test
  void tablesMustBeAFolder() {
    assertThat(errorsOf("--tables", dir.resolve("none").toString(), "x.yaml"))
        .contains("no such folder");
  }
}
