package io.plumbline.jobs;

import static io.plumbline.jobs.TinyProfile.lines;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused before anything is measured; EndToEndIT measures. */
class ProfileJobTest {
  @TempDir Path temp;
  private Path file;

  @BeforeEach
  void name() {
    file = temp.resolve("mine.yaml");
  }

  private JobRun profile() {
    return JobRun.of(new ProfileJob(), file.toString(), "--results=" + temp.resolve("results"));
  }

  @Test
  void everyProblemOfAFileIsSaidAtOnceAtItsPlace() {
    lines(
        file,
        "name: mine",
        "model: plumbline/tny",
        "device: cpu-hots",
        "node: sinlge",
        "profile: {engine: djl_pytorch, max_request_tokens: 100}");

    JobRun run = profile();

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("3 problems in " + file)
        .contains(file + ":2: model: ")
        .contains(file + ":3: device: no device card 'cpu-hots'. Known, nearest first: cpu-host")
        .contains(file + ":4: node: no node card 'sinlge'. Known, nearest first: single");
    assertThat(Files.exists(temp.resolve("results"))).isFalse();
  }

  @Test
  void aNameMustBeOneOfAFolder() {
    lines(
        file,
        "name: ../mine",
        "model: plumbline/tiny",
        "device: cpu-host",
        "profile: {engine: djl_pytorch, max_request_tokens: 100}");

    JobRun run = profile();

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("name (../mine) must be letters, digits, '.', '_' and '-'");
  }

  @Test
  void keysAreThoseOfAProfile() {
    lines(file, "name: mine", "model: plumbline/tiny", "device: cpu-host", "engine: djl_pytorch");

    JobRun run = profile();

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains(file + ":4: engine: unknown key")
        .contains("profile: missing key");
  }
}
