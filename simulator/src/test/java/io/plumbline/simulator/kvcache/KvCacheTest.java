package io.plumbline.simulator.kvcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KvCacheTest {
  private final KvCache kv = new KvCache(new KvCacheSize(10, 4, 2));

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "4, 1", "5, 2", "8, 2", "9, 3"})
  void theLastBlockMayBeFilledInPart(int tokens, int blocks) {
    assertThat(kv.blocksFor(tokens)).isEqualTo(blocks);
  }

  @Test
  void usedAndFreeBlocksAreAllBlocks() {
    kv.admit(3);
    kv.admit(2);
    kv.extend(1);
    assertThat(kv.usedBlocks()).isEqualTo(6);
    assertThat(kv.freeBlocks()).isEqualTo(4);
    assertThat(kv.holders()).isEqualTo(2);
    kv.release(4);
    assertThat(kv.usedBlocks()).isEqualTo(2);
    assertThat(kv.holders()).isEqualTo(1);
    kv.release(2);
    assertThat(kv.freeBlocks()).isEqualTo(10);
    assertThat(kv.holders()).isZero();
  }

  @Test
  void admissionKeepsTheWatermarkFree() {
    kv.admit(3);
    assertThat(kv.canAdmit(5)).isTrue(); // 10 - 3 - 5 = 2
    assertThat(kv.canAdmit(6)).isFalse();
  }

  @Test
  void aRequestThatOverflowsAnEmptyCacheNeverComesIn() {
    kv.admit(8);
    assertThat(kv.couldEverAdmit(8)).isTrue(); // 10 - 8 = 2, whoever is in now
    assertThat(kv.couldEverAdmit(9)).isFalse();
  }

  @Test
  void extensionMayUseTheWatermark() {
    kv.admit(8);
    kv.extend(1);
    kv.extend(1);
    assertThat(kv.freeBlocks()).isZero();
  }

  @Test
  void moreThanIsFreeIsRefused() {
    kv.admit(8);
    assertThatThrownBy(() -> kv.admit(3))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("3 KV blocks asked for but only 2 of 10 are free");
    assertThat(kv.usedBlocks()).isEqualTo(8);
    assertThat(kv.holders()).isEqualTo(1);
  }

  @Test
  void moreThanIsUsedCannotBeReleased() {
    assertThatThrownBy(() -> kv.release(0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("0 KV blocks released but only 0 used by 0 requests");
    kv.admit(2);
    assertThatThrownBy(() -> kv.release(3))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("3 KV blocks released but only 2 used by 1 requests");
  }

  @ParameterizedTest
  @CsvSource({"0, 4, 0", "10, 0, 0", "10, 4, -1"})
  void impossibleCachesAreRefused(int blocks, int blockTokens, int watermark) {
    assertThatThrownBy(() -> new KvCacheSize(blocks, blockTokens, watermark))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "blocks (%d), blockTokens (%d) must be positive, watermarkBlocks (%d) not negative"
                .formatted(blocks, blockTokens, watermark));
  }

  @ParameterizedTest
  @CsvSource({
    "0, , 0, 0, , blockTokens (0) must be positive",
    "16, 0, 0, 0, , blocks (0) must be positive",
    "16, , 1, 0, , memoryMarginFraction (1.0) must be at least 0 and below 1",
    "16, , NaN, 0, , memoryMarginFraction (NaN) must be at least 0 and below 1",
    "16, , 0, -0.1, , watermarkFraction (-0.1) must be at least 0 and below 1",
    "16, , 0, 0, 15, maxRequestTokens (15) must be at least one block (16 tokens)",
  })
  void impossibleSpecsAreRefused(
      int blockTokens,
      Integer blocks,
      double margin,
      double watermark,
      Integer maxRequestTokens,
      String message) {
    assertThatThrownBy(
            () -> new KvCacheSpec(blockTokens, blocks, margin, watermark, maxRequestTokens))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
