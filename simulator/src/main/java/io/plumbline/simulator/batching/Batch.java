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
  private int prefills;
  private long decodeContextTokens;
  private long prefillContextTokens;
  private long prefillContextPairs;
  private long prefillSquares;

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
    long context = request.processedTokens();
    if (prefill[size]) {
      prefills++;
      prefillTokens += tokenCount;
      prefillContextTokens += context;
      prefillContextPairs += tokenCount * context;
      prefillSquares += (long) tokenCount * tokenCount;
    } else {
      decodeContextTokens += context;
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

  /** Requests in their prefill. */
  public int prefills() {
    return prefills;
  }

  /** Requests in decode. */
  public int decodes() {
    return size - prefills;
  }

  /** Context of all requests in decode together. */
  public long decodeContextTokens() {
    return decodeContextTokens;
  }

  /** Context of all requests in prefill together, before this iteration. */
  public long prefillContextTokens() {
    return prefillContextTokens;
  }

  /** Pairs of a token of a prefill and one of the context before it: their products' sum. */
  public long prefillContextPairs() {
    return prefillContextPairs;
  }

  /** Sum of the squares of the tokens of each prefill. */
  public long prefillSquares() {
    return prefillSquares;
  }

  /**
   * Pairs of a token and one that it attends to: a decode its context; token k of a prefill the
   * context before it and k tokens of its own.
   */
  public long attendedPairs() {
    return decodeContextTokens + prefillPairs();
  }

  /** Those of prefills. */
  public long prefillPairs() {
    return prefillContextPairs + (prefillSquares + prefillTokens) / 2;
  }

  /** Most tokens of any request. */
  int maxTokens() {
    return maxTokens;
  }
}
