package io.plumbline.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConformanceJobTest {
  private static final Path GOLDEN =
      Path.of(System.getProperty("plumbline.home", ".."), "..", "shared", "golden", "vidur");
  private static final String CASE = "x02_batch_index_window";

  @TempDir Path dir;

  @Test
  void aRecordedRunIsReplayedAndAChangedOneFails() throws IOException {
    assumeTrue(Files.isDirectory(GOLDEN), "recorded Vidur runs are not here");
    Path changed = Files.createDirectory(dir.resolve(CASE));
    try (Stream<Path> files = Files.list(GOLDEN.resolve(CASE))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, changed.resolve(file.getFileName()));
      }
    }
    for (String shared : List.of("tables", "INDEX.csv")) {
      Files.createSymbolicLink(dir.resolve(shared), GOLDEN.resolve(shared).toAbsolutePath());
    }

    JobRun same = JobRun.of(new ConformanceJob(), "vidur", dir.toString());
    assertThat(same.out())
        .contains("PASS     " + CASE + ": 100 requests, 1843 batches, 1843 batch stages")
        .contains("1 cases: 1 passed, 0 failed, 0 not judged, 0 skipped");
    assertThat(same.exitCode()).isZero();

    Path requests = changed.resolve("request_final.csv");
    List<String> lines = Files.readAllLines(requests);
    String[] fields = lines.get(1).split(",");
    // The last bit of the time at which the first request completed.
    fields[5] = String.valueOf(Math.nextUp(Double.parseDouble(fields[5])));
    lines.set(1, String.join(",", fields));
    Files.write(requests, lines);

    JobRun other = JobRun.of(new ConformanceJob(), "vidur", dir.toString());
    assertThat(other.exitCode()).isEqualTo(1);
    assertThat(other.out())
        .contains("FAIL     " + CASE)
        .contains("first difference: completed_at, request 0: recorded");
  }

  @Test
  void aFolderWithoutRecordedRunsIsBadInput() {
    JobRun run = JobRun.of(new ConformanceJob(), "vidur", dir.toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("no recorded runs; each is a folder with a config.json");
  }
}
