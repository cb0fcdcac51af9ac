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

  private static final Path LEDGERS =
      Path.of(System.getProperty("plumbline.home", ".."), "conf", "conformance", "vllm-v1");

  @Test
  void everyLedgerWorkedByHandPasses() {
    JobRun run = JobRun.of(new ConformanceJob(), "vllm-v1", LEDGERS.toString());
    assertThat(run.out())
        .contains("PASS     preemption_of_the_tail: 9 rows of 6 steps")
        .containsPattern("\\n([0-9]+) cases: \\1 passed, 0 failed, 0 not judged, 0 skipped");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void aLedgerThatDiffersFailsWithItsFirstDifference() throws IOException {
    Path changed = ledgerCase("preemption_of_the_tail");
    Path ledger = changed.resolve("ledger.csv");
    List<String> lines = Files.readAllLines(ledger);
    assertThat(lines.get(8)).isEqualTo("4,1,9,0,0,1");
    // As if the output had been lost: the prompt alone, and fewer blocks.
    lines.set(8, "4,1,7,0,0,2");
    Files.write(ledger, lines.subList(0, 9));

    JobRun run = JobRun.of(new ConformanceJob(), "vllm-v1", dir.toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out().replaceAll("\\s+", " "))
        .contains(
            "first difference: rows, row 8 (step 4, request 1): recorded num_tokens 7, free_blocks 2,"
                + " ours num_tokens 9, free_blocks 1")
        .contains("1 cases: 0 passed, 1 failed");
  }

  @Test
  void ourOwnLedgersAreWrittenAndPassInTurn() throws IOException {
    Path changed = ledgerCase("padded_decode");
    Path written = dir.resolve("written");
    JobRun.of(new ConformanceJob(), "vllm-v1", changed.toString(), "--write", written.toString());
    assertThat(written.resolve("padded_decode.csv"))
        .hasSameTextualContentAs(LEDGERS.resolve("padded_decode/ledger.csv"));
  }

  private Path ledgerCase(String name) throws IOException {
    Path copy = Files.createDirectory(dir.resolve(name));
    for (String file : List.of("case.yaml", "requests.csv", "ledger.csv")) {
      Files.copy(LEDGERS.resolve(name).resolve(file), copy.resolve(file));
    }
    return copy;
  }

  @Test
  void aCaseWithAWrongOptionIsBadInput() throws IOException {
    Path changed = ledgerCase("watermark");
    Files.writeString(
        changed.resolve("case.yaml"),
        "scheduler: {max_num_seq: 8}\nblock_tokens: 4\nnum_gpu_blocks: 10\n");
    JobRun run = JobRun.of(new ConformanceJob(), "vllm-v1", changed.toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("scheduler.max_num_seq: unknown key. Maybe: max_num_seqs");
  }

  @Test
  void aFolderWithoutLedgersIsBadInput() {
    JobRun run = JobRun.of(new ConformanceJob(), "vllm-v1", dir.toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("no ledgers; each is a folder with a case.yaml");
  }
}
