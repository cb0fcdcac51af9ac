package io.plumbline.files.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.files.BadInputException;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.workload.PromptBlocks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VllmRequestLogTest {
  private static final String LINE =
      "{\"request_id\": \"b\", \"input_toks\": %d, \"output_toks\": %d, \"arrival_time\": 1.5e9,"
          + " \"queued_ts\": %s, \"scheduled_ts\": %s, \"first_token_ts\": %s,"
          + " \"last_token_ts\": %s}";

  @TempDir private Path folder;

  /** The second line came into the queue first. */
  @BeforeEach
  void log() throws IOException {
    Files.write(
        folder.resolve("requests.jsonl"),
        List.of(
            LINE.formatted(40, 3, "100.5", "100.6", "101.0", "101.000000003"),
            LINE.formatted(20, 2, "100.25", "100.25", "100.75", "100.875")));
  }

  private Path blocks(String... rows) throws IOException {
    return Files.write(
        folder.resolve("blocks.csv"),
        List.of(("idx,input_block16_hash_ids\n" + String.join("\n", rows)).split("\n")));
  }

  @Test
  void requestsStandInTheOrderOfTheQueue_countedFromTheFirst() throws IOException {
    VllmRequestLog log = VllmRequestLog.read(folder, blocks("0,7 8", "1,7"));
    assertThat(log.workload().request(0).promptTokens()).isEqualTo(20);
    assertThat(log.workload().request(0).promptBlocks())
        .isEqualTo(new PromptBlocks(16, new long[] {7}));
    assertThat(log.workload().request(1).arrivalNanos()).isEqualTo(250_000_000L);
    RequestTiming second = log.timings().get(1);
    assertThat(second.ttftNanos()).isEqualTo(500_000_000L);
    // 3 ns for the two tokens after the first.
    assertThat(second.tpotNanos()).isEqualTo(1.5);
    assertThat(second.queueingNanos()).isEqualTo(100_000_000L);
  }

  @Test
  void blocksOfOtherRequestsAreRefused() throws IOException {
    Path one = blocks("0,7 8");
    assertThatThrownBy(() -> VllmRequestLog.read(folder, one))
        .isInstanceOf(BadInputException.class)
        .hasMessage("%s has 1 rows, but %s has 2 requests".formatted(one, folder));
    Path text = blocks("0,7 x", "1,7");
    assertThatThrownBy(() -> VllmRequestLog.read(folder, text))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("input_block16_hash_ids")
        .hasMessageContaining("must be numbers with spaces between them");
  }
}
