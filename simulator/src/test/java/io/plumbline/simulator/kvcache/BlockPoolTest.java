package io.plumbline.simulator.kvcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.trace.workload.PromptBlocks;
import io.plumbline.trace.workload.Request;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BlockPoolTest {
  private static final int BLOCK_TOKENS = 4;

  private static BlockTable table(int id, int promptTokens, int family) {
    long[] hashes = new long[promptTokens / BLOCK_TOKENS];
    Arrays.setAll(hashes, block -> 1000L * family + block);
    Request request =
        new Request(id, 0, promptTokens, 100, new PromptBlocks(BLOCK_TOKENS, hashes), null, null);
    return new BlockTable(new BlockHashes(request, null, BLOCK_TOKENS));
  }

  @Test
  void theFirstBlockIsReserved() {
    BlockPool pool = new BlockPool(new KvCacheSize(5, BLOCK_TOKENS, 0), true);
    BlockTable table = table(0, 20, 0);
    assertThat(pool.usableBlocks()).isEqualTo(4);
    assertThat(pool.fits(table, 0, 16, 0)).isTrue();
    assertThat(pool.fits(table, 0, 16, 1)).isFalse();
    assertThat(pool.fits(table, 0, 17, 0)).isFalse();
    pool.take(table, 0, 16);
    assertThat(Arrays.copyOf(table.blocks, 4)).containsExactly(1, 2, 3, 4);
    assertThat(pool.freeBlocks()).isZero();
  }

  @Test
  void theFirstOfSeveralBlocksWithOneHashIsFoundUntilItIsGone() {
    BlockPool pool = new BlockPool(new KvCacheSize(5, BLOCK_TOKENS, 0), true);
    BlockTable first = table(0, 4, 7);
    BlockTable second = table(1, 4, 7);
    pool.take(first, 0, 4);
    pool.take(second, 0, 4);
    pool.publish(second, 4);
    pool.publish(first, 4);
    BlockTable third = table(2, 8, 7);
    assertThat(pool.lookUp(third, 8)).isEqualTo(1);
    assertThat(third.blocks[0]).isEqualTo(2);
    // Free: 3 4 2. Three blocks are taken, and 2 loses its hash.
    pool.release(second);
    BlockTable other = table(3, 12, 8);
    pool.take(other, 0, 12);
    assertThat(pool.lookUp(third, 8)).isEqualTo(1);
    assertThat(third.blocks[0]).isEqualTo(1);
  }

  /** The same rules, with the collections of the library. */
  private static final class PlainPool {
    final ArrayDeque<Integer> free = new ArrayDeque<>();
    final Map<Long, LinkedHashSet<Integer>> index = new HashMap<>();
    final Map<Integer, Long> hashOf = new HashMap<>();
    final Map<Integer, Integer> holders = new HashMap<>();

    PlainPool(int blocks) {
      for (int block = 1; block < blocks; block++) {
        free.addLast(block);
      }
    }

    List<Integer> lookUp(BlockHashes hashes, int tokens) {
      List<Integer> found = new ArrayList<>();
      for (int place = 0; place < (tokens - 1) / BLOCK_TOKENS; place++) {
        LinkedHashSet<Integer> same = index.get(hashes.hash(place));
        if (same == null) {
          break;
        }
        found.add(same.iterator().next());
      }
      return found;
    }

    void hold(int block) {
      if (holders.merge(block, 1, Integer::sum) == 1) {
        free.remove(block);
      }
    }

    int take() {
      int block = free.pollFirst();
      Long hash = hashOf.remove(block);
      if (hash != null) {
        index.get(hash).remove(block);
        if (index.get(hash).isEmpty()) {
          index.remove(hash);
        }
      }
      holders.merge(block, 1, Integer::sum);
      return block;
    }

    void publish(int block, long hash) {
      hashOf.put(block, hash);
      index.computeIfAbsent(hash, key -> new LinkedHashSet<>()).add(block);
    }

    void release(List<Integer> blocks) {
      for (int i = blocks.size() - 1; i >= 0; i--) {
        int block = blocks.get(i);
        if (holders.merge(block, -1, Integer::sum) == 0) {
          free.addLast(block);
        }
      }
    }
  }

  static LongStream seeds() {
    return LongStream.range(0, 100);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void flatArraysDoWhatPlainCollectionsDo(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int blocks = 5 + random.nextInt(60);
    BlockPool pool = new BlockPool(new KvCacheSize(blocks, BLOCK_TOKENS, 0), true);
    PlainPool plain = new PlainPool(blocks);
    Map<BlockTable, List<Integer>> held = new LinkedHashMap<>();
    int hits = 0;
    for (int step = 0; step < 500; step++) {
      if (!held.isEmpty() && random.nextInt(3) == 0) {
        BlockTable released = new ArrayList<>(held.keySet()).get(random.nextInt(held.size()));
        pool.release(released);
        plain.release(held.remove(released));
      } else {
        int tokens = 1 + random.nextInt(40);
        BlockTable table = table(step, tokens, random.nextInt(4));
        List<Integer> found = plain.lookUp(table.hashes, tokens);
        int count = pool.lookUp(table, tokens);
        assertThat(Arrays.stream(table.blocks, 0, count).boxed().toList()).isEqualTo(found);
        int needed = (tokens + BLOCK_TOKENS - 1) / BLOCK_TOKENS;
        long revived = found.stream().filter(plain.free::contains).count();
        boolean fits = needed - count + revived <= plain.free.size();
        assertThat(pool.fits(table, count, tokens, 0)).isEqualTo(fits);
        if (!fits) {
          continue;
        }
        hits += count;
        pool.take(table, count, tokens);
        pool.publish(table, tokens);
        List<Integer> own = new ArrayList<>(found);
        found.forEach(plain::hold);
        while (own.size() < needed) {
          own.add(plain.take());
        }
        for (int place = count; place < tokens / BLOCK_TOKENS; place++) {
          plain.publish(own.get(place), table.hashes.hash(place));
        }
        assertThat(Arrays.stream(table.blocks, 0, table.held()).boxed().toList()).isEqualTo(own);
        held.put(table, own);
      }
      assertThat(pool.freeBlocks()).isEqualTo(plain.free.size());
      assertThat(pool.usedBlocks() + pool.freeBlocks()).isEqualTo(blocks - 1);
    }
    assertThat(hits).isPositive();
  }
}
