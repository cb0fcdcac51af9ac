package io.plumbline.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.simulator.latency.TokenOperator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlatTimesTest {
  @TempDir Path dir;

  @Test
  void everyRowIsFoundAgain_andWhatHasNoneIsNaN() throws IOException {
    Files.writeString(dir.resolve("add.csv"), "num_tokens,predicted_ms\n1,0.5\n7,0.75\n");
    Files.writeString(
        dir.resolve("attn_decode.csv"), "batch_size,kv_cache_size,predicted_ms\n3,128,2.5\n");
    Files.writeString(
        dir.resolve("attn_prefill.csv"),
        "kv_cache_size,prefill_chunk_size_squared,predicted_ms\n64,2500,3.5\n");

    FlatTimes times = FlatTimes.read(dir);

    assertThat(times.tokenOperatorMs(TokenOperator.ADD, 7)).isEqualTo(0.75);
    assertThat(times.tokenOperatorMs(TokenOperator.ADD, 6)).isNaN();
    assertThat(times.decodeAttentionMs(3, 128)).isEqualTo(2.5);
    assertThat(times.decodeAttentionMs(3, 64)).isNaN();
    assertThat(times.prefillAttentionMs(64, 50)).isEqualTo(3.5);
  }
}
