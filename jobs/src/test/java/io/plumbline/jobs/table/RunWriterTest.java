package io.plumbline.jobs.table;

import static io.plumbline.jobs.TestRuns.REFERENCE;
import static io.plumbline.jobs.TestRuns.SIMULATED;
import static io.plumbline.jobs.TestRuns.measured;
import static io.plumbline.jobs.TestRuns.simulated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.trace.Sha256;
import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.RunTrace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunWriterTest {
  @TempDir Path results;

  @Test
  void writingTheSameRunTwiceLeavesTheSameFilesWithTheSameBytes() {
    write("r1", REFERENCE);
    var once = contents();
    write("r1", REFERENCE);
    assertThat(contents()).isEqualTo(once);
    assertThat(once.keySet())
        .containsExactly(
            "iteration_timing/origin=measured/run_id=r1/part-0.parquet",
            "request_timing/origin=measured/run_id=r1/part-0.parquet",
            "run/origin=measured/run_id=r1/part-0.parquet",
            "token_timing/origin=measured/run_id=r1/part-0.parquet");
  }

  @Test
  void aRunReplacesItsPredecessorWholeAlsoInTablesItHasNoRowsFor() {
    write("r1", REFERENCE);
    write("r1", new RunTrace(REFERENCE.requests(), List.of(), null));
    assertThat(contents().keySet())
        .containsExactly(
            "request_timing/origin=measured/run_id=r1/part-0.parquet",
            "run/origin=measured/run_id=r1/part-0.parquet");
  }

  @Test
  void aRunIsFinishedOnceItsRowInRunIsThere() throws IOException {
    RunWriter writer = new RunWriter(results.toString());
    assertThat(writer.finishedRunIds()).isEmpty();
    write("r2", REFERENCE);
    writer.write(simulated("r1"), SIMULATED, RunTags.NONE);
    assertThat(writer.finishedRunIds()).containsExactly("r1", "r2");
    assertThat(writer.isFinished(Origin.MEASURED, "r2")).isTrue();
    assertThat(writer.isFinished(Origin.SIMULATED, "r2")).isFalse();

    Files.delete(results.resolve("run/origin=measured/run_id=r2/part-0.parquet"));
    assertThat(writer.isFinished(Origin.MEASURED, "r2")).isFalse();
    assertThat(writer.finishedRunIds()).containsExactly("r1");
  }

  @Test
  void aRunThatFailsHalfwayLeavesNoRowInRunAndNoTemporaryFile() {
    write("r1", REFERENCE);
    PartitionWriter partitions = new PartitionWriter(results.toString());
    Stream<TokenTimingRow> failing =
        Stream.of(0, 1)
            .map(
                i -> {
                  if (i == 1) {
                    throw new IllegalStateException("no more rows");
                  }
                  return TokenTimingRow.of(measured("r1"), REFERENCE.tokens(), 0, 0);
                });
    assertThatThrownBy(
            () ->
                partitions.replace(
                    Table.TOKEN_TIMING, List.of("measured", "r1"), failing.iterator()))
        .hasMessage("no more rows");
    assertThat(contents().keySet()).hasSize(4).noneMatch(file -> file.contains("_writing"));
  }

  @Test
  void runIdsThatCannotBeFolderNamesAreRefused() {
    assertThatThrownBy(() -> write("../r1", REFERENCE))
        .hasMessage("run_id \"../r1\" cannot be a folder name: letters, digits and . _ - only");
  }

  private void write(String runId, RunTrace trace) {
    new RunWriter(results.toString()).write(measured(runId), trace, RunTags.NONE);
  }

  /** Path and content hash of every data file, hidden files left out. */
  private TreeMap<String, String> contents() {
    TreeMap<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(results)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.getFileName().toString().startsWith(".")) {
          contents.put(
              results.relativize(file).toString(),
              new Sha256().putBytes(Files.readAllBytes(file)).hex());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return contents;
  }
}
