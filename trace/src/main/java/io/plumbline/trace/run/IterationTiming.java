package io.plumbline.trace.run;

import java.io.Serializable;

/**
 * One forward pass of a batch on one pipeline stage.
 *
 * @param replica replica, from 0
 * @param stage pipeline stage, from 0
 * @param iteration number of the batch in its run, from 0; the same on all its stages
 * @param startNanos start in ns from the start of the run
 * @param durationNanos how long the stage was busy with it
 * @param batchSize requests in the batch
 * @param prefillTokens prompt tokens processed
 * @param decodeTokens tokens of requests in decode, one each
 * @param kvBlocksUsed KV blocks allocated on the replica when the stage started; null if unknown
 * @param scheduledNanos when the batch was formed, in ns from the start of the run; null if unknown
 * @param hostNanos part of the duration that the devices waited for the host; null if unknown
 * @param modelFlops floating-point operations of the model, on all devices of the stage together;
 *     null if unknown
 * @param mfuPercent those of the devices' peak over the duration, in percent; null if unknown
 * @param scheduleNanos part of the duration in which the batch was formed; null if unknown, as are
 *     the others
 * @param prepareNanos part of it in which the batch's tensors went to the device
 * @param forwardNanos part of it in which the model ran
 * @param sampleNanos part of it in which the next tokens were chosen and read back
 */
public record IterationTiming(
    int replica,
    int stage,
    long iteration,
    long startNanos,
    long durationNanos,
    int batchSize,
    int prefillTokens,
    int decodeTokens,
    Integer kvBlocksUsed,
    Long scheduledNanos,
    Long hostNanos,
    Double modelFlops,
    Double mfuPercent,
    Long scheduleNanos,
    Long prepareNanos,
    Long forwardNanos,
    Long sampleNanos)
    implements Serializable {

  /** An iteration of which only the times and the batch are known. */
  public IterationTiming(
      int replica,
      int stage,
      long iteration,
      long startNanos,
      long durationNanos,
      int batchSize,
      int prefillTokens,
      int decodeTokens,
      Integer kvBlocksUsed) {
    this(
        replica,
        stage,
        iteration,
        startNanos,
        durationNanos,
        batchSize,
        prefillTokens,
        decodeTokens,
        kvBlocksUsed,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }
}
