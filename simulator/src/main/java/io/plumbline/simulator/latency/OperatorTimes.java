package io.plumbline.simulator.latency;

/**
 * Time of each operator of one transformer block on one device, and of the host, in milliseconds,
 * as profiles and trained tables state them. {@link BlockComposition} adds them up.
 */
public interface OperatorTimes {

  /** Time of an operator for so many tokens; 0 for one that the deployment does not run. */
  double tokenOperatorMs(TokenOperator operator, int tokens);

  /**
   * Attention of a decode batch.
   *
   * @param batchSize requests in decode
   * @param kvTokens context per request
   */
  double decodeAttentionMs(int batchSize, int kvTokens);

  /**
   * Attention of one prefill chunk.
   *
   * @param kvTokens context before the chunk
   * @param chunkTokens tokens of the chunk
   */
  double prefillAttentionMs(int kvTokens, int chunkTokens);

  /**
   * Time of the host for one iteration of so many requests; 0 for an operator without measurements.
   */
  double hostOperatorMs(HostOperator operator, int batchSize);

  /**
   * What an iteration of so many tokens takes longer after a pause of {@link
   * PauseOperator#PAUSE_SECONDS}; 0 where that was not measured.
   */
  default double afterPauseMs(int tokens) {
    return 0;
  }
}
