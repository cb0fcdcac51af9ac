package io.plumbline.jobs.table;

import io.plumbline.trace.run.IterationRequests;
import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.RunManifest;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.run.TokenTimes;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Writes runs into the tables, one folder per run and table, each replaced whole. The row in {@code
 * run} is removed first and written last, so its presence is the mark of a finished run.
 */
public final class RunWriter {
  private final PartitionWriter partitions;

  /**
   * @param resultsDir folder of the tables, a path or a URI of a Hadoop file system
   */
  public RunWriter(String resultsDir) {
    this.partitions = new PartitionWriter(resultsDir);
  }

  /** Writes a run in place of an earlier one with the same origin and id. */
  public void write(RunManifest run, RunTrace trace, RunTags tags) {
    List<String> partition = partition(run.origin(), run.runId());
    partitions.remove(Table.RUN, partition);
    partitions.replace(
        Table.REQUEST_TIMING,
        partition,
        trace.requests().stream().map(r -> RequestTimingRow.of(run, r)).iterator());
    partitions.replace(
        Table.ITERATION_TIMING,
        partition,
        trace.iterations().stream().map(i -> IterationTimingRow.of(run, i)).iterator());
    partitions.replace(
        Table.ITERATION_REQUEST, partition, requestRows(run, trace.iterationRequests()));
    partitions.replace(
        Table.OPERATOR_TIME,
        partition,
        trace.operators().stream().map(o -> OperatorTimeRow.of(run, o)).iterator());
    partitions.replace(
        Table.UTILIZATION,
        partition,
        trace.utilization().stream().map(u -> UtilizationRow.of(run, u)).iterator());
    partitions.replace(Table.TOKEN_TIMING, partition, tokenRows(run, trace.tokens()));
    partitions.replace(
        Table.REQUEST_ATTEMPT,
        partition,
        trace.attempts().stream().map(a -> RequestAttemptRow.of(run, a)).iterator());
    partitions.replace(Table.RUN, partition, List.of(RunRow.of(run, trace, tags)).iterator());
  }

  /** Whether a run was written to its end. */
  public boolean isFinished(Origin origin, String runId) {
    return partitions.exists(Table.RUN, partition(origin, runId));
  }

  /** What each simulated run that was written to its end has recorded, by run id. */
  public Map<String, String> recordings() {
    return new RunRecordings(partitions).byRunId();
  }

  private static List<String> partition(Origin origin, String runId) {
    return List.of(RunRow.partitionValue(origin), runId);
  }

  private static Iterator<IterationRequestRow> requestRows(
      RunManifest run, IterationRequests requests) {
    if (requests == null) {
      return Collections.emptyIterator();
    }
    return IntStream.range(0, requests.iterations())
        .boxed()
        .flatMap(
            n ->
                IntStream.range(0, requests.size(n))
                    .mapToObj(i -> IterationRequestRow.of(run, requests, n, i)))
        .iterator();
  }

  private static Iterator<TokenTimingRow> tokenRows(RunManifest run, TokenTimes tokens) {
    if (tokens == null) {
      return Collections.emptyIterator();
    }
    return IntStream.range(0, tokens.requests())
        .boxed()
        .flatMap(
            r ->
                IntStream.range(0, tokens.tokens(r))
                    .mapToObj(k -> TokenTimingRow.of(run, tokens, r, k)))
        .iterator();
  }
}
