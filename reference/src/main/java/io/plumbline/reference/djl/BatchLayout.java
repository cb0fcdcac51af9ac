package io.plumbline.reference.djl;

import io.plumbline.reference.serving.Batch;
import io.plumbline.reference.serving.ServedRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A batch as flat arrays. The tokens of all requests are rows of one matrix, so that each linear
 * layer is one product. Attention goes by groups of requests with the same number of tokens: the
 * rows of a group are adjacent, and each of its requests reads as many rows of the cache as the
 * longest context of the group has, those beyond its own context being masked.
 */
final class BatchLayout {
  private final List<Group> groups;
  private final long[] ids;
  private final long[] positions;
  private final long[] slots;
  private final long[] contextSlots;
  private final long[] yieldingRows;

  /**
   * Requests that attend together.
   *
   * @param tokens tokens of each in this iteration
   * @param context longest context after them, in tokens
   */
  record Group(int requests, int tokens, int context) {}

  private BatchLayout(Batch batch, List<List<Integer>> members) {
    groups = new ArrayList<>(members.size());
    int contextRows = 0;
    for (List<Integer> group : members) {
      int context = 0;
      for (int i : group) {
        context = Math.max(context, contextOf(batch, i));
      }
      groups.add(new Group(group.size(), batch.tokens(group.get(0)), context));
      contextRows = Math.addExact(contextRows, Math.multiplyExact(group.size(), context));
    }
    ids = new long[batch.totalTokens()];
    positions = new long[ids.length];
    slots = new long[ids.length];
    contextSlots = new long[contextRows];
    yieldingRows = fill(batch, members);
  }

  private static int contextOf(Batch batch, int index) {
    return batch.request(index).computedTokens() + batch.tokens(index);
  }

  /** Each request alone. */
  static BatchLayout separate(Batch batch) {
    List<List<Integer>> members = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      members.add(List.of(i));
    }
    return new BatchLayout(batch, members);
  }

  /** All requests with a single token together, each other one alone. */
  static BatchLayout decodesTogether(Batch batch) {
    List<List<Integer>> members = new ArrayList<>();
    List<Integer> single = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      if (batch.tokens(i) == 1) {
        single.add(i);
      } else {
        members.add(List.of(i));
      }
    }
    if (!single.isEmpty()) {
      members.add(0, single);
    }
    return new BatchLayout(batch, members);
  }

  private long[] fill(Batch batch, List<List<Integer>> members) {
    int[] lastRow = new int[batch.size()];
    int row = 0;
    int contextRow = 0;
    for (int g = 0; g < members.size(); g++) {
      for (int i : members.get(g)) {
        ServedRequest request = batch.request(i);
        int context = contextOf(batch, i);
        for (int position = request.computedTokens(); position < context; position++) {
          ids[row] = request.tokenId(position);
          positions[row] = position;
          slots[row] = request.slot(position);
          row++;
        }
        lastRow[i] = row - 1;
        // What is left of the group's context stays slot 0: masked, but there to be read.
        for (int position = 0; position < context; position++) {
          contextSlots[contextRow + position] = request.slot(position);
        }
        contextRow += groups.get(g).context();
      }
    }
    return yieldingRows(batch, lastRow);
  }

  private static long[] yieldingRows(Batch batch, int[] lastRow) {
    long[] rows = new long[batch.size()];
    int count = 0;
    for (int i = 0; i < batch.size(); i++) {
      if (batch.yields(i)) {
        rows[count++] = lastRow[i];
      }
    }
    return Arrays.copyOf(rows, count);
  }

  List<Group> groups() {
    return groups;
  }

  /** Token id per row. */
  long[] ids() {
    return ids;
  }

  /** Position in its request per row. */
  long[] positions() {
    return positions;
  }

  /** Row of the cache that takes the keys and values of a row. */
  long[] slots() {
    return slots;
  }

  /** Rows of the cache that are read: by group, by request, by position. */
  long[] contextSlots() {
    return contextSlots;
  }

  /** Rows whose logits give a token, in the order of the batch. */
  long[] yieldingRows() {
    return yieldingRows;
  }
}
