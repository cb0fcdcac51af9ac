package io.plumbline.reference.serving;

import io.plumbline.trace.workload.Request;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What one iteration runs: requests and how many of each one's next tokens. */
public final class Batch {
  private final List<ServedRequest> requests = new ArrayList<>();
  private int[] tokens = new int[8];
  private int totalTokens;
  private int prefillTokens;

  /**
   * A batch of equal requests, as no scheduler formed it: for measuring a size.
   *
   * @param requests how many
   * @param tokens of each in this iteration
   * @param contextTokens of each that are in the cache already
   */
  public static Batch ofEqual(ServingPlan plan, int requests, int tokens, int contextTokens) {
    KvBlocks blocks = plan.newBlocks();
    Batch batch = new Batch();
    int known = contextTokens + tokens;
    for (int id = 0; id < requests; id++) {
      long[] ids = new long[known];
      Arrays.setAll(ids, position -> position % plan.model().vocabularySize());
      ServedRequest request =
          new ServedRequest(new Request(id, 0, known, 1), ids, plan.blockTokens());
      blocks.grow(request, known);
      request.computed(contextTokens);
      batch.add(request, tokens);
    }
    return batch;
  }

  void add(ServedRequest request, int count) {
    if (requests.size() == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * tokens.length);
    }
    tokens[requests.size()] = count;
    requests.add(request);
    totalTokens += count;
    if (request.prefilling()) {
      prefillTokens += count;
    }
  }

  /** Number of requests. */
  public int size() {
    return requests.size();
  }

  public ServedRequest request(int index) {
    return requests.get(index);
  }

  /** Tokens of one request in this iteration: those after its computed ones. */
  public int tokens(int index) {
    return tokens[index];
  }

  /** Whether the iteration computes all that a request has, and so gives it a new token. */
  public boolean yields(int index) {
    ServedRequest request = requests.get(index);
    return request.computedTokens() + tokens[index] == request.knownTokens();
  }

  public int totalTokens() {
    return totalTokens;
  }

  int prefillTokens() {
    return prefillTokens;
  }

  int decodeTokens() {
    return totalTokens - prefillTokens;
  }
}
