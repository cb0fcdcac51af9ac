package io.plumbline.simulator.batching;

import java.util.Arrays;

/**
 * What one iteration runs: requests and how many tokens of each. The numbers a latency model needs
 * are taken when a request is added and do not change while the batch passes the stages.
 */
public final class Batch {
  private RequestProgress[] requests;
  private int[] tokens;
  private int[] contextTokens;
  private boolean[] prefill;
  private int size;
  private int totalTokens;
  private int prefillTokens;
  private int maxTokens;

  Batch(int expectedSize) {
    int capacity = Math.max(4, expectedSize);
    requests = new RequestProgress[capacity];
    tokens = new int[capacity];
    contextTokens = new int[capacity];
    prefill = new boolean[capacity];
  }

  void add(RequestProgress request, int tokenCount) {
    if (size == requests.length) {
      int capacity = size * 2;
      requests = Arrays.copyOf(requests, capacity);
      tokens = Arrays.copyOf(tokens, capacity);
      contextTokens = Arrays.copyOf(contextTokens, capacity);
      prefill = Arrays.copyOf(prefill, capacity);
    }
    requests[size] = request;
    tokens[size] = tokenCount;
    contextTokens[size] = request.processedTokens();
    prefill[size] = !request.prefillComplete();
    if (prefill[size]) {
      prefillTokens += tokenCount;
    }
    totalTokens += tokenCount;
    maxTokens = Math.max(maxTokens, tokenCount);
    size++;
  }

  /** Number of requests. */
  public int size() {
    return size;
  }

  public RequestProgress request(int index) {
    return requests[index];
  }

  /** Tokens of one request in this iteration. */
  public int tokens(int index) {
    return tokens[index];
  }

  /**
   * Context of one request before this iteration: prompt tokens already prefilled, or in decode the
   * whole context with the token at hand.
   */
  public int contextTokens(int index) {
    return contextTokens[index];
  }

  /** Whether a request is still in its prefill. */
  public boolean isPrefill(int index) {
    return prefill[index];
  }

  public int totalTokens() {
    return totalTokens;
  }

  public int prefillTokens() {
    return prefillTokens;
  }

  public int decodeTokens() {
    return totalTokens - prefillTokens;
  }

  /** Most tokens of any request. */
  int maxTokens() {
    return maxTokens;
  }
}
