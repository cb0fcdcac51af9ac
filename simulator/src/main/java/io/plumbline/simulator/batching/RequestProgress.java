package io.plumbline.simulator.batching;

import io.plumbline.simulator.kvcache.BlockHashes;
import io.plumbline.trace.workload.Request;

/**
 * The one mutable state of a request inside a cluster. A scheduler sees the prompt and how far the
 * request has come; when its output really ends stays private here, because no server knows it.
 *
 * <p>Prompt and output lengths change when a request restarts: output that was made becomes prompt.
 */
public final class RequestProgress {
  private static final double NEVER = Double.NaN;

  private final Request request;
  private final Request nextTurn;
  private final int id;
  private final double arrivalSeconds;
  private final int maxTotalTokens;
  private int promptTokens;
  private int outputTokens;
  private int processedTokens;
  private int producedTokens;
  private int preemptions;
  private int heldBlocks;
  private boolean prefillComplete;
  private boolean completed;
  private boolean handsOver;
  private double queuedSeconds = NEVER;
  private double scheduledSeconds = NEVER;
  private double firstTokenSeconds = NEVER;
  private double endSeconds = NEVER;
  private double stageEndSeconds = NEVER;
  private double executionSeconds;
  private double modelExecutionSeconds;
  private double preemptedSeconds;

  /** What a scheduler without phases keeps of the request until it ends; null elsewhere. */
  Sequence sequence;

  /** What counts its steps for it; null while it counts alone. */
  private DecodeRun run;

  public RequestProgress(Request request, double arrivalSeconds) {
    this(request, arrivalSeconds, null);
  }

  /**
   * @param nextTurn the next request of its session; null if there is none
   */
  public RequestProgress(Request request, double arrivalSeconds, Request nextTurn) {
    this.request = request;
    this.nextTurn = nextTurn;
    this.id = request.id();
    this.arrivalSeconds = arrivalSeconds;
    this.maxTotalTokens = Math.toIntExact(request.totalTokens());
    this.promptTokens = request.promptTokens();
    this.outputTokens = request.outputTokens();
  }

  public int id() {
    return id;
  }

  /** What arrived: a scheduler may read its prompt blocks, priority and session, not its output. */
  public Request request() {
    return request;
  }

  public double arrivalSeconds() {
    return arrivalSeconds;
  }

  /** Tokens to prefill since the last restart. */
  public int promptTokens() {
    return promptTokens;
  }

  /**
   * Longest context it may reach where it is. A server knows it: every request states the most
   * tokens it wants, and a replica that only prefills it is asked for one.
   */
  public int maxTotalTokens() {
    return handsOver ? request.promptTokens() + 1 : maxTotalTokens;
  }

  /** Lets it leave the replica that it is placed on with its first token, unless that is all. */
  public void leaveAfterPrefill() {
    handsOver = request.outputTokens() > 1;
  }

  /** Goes on, with its prompt computed and its first token made, on a replica that decodes. */
  public void goOnWithDecode() {
    handsOver = false;
    prefillComplete = true;
    processedTokens = promptTokens + producedTokens;
  }

  /** Whether another replica is to decode it. */
  public boolean handsOver() {
    return handsOver;
  }

  /** Whether nothing is left to do for it where it is. */
  public boolean leaves() {
    return completed || (handsOver && producedTokens > 0);
  }

  /** Tokens in the KV cache, counting the one whose keys and values the next iteration writes. */
  public int processedTokens() {
    return processedTokens + (sequence == null ? tokensOfRun() : 0);
  }

  /** Output tokens made so far, over all restarts. */
  public int producedTokens() {
    return producedTokens + tokensOfRun();
  }

  private int tokensOfRun() {
    return run == null ? 0 : run.endedSteps();
  }

  /** Decodes until its output ends: for ending a run of them, and for no policy to know. */
  int decodesLeft() {
    return sequence == null
        ? promptTokens + outputTokens - processedTokens()
        : maxTotalTokens - promptTokens - producedTokens();
  }

  public int preemptions() {
    return preemptions;
  }

  /** KV blocks that it holds. */
  public int heldBlocks() {
    return heldBlocks;
  }

  public boolean prefillComplete() {
    return prefillComplete;
  }

  public boolean completed() {
    return completed;
  }

  /** When the engine took notice of it; NaN before. */
  public double queuedSeconds() {
    return queuedSeconds;
  }

  /** Notes that the engine takes notice of it. */
  public void takenIn(double nowSeconds) {
    queuedSeconds = nowSeconds;
  }

  /** Start of its first iteration; NaN before. */
  public double scheduledSeconds() {
    return scheduledSeconds;
  }

  /** End of its first prefill; NaN before. */
  public double firstTokenSeconds() {
    return firstTokenSeconds;
  }

  /** End of its last iteration; NaN before. */
  public double endSeconds() {
    return endSeconds;
  }

