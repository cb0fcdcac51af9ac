package io.plumbline.jobs.original;

import io.plumbline.files.BadInputException;
import io.plumbline.files.run.RunFolder.LoadedRun;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.run.TokenTimes;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts what an original says of its requests back onto ours, so that both sides have the same
 * workload. Nothing is made fit: other lengths, or arrivals further away than its digits explain,
 * are errors. Where its clock begins does not matter.
 */
final class Rejoining {
  private Rejoining() {}

  static RunTrace join(LoadedRun theirs, Workload ours, long toleranceNanos) {
    List<RequestTiming> timings = theirs.trace().requests();
    if (timings.size() != ours.size()) {
      throw new BadInputException(
          "it has %d requests of %d".formatted(timings.size(), ours.size()));
    }
    long shift = timings.get(0).arrivalNanos() - ours.request(0).arrivalNanos();
    List<RequestTiming> joined = new ArrayList<>();
    for (int id = 0; id < ours.size(); id++) {
      joined.add(joined(timings.get(id), ours.request(id), shift, toleranceNanos));
    }
    return new RunTrace(joined, List.of(), tokens(theirs.trace(), ours));
  }

  private static RequestTiming joined(
      RequestTiming timing, Request request, long shift, long toleranceNanos) {
    if (timing.promptTokens() != request.promptTokens()
        || timing.outputTokens() != request.outputTokens()) {
      throw new BadInputException(
          "its request %d has %d + %d tokens, not %d + %d. Maybe it cut the request to its limits."
              .formatted(
                  request.id(),
                  timing.promptTokens(),
                  timing.outputTokens(),
                  request.promptTokens(),
                  request.outputTokens()));
    }
    long arrival = timing.arrivalNanos() - shift;
    long own = timing.arrivalNanos() - request.arrivalNanos();
    if (Math.abs(arrival - request.arrivalNanos()) > toleranceNanos) {
      throw new BadInputException(
          "its request %d arrives at %d ns, not %d"
              .formatted(request.id(), arrival, request.arrivalNanos()));
    }
    return new RequestTiming(
        request.id(),
        timing.replica(),
        request.arrivalNanos(),
        after(timing.scheduledNanos(), own),
        after(timing.firstTokenNanos(), own),
        after(timing.endNanos(), own),
        request.promptTokens(),
        request.outputTokens(),
        timing.producedTokens(),
        timing.preemptions(),
        timing.outcome());
  }

  /** What it says is a duration after its own arrival, whose last digit may not be ours. */
  private static Long after(Long nanos, long shift) {
    return nanos == null ? null : Long.valueOf(nanos - shift);
  }

  private static TokenTimes tokens(RunTrace theirs, Workload ours) {
    TokenTimes tokens = theirs.tokens();
    if (tokens == null) {
      return null;
    }
    long[][] nanos = new long[ours.size()][];
    for (int id = 0; id < nanos.length; id++) {
      long own = theirs.requests().get(id).arrivalNanos() - ours.request(id).arrivalNanos();
      nanos[id] = new long[tokens.tokens(id)];
      for (int token = 0; token < nanos[id].length; token++) {
        nanos[id][token] = tokens.nanos(id, token) - own;
      }
    }
    return TokenTimes.of(nanos);
  }
}
