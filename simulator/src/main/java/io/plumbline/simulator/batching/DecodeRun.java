package io.plumbline.simulator.batching;

/**
 * A batch of decodes that stays together: in each step every request moves on by one token. What a
 * step changes is noted once, not for each request, and a request adds it to its own numbers when
 * it is asked for them or when the run closes. Times are added one by one in the order of the
 * steps, so that every sum has the bits that it would have without runs.
 *
 * <p>A run closes as soon as anything else than the next step may happen, with steps in flight or
 * not: those are then accounted for request by request, as in any other batch. It never counts the
 * last token of a request itself.
 */
abstract class DecodeRun {
  /** Whose requests these are; where this run begins, all of them have been in it. */
  private final Batch before;

  private final StageTimes times;

  /** The step that makes the last token of a request: the run ends before that step does. */
  private final int lastStep;

  private int scheduledSteps;
  private int endedSteps;
  private boolean open;

  /**
   * @param before a batch of decodes that was scheduled; all its requests get a token at its end,
   *     if it has not ended yet, and have one more token to compute
   * @param lastStep number of the step, from 1, that makes the last token of one of them
   */
  DecodeRun(Batch before, int lastStep) {
    this.before = before;
    this.lastStep = lastStep;
    this.times = new StageTimes();
  }

  /** Takes memory for one more step, if the run has one and there is room for it. */
  abstract boolean takeBlocks();

  /** Tells a request's memory of the steps that the run scheduled and of those that ended. */
  abstract void settle(RequestProgress request, int scheduled, int ended);

  final int size() {
    return before.size();
  }

  final RequestProgress request(int index) {
    return before.request(index);
  }

  final boolean isOpen() {
    return open;
  }

  final boolean hasNextStep() {
    return scheduledSteps < lastStep;
  }

  final int scheduledSteps() {
    return scheduledSteps;
  }

  /** Steps that have ended: tokens that each request has got since the run began. */
  final int endedSteps() {
    return endedSteps;
  }

  /** Schedules the next step, for which {@link #takeBlocks} has made room. */
  final Batch nextStep() {
    if (!open) {
      open = true;
      for (int i = 0; i < size(); i++) {
        request(i).join(this);
      }
    }
    scheduledSteps++;
    return before.movedOn(this, scheduledSteps);
  }

  final void stageStarts(double nowSeconds) {
    if (times.isEmpty()) {
      // All were in the batch before, so its last stage ended for all of them at one time.
      times.beginAt(request(0).stageEndSeconds());
    }
    times.stageStarts(nowSeconds);
  }

  final void stageEnds(double nowSeconds, double stageSeconds, double modelSeconds) {
    times.stageEnds(nowSeconds, stageSeconds, modelSeconds);
  }

  /**
   * Notes that a step ended, or closes the run if it made the last token of a request.
   *
   * @return whether it is noted
   */
  final boolean stepEnds() {
    if (endedSteps + 1 == lastStep) {
      close();
      return false;
    }
    endedSteps++;
    return true;
  }

  /** Times of stages since the run began. */
  final StageTimes times() {
    return times;
  }

  /** Lets every request take over what the run has noted, and go on alone. */
  final void close() {
    if (!open) {
      return;
    }
    open = false;
    int size = size();
    double[] execution = new double[size];
    double[] model = new double[size];
    double[] preempted = new double[size];
    for (int i = 0; i < size; i++) {
      request(i).sums(i, execution, model, preempted);
    }
    times.addTo(execution, model, preempted);
    for (int i = 0; i < size; i++) {
      settle(request(i), scheduledSteps, endedSteps);
      request(i).leave(endedSteps, execution[i], model[i], preempted[i], times.lastEndSeconds());
    }
  }
}
