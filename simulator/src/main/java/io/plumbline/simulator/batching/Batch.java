package io.plumbline.simulator.batching;

import io.plumbline.trace.workload.Request;
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
  private boolean[] yields;
  private GraphMode graph = GraphMode.NONE;
  private int paddedTokens;
  private int size;
  private int totalTokens;
  private int prefillTokens;
  private int maxTokens;
  private int prefills;
  private long decodeContextTokens;
  private long prefillContextTokens;
  private long prefillContextPairs;
  private long prefillSquares;
  private double pauseSeconds;
  private double startSeconds;

  /** The run that this batch is a step of, and which one; null if it was written on its own. */
  private DecodeRun run;

  private int step;
  private int occasion;

  Batch(int expectedSize) {
    int capacity = Math.max(4, expectedSize);
    requests = new RequestProgress[capacity];
    tokens = new int[capacity];
    contextTokens = new int[capacity];
    prefill = new boolean[capacity];
    yields = new boolean[capacity];
  }

  /**
   * A batch of decodes outside of any run, to ask a predictor about.
   *
   * @param contextTokens of each, the token at hand included; at least 2
   */
  public static Batch ofDecodes(int decodes, int contextTokens) {
    Batch batch = new Batch(decodes);
    for (int id = 0; id < decodes; id++) {
      Request request = new Request(id, 0, contextTokens - 1, 2);
      batch.add(new RequestProgress(request, 0), 1, contextTokens, false, true);
    }
    return batch;
  }

  /** A batch of decodes moved on by so many tokens, of which it shares all that stays the same. */
  private Batch(Batch before, DecodeRun run, int step) {
    requests = before.requests;
    tokens = before.tokens;
    contextTokens = before.contextTokens;
    prefill = before.prefill;
    yields = before.yields;
    graph = before.graph;
    paddedTokens = before.paddedTokens;
    size = before.size;
    totalTokens = before.totalTokens;
    maxTokens = before.maxTokens;
    decodeContextTokens = before.decodeContextTokens + (long) step * size;
    this.run = run;
    this.step = before.step + step;
  }

  /** The batch that a step of a run is, so many steps after this one. */
  Batch movedOn(DecodeRun itsRun, int steps) {
    return new Batch(this, itsRun, steps);
  }

  /** The run that this batch is a step of; null if there is none or it was closed. */
  DecodeRun run() {
    return run != null && run.isOpen() ? run : null;
  }

  void closeRun() {
    if (run != null) {
      run.close();
    }
  }

  /** Notes after which of its scheduler's occasions it was formed. */
  void formedAt(int itsOccasion) {
    occasion = itsOccasion;
  }

  int formedAt() {
    return occasion;
  }

  /** Whether every request computes one token, having computed all before. */
  boolean isDecodes() {
    return prefills == 0 && maxTokens == 1;
  }

  /** Adds a request with its next tokens, as far as it has come. */
  void add(RequestProgress request, int tokenCount) {
    boolean inPrefill = !request.prefillComplete();
    int processed = request.processedTokens();
    add(
        request,
        tokenCount,
        processed,
        inPrefill,
        !inPrefill || processed + tokenCount == request.promptTokens());
  }

  /**
   * Adds a request.
   *
   * @param context as {@link #contextTokens} has it
   * @param inPrefill as {@link #isPrefill} has it
   * @param yieldsToken as {@link #yieldsToken} has it
   */
  void add(
      RequestProgress request,
      int tokenCount,
      int context,
      boolean inPrefill,
      boolean yieldsToken) {
    if (size == requests.length) {
      int capacity = size * 2;
      requests = Arrays.copyOf(requests, capacity);
      tokens = Arrays.copyOf(tokens, capacity);
      contextTokens = Arrays.copyOf(contextTokens, capacity);
      prefill = Arrays.copyOf(prefill, capacity);
      yields = Arrays.copyOf(yields, capacity);
    }
    requests[size] = request;
    tokens[size] = tokenCount;
    contextTokens[size] = context;
    prefill[size] = inPrefill;
    yields[size] = yieldsToken;
    if (inPrefill) {
      prefills++;
      prefillTokens += tokenCount;
      prefillContextTokens += context;
      prefillContextPairs += (long) tokenCount * context;
      prefillSquares += (long) tokenCount * tokenCount;
    } else {
      decodeContextTokens += context;
    }
    totalTokens += tokenCount;
    paddedTokens = totalTokens;
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
    return contextTokens[index] + step;
  }

  /** Whether a request is still in its prefill. */
  public boolean isPrefill(int index) {
    return prefill[index];
  }

  /** Whether the iteration gives a request an output token: it computes all that is known of it. */
  boolean yieldsToken(int index) {
    return yields[index];
  }

  /** Tokens of a request that are in the cache after this iteration. */
  int endTokens(int index) {
    int before = prefill[index] ? contextTokens(index) : contextTokens(index) - 1;
    return before + tokens[index];
  }

  /** Says how the forward pass is launched, once all requests are in. */
  void launchAs(GraphMode mode, int padded) {
    graph = mode;
    paddedTokens = padded;
  }

  /** How the forward pass is launched. */
  public GraphMode graph() {
    return graph;
  }

  /**
   * Tokens that the forward pass computes, those that fill a captured graph up included; in a batch
   * of decodes also its padded size.
   */
  public int paddedTokens() {
    return paddedTokens;
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

  /** Most tokens of any request; 1 in a batch of decodes alone. */
  int maxTokens() {
    return maxTokens;
  }

  /** Notes that a stage starts it. */
  public void stageStarts(double nowSeconds) {
    if (run() != null) {
      run.stageStarts(nowSeconds);
      return;
    }
    for (int i = 0; i < size; i++) {
      requests[i].stageStarts(nowSeconds);
    }
  }

  /** Notes that a stage is done with it. */
  public void stageEnds(double nowSeconds, double stageSeconds, double modelSeconds) {
    if (run() != null) {
      run.stageEnds(nowSeconds, stageSeconds, modelSeconds);
      return;
    }
    for (int i = 0; i < size; i++) {
      requests[i].stageEnds(nowSeconds, stageSeconds, modelSeconds);
    }
  }

  /**
   * Notes its end, if that is the same for all of its requests: each got an output token, and none
   * its last.
   *
   * @return false if its requests are to be looked at one by one
   */
  public boolean endsAsOne() {
    return run() != null && run.stepEnds();
  }

  /** Notes when it starts on its first stage. */
  public void startsAt(double nowSeconds) {
    startSeconds = nowSeconds;
  }

  /** When it started on its first stage; 0 until it does. */
  public double startSeconds() {
    return startSeconds;
  }

  /** Notes how long the first stage had nothing to do before this batch, in seconds. */
  public void startsAfterPause(double seconds) {
    pauseSeconds = seconds;
  }

  /** How long the first stage had nothing to do before this batch; 0 until it starts there. */
  public double pauseSeconds() {
    return pauseSeconds;
  }
}
