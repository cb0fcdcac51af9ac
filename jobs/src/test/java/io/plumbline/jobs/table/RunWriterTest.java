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
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;
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
    write("r2", REFERENCE);
    writer.write(simulated("r1"), SIMULATED, RunTags.NONE);
    assertThat(writer.isFinished(Origin.MEASURED, "r2")).isTrue();
    assertThat(writer.isFinished(Origin.SIMULATED, "r1")).isTrue();
    assertThat(writer.isFinished(Origin.SIMULATED, "r2")).isFalse();

    Files.delete(results.resolve("run/origin=measured/run_id=r2/part-0.parquet"));
    assertThat(writer.isFinished(Origin.MEASURED, "r2")).isFalse();
  }

  @Test
  void whatSimulatedRunsRecordedIsReadFromTheirRows() throws IOException {
    RunWriter writer = new RunWriter(results.toString());
    assertThat(writer.recordings()).isEmpty();
    write("r0", REFERENCE);
    writer.write(simulated("r1"), SIMULATED, tags("tokens"));
    writer.write(simulated("r2"), SIMULATED, tags("requests"));
    writer.write(simulated("taken-in"), SIMULATED, RunTags.NONE);
    writer.write(simulated("damaged"), SIMULATED, tags("tokens"));
    Files.writeString(
        results.resolve("run/origin=simulated/run_id=damaged/part-0.parquet"), "no Parquet at all");

    assertThat(writer.recordings()).isEqualTo(Map.of("r1", "tokens", "r2", "requests"));
  }

  private static RunTags tags(String recording) {
    return new RunTags(null, null, null, null, null, null, recording);
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

  /**
   * The rename of a whole folder put one writer's folder into the other's, and left moments without
   * any file.
   */
  @Test
  void ofTwoWritersOfTheSameRunOneWinsAndAReaderAlwaysFindsOneFile() throws Exception {
    PartitionWriter partitions = new PartitionWriter(results.toString());
    List<String> partition = List.of("measured", "r1");
    Path file = results.resolve("request_timing/origin=measured/run_id=r1/part-0.parquet");
    write("r1", REFERENCE);
    ExecutorService writers = Executors.newFixedThreadPool(2);
    List<Future<?>> running = new ArrayList<>();
    for (int w = 0; w < 2; w++) {
      running.add(
          writers.submit(
              () -> {
                for (int i = 0; i < 80; i++) {
                  partitions.replace(Table.REQUEST_TIMING, partition, requestRows());
                }
              }));
    }
    while (!running.stream().allMatch(Future::isDone)) {
      assertThat(file).exists();
      assertThat(rows(file)).isEqualTo(3);
    }
    for (Future<?> writer : running) {
      writer.get();
    }
    writers.shutdown();
    assertThat(rows(file)).isEqualTo(3);
    assertThat(allFiles("request_timing"))
        .containsExactly("origin=measured/run_id=r1/part-0.parquet");
  }

  /** Whole runs, whose row in run is removed first: a folder may go while it is written into. */
  @Test
  void twoWritersOfTheSameWholeRunLeaveOneFilePerTable() throws Exception {
    ExecutorService writers = Executors.newFixedThreadPool(2);
    List<Future<?>> running = new ArrayList<>();
    for (int w = 0; w < 2; w++) {
      running.add(
          writers.submit(
              () -> {
                for (int i = 0; i < 25; i++) {
                  write("r1", REFERENCE);
                }
              }));
    }
    for (Future<?> writer : running) {
      writer.get();
    }
    writers.shutdown();
    for (Table table : List.of(Table.RUN, Table.REQUEST_TIMING, Table.TOKEN_TIMING)) {
      assertThat(allFiles(table.tableName()))
          .containsExactly("origin=measured/run_id=r1/part-0.parquet");
    }
    assertThat(rows(results.resolve("run/origin=measured/run_id=r1/part-0.parquet"))).isEqualTo(1);
  }

  @Test
  void aChecksumFileOfAnEarlierVersionDoesNotOutliveItsFile() throws IOException {
    write("r1", REFERENCE);
    Path crc = results.resolve("run/origin=measured/run_id=r1/.part-0.parquet.crc");
    Files.writeString(crc, "of another file");
    write("r1", SIMULATED);
    assertThat(crc).doesNotExist();
  }

  @Test
  void whatKilledJobsLeftIsRemovedAfterADay() throws IOException {
    write("r1", REFERENCE);
    Path young = results.resolve("run/_writing-measured-r2-a");
    Path old = results.resolve("run/_writing-measured-r2-b");
    Path oldFolder = Files.createDirectory(results.resolve("request_timing/_writing-r3"));
    Files.writeString(oldFolder.resolve("part-0.parquet"), "x");
    Files.writeString(young, "x");
    Files.writeString(old, "x");
    FileTime twoDaysAgo = FileTime.from(Instant.now().minus(Duration.ofDays(2)));
    Files.setLastModifiedTime(old, twoDaysAgo);
    Files.setLastModifiedTime(oldFolder, twoDaysAgo);

    new PartitionWriter(results.toString()).removeLeftovers();

    assertThat(young).exists();
    assertThat(old).doesNotExist();
    assertThat(oldFolder).doesNotExist();
    assertThat(contents()).hasSize(4 + 1);
  }

  @Test
  void runIdsThatCannotBeFolderNamesAreRefused() {
    assertThatThrownBy(() -> write("../r1", REFERENCE))
        .hasMessage("run_id \"../r1\" cannot be a folder name: letters, digits and . _ - only");
  }

  private static Iterator<RequestTimingRow> requestRows() {
    return REFERENCE.requests().stream()
        .map(r -> RequestTimingRow.of(measured("r1"), r))
        .iterator();
  }

  private static long rows(Path file) throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(new LocalInputFile(file), ParquetReadOptions.builder().build())) {
      return reader.getRecordCount();
    }
  }

  private List<String> allFiles(String table) throws IOException {
    Path folder = results.resolve(table);
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .toList();
    }
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
