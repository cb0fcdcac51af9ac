package io.plumbline.jobs.ingest;

import io.plumbline.files.BadInputException;
import io.plumbline.files.run.RunFolder.LoadedRun;
import io.plumbline.trace.run.IterationTiming;
import io.plumbline.trace.run.RequestOutcome;
import io.plumbline.trace.run.RequestTiming;
import io.plumbline.trace.run.RunManifest;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.run.TokenTimes;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.Workload;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Requests as a log has them, in any order and on any clock, on their way to a run: sorted by
 * arrival they get their ids; two that arrive together keep the order of the log.
 */
final class RequestLog {
  /** Software of a run whose times a client saw, in the words of one that was replayed here. */
  static final Map<String, String> CLIENT_CLOCK = Map.of("clock", "client");

  private final List<Entry> entries = new ArrayList<>();

  /** Where the zero of a run's times is. */
  enum Zero {
    /** The clock of the log starts with the run. */
    OF_THE_LOG,
    /** The clock of the log is some other one: times count from the first arrival. */
    FIRST_ARRIVAL
  }

  /** One request; its times are nanoseconds on the clock of the log, null if not reached. */
  static final class Entry {
    private final String where;
    private final long arrivalNanos;
    private final int promptTokens;
    private final int outputTokens;
    private Integer replica;
    private Long scheduledNanos;
    private Long firstTokenNanos;
    private Long endNanos;
    private int producedTokens;
    private int preemptions;
    private RequestOutcome outcome = RequestOutcome.UNFINISHED;
    private long[] tokenNanos;

    private Entry(String where, long arrivalNanos, int promptTokens, int outputTokens) {
      this.where = where;
      this.arrivalNanos = arrivalNanos;
      this.promptTokens = promptTokens;
      this.outputTokens = outputTokens;
    }

    Entry replica(Integer value) {
      replica = value;
      return this;
    }

    Entry scheduled(Long nanos) {
      scheduledNanos = nanos;
      return this;
    }

    Entry firstToken(Long nanos) {
      firstTokenNanos = nanos;
      return this;
    }

    /** It ended with all its output tokens. */
    Entry completed(long nanos) {
      endNanos = nanos;
      producedTokens = outputTokens;
      outcome = RequestOutcome.COMPLETED;
      return this;
    }

    /** It broke, and nothing of it is known. */
    Entry failed() {
      outcome = RequestOutcome.FAILED;
      return this;
    }

    Entry preemptions(int times) {
      preemptions = times;
      return this;
    }

    /** The time of each produced token, the first one included; null if not recorded. */
    Entry tokens(long[] nanos) {
      tokenNanos = nanos;
      return this;
    }

    private RequestTiming timing(int id, long zero) {
      try {
        return new RequestTiming(
            id,
            replica,
            arrivalNanos - zero,
            minus(scheduledNanos, zero),
            minus(firstTokenNanos, zero),
            minus(endNanos, zero),
            promptTokens,
            outputTokens,
            producedTokens,
            preemptions,
            outcome);
      } catch (IllegalArgumentException e) {
        throw new BadInputException("%s: %s".formatted(where, e.getMessage()), e);
      }
    }

    private static Long minus(Long nanos, long zero) {
      return nanos == null ? null : Long.valueOf(nanos - zero);
    }
  }

  /**
   * Adds a request that has not got anywhere yet.
   *
   * @param where file and line, for messages
   */
  Entry add(String where, long arrivalNanos, int promptTokens, int outputTokens) {
    Entry entry = new Entry(where, arrivalNanos, promptTokens, outputTokens);
    entries.add(entry);
    return entry;
  }

  int size() {
    return entries.size();
  }

  /** The run of these requests; iterations count from the zero of the log. */
  LoadedRun toRun(
      Zero zeroAt, List<IterationTiming> iterations, Function<String, RunManifest> manifest) {
    entries.sort(Comparator.comparingLong(entry -> entry.arrivalNanos));
    long zero = zeroAt == Zero.OF_THE_LOG ? 0 : entries.get(0).arrivalNanos;
    List<Request> requests = new ArrayList<>();
    List<RequestTiming> timings = new ArrayList<>();
    for (Entry entry : entries) {
      requests.add(request(entry, requests.size(), zero));
      timings.add(entry.timing(timings.size(), zero));
    }
    Workload workload = new Workload(requests);
    RunTrace trace = new RunTrace(timings, iterations, tokenTimes(zero));
    return new LoadedRun(workload, trace, manifest.apply(workload.workloadId()));
  }

  private static Request request(Entry entry, int id, long zero) {
    try {
      return new Request(id, entry.arrivalNanos - zero, entry.promptTokens, entry.outputTokens);
    } catch (IllegalArgumentException e) {
      throw new BadInputException("%s: %s".formatted(entry.where, e.getMessage()), e);
    }
  }

  /** Token times are only those of a run if all its requests have them. */
  private TokenTimes tokenTimes(long zero) {
    long[][] nanos = new long[entries.size()][];
    for (int i = 0; i < nanos.length; i++) {
      Entry entry = entries.get(i);
      if (entry.tokenNanos == null && entry.producedTokens > 0) {
        return null;
      }
      nanos[i] = entry.tokenNanos == null ? new long[0] : entry.tokenNanos.clone();
      for (int t = 0; t < nanos[i].length; t++) {
        nanos[i][t] -= zero;
      }
    }
    try {
      return TokenTimes.of(nanos);
    } catch (IllegalArgumentException e) {
      throw new BadInputException("token times: " + e.getMessage(), e);
    }
  }
}
