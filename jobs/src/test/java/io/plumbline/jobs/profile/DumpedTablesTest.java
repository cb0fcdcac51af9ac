package io.plumbline.jobs.profile;

import static io.plumbline.jobs.TinyProfile.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.files.BadInputException;
import io.plumbline.files.csv.CsvTable;
import io.plumbline.simulator.latency.HostOperator;
import io.plumbline.simulator.latency.OperatorTimes;
import io.plumbline.simulator.latency.TokenOperator;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DumpedTablesTest {
  private static final Path GOLDEN =
      Path.of(System.getProperty("plumbline.home"), "..", "shared", "golden", "vidur", "tables");

  @TempDir Path folder;

  @BeforeEach
  void writeTables() throws IOException {
    lines(folder.resolve("add.csv"), "num_tokens,predicted_ms", "1,0.0020040000000000014", "2,0.5");
    lines(folder.resolve("schedule.csv"), "batch_size,predicted_ms", "1,0.25");
    // A polynomial may fall below zero.
    lines(
        folder.resolve("attn_decode.csv"),
        "batch_size,kv_cache_size,predicted_ms",
        "1,0,-0.001",
        "1,64,2",
        "2,64,3");
    String prefill = "kv_cache_size,prefill_chunk_size_squared,predicted_ms\n0,9,4\n64,9,5.0\n";
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(folder.resolve("attn_prefill.csv.gz")))) {
      out.write(prefill.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void everyRowIsGivenAsItStandsInItsFile() {
    OperatorTimes times = DumpedTables.read(folder);

    assertThat(times.tokenOperatorMs(TokenOperator.ADD, 1)).isEqualTo(0.0020040000000000014);
    assertThat(times.tokenOperatorMs(TokenOperator.ADD, 2)).isEqualTo(0.5);
    assertThat(times.hostOperatorMs(HostOperator.SCHEDULE, 1)).isEqualTo(0.25);
    assertThat(times.decodeAttentionMs(1, 0)).isEqualTo(-0.001);
    assertThat(times.decodeAttentionMs(1, 64)).isEqualTo(2);
    assertThat(times.decodeAttentionMs(2, 64)).isEqualTo(3);
    assertThat(times.prefillAttentionMs(0, 3)).isEqualTo(4);
    assertThat(times.prefillAttentionMs(64, 3)).isEqualTo(5);
  }

  @Test
  void aSizeWithoutARowIsAnErrorThatNamesFileAndKey() {
    OperatorTimes times = DumpedTables.read(folder);

    assertNoRow(
        () -> times.tokenOperatorMs(TokenOperator.ADD, 3), "add.csv has no row for num_tokens 3");
    assertNoRow(
        () -> times.hostOperatorMs(HostOperator.SCHEDULE, 0),
        "schedule.csv has no row for batch_size 0");
    // Both keys occur, but not together.
    assertNoRow(
        () -> times.decodeAttentionMs(2, 0),
        "attn_decode.csv has no row for batch_size 2 and kv_cache_size 0");
    assertNoRow(
        () -> times.prefillAttentionMs(0, 4),
        "attn_prefill.csv.gz has no row for kv_cache_size 0 and prefill_chunk_size_squared 16");
  }

  @Test
  void anOperatorWithoutATableIsAnErrorOnceItIsAskedFor() {
    OperatorTimes times = DumpedTables.read(folder);

    assertThatThrownBy(() -> times.tokenOperatorMs(TokenOperator.ALL_REDUCE, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("%s has no table all_reduce, but the run needs one".formatted(folder));
  }

  @Test
  void aFolderWithoutAttentionIsNone() throws IOException {
    Files.delete(folder.resolve("attn_decode.csv"));

    assertThatThrownBy(() -> DumpedTables.read(folder))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "%s has neither attn_decode.csv nor attn_decode.csv.gz. Maybe it is not a folder of prediction tables."
                .formatted(folder));
  }

  @Test
  void recordedTablesOfTheOriginalAreReadWhole() {
    Path set = GOLDEN.resolve("rf250_codellama_nvlink_pp1_cpu");
    assumeTrue(Files.isDirectory(set), () -> "skipped: no recorded tables at " + set);

    OperatorTimes times = DumpedTables.read(set);

    assertThat(times.tokenOperatorMs(TokenOperator.ATTN_PRE_PROJ, 4096)).isPositive();
    assertThat(times.hostOperatorMs(HostOperator.RAY_COMM_TIME, 128)).isPositive();
    assertThat(times.decodeAttentionMs(128, 4096)).isPositive();
    // The original also wrote a sample of the large table down, with another column.
    int[] rows = {0};
    new CsvTable(set.resolve("attn_prefill_sampled.csv"), "prefill_chunk_size")
        .forEach(
            row -> {
              rows[0]++;
              assertThat(
                      times.prefillAttentionMs(
                          row.integer("kv_cache_size", 0), row.integer("prefill_chunk_size", 1)))
                  .isEqualTo(row.number("predicted_ms"));
            });
    assertThat(rows[0]).isEqualTo(4403);
  }

  private void assertNoRow(ThrowingCallable action, String message) {
    assertThatThrownBy(action)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(folder.resolve(message).toString());
  }
}