  /**
   * Time that stages were busy with its batches, in seconds: each stage of each iteration counts
   * whole, whoever else was in the batch.
   */
  public double executionSeconds() {
    return run == null ? executionSeconds : run.times().addBusy(executionSeconds);
  }

  /** The same without the time of the host. */
  public double modelExecutionSeconds() {
    return run == null ? modelExecutionSeconds : run.times().addModel(modelExecutionSeconds);
  }

  /**
   * Time in seconds that no stage was busy with it, from its first stage on: waiting between
   * iterations, between stages, or after a restart.
   */
  public double preemptedSeconds() {
    return run == null ? preemptedSeconds : run.times().addWaits(preemptedSeconds);
  }

  /** End of the last stage that it counted alone; NaN before. */
  double stageEndSeconds() {
    return stageEndSeconds;
  }

  /** Lets a run count its steps. */
  void join(DecodeRun newRun) {
    run = newRun;
  }

  /** Puts its sums of busy, model's and waiting seconds at a place of arrays. */
  void sums(int at, double[] busy, double[] model, double[] waits) {
    busy[at] = executionSeconds;
    model[at] = modelExecutionSeconds;
    waits[at] = preemptedSeconds;
  }

  /**
   * Takes over what a run counted, the sums with its steps added.
   *
   * @param lastStageEndSeconds NaN if no stage ended since the run began
   */
  void leave(int tokens, double busy, double model, double waits, double lastStageEndSeconds) {
    run = null;
    producedTokens += tokens;
    processedTokens += sequence == null ? tokens : 0;
    executionSeconds = busy;
    modelExecutionSeconds = model;
    preemptedSeconds = waits;
    if (!Double.isNaN(lastStageEndSeconds)) {
      stageEndSeconds = lastStageEndSeconds;
    }
  }

  /** Notes that a stage starts a batch with it. */
  public void stageStarts(double nowSeconds) {
    if (!Double.isNaN(stageEndSeconds)) {
      preemptedSeconds += nowSeconds - stageEndSeconds;
    }
  }

  /** Notes that a stage is done with a batch with it. */
  public void stageEnds(double nowSeconds, double stageSeconds, double modelSeconds) {
    executionSeconds += stageSeconds;
    modelExecutionSeconds += modelSeconds;
    stageEndSeconds = nowSeconds;
  }

  /** Notes that a batch with it starts; the first time counts. */
  public void batchStarts(double nowSeconds) {
    if (Double.isNaN(scheduledSeconds)) {
      scheduledSeconds = nowSeconds;
    }
  }

  /**
   * Notes that a batch with it ended. The iteration that completes the prefill also yields the
   * first output token.
   *
   * @param tokens its tokens in that batch
   * @return whether the iteration yielded an output token
   */
  public boolean batchEnded(int tokens, double nowSeconds) {
    boolean decoding = prefillComplete;
    int totalTokens = promptTokens + outputTokens;
    processedTokens += tokens;
    if (processedTokens > totalTokens) {
      throw new IllegalStateException(
          "Request (%d) processed %d of %d tokens".formatted(id, processedTokens, totalTokens));
    }
    boolean prefillEnds = processedTokens == promptTokens;
    if (prefillEnds) {
      prefillComplete = true;
      processedTokens++;
      if (Double.isNaN(firstTokenSeconds)) {
        firstTokenSeconds = nowSeconds;
      }
    }
    if (processedTokens == totalTokens) {
      completed = true;
      endSeconds = nowSeconds;
    }
    boolean yields = prefillEnds || decoding;
    if (yields) {
      producedTokens++;
    }
    return yields;
  }

  /** Identities of its KV blocks of so many tokens. */
  BlockHashes blockHashes(int blockTokens) {
    return new BlockHashes(request, nextTurn, blockTokens);
  }

  /**
   * Notes an output token, for schedulers that tell themselves when there is one. The last one that
   * the request wants completes it.
   */
  void tokenMade(double nowSeconds) {
    producedTokens++;
    if (Double.isNaN(firstTokenSeconds)) {
      firstTokenSeconds = nowSeconds;
    }
    if (promptTokens + producedTokens == maxTotalTokens) {
      completed = true;
      endSeconds = nowSeconds;
    }
  }

  /** Notes a preemption that takes nothing of what was made. */
  void preempted() {
    preemptions++;
  }

  void hold(int blocks) {
    heldBlocks += blocks;
  }

  void holdNothing() {
    heldBlocks = 0;
  }

  /**
   * Loses all progress: what was processed is to be prefilled again, the output so far included.
   */
  void restart() {
    restart(processedTokens);
  }

  /** Loses all progress but keeps the prompt whole, even where only a part of it was processed. */
  void restartKeepingPrompt() {
    restart(Math.max(promptTokens, processedTokens));
  }

  private void restart(int newPromptTokens) {
    outputTokens += promptTokens - newPromptTokens;
    promptTokens = newPromptTokens;
    processedTokens = 0;
    prefillComplete = false;
    preemptions++;
  }
}
