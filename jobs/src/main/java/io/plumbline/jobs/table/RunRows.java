package io.plumbline.jobs.table;

import io.plumbline.trace.run.IterationRequests;
import io.plumbline.trace.run.RunManifest;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.run.TokenTimes;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/** The rows of a run, table by table; the one of {@code run} comes last. */
final class RunRows {
  /** The tables that a run has rows in, besides {@code run}. */
  static final List<Table> TABLES =
      List.of(
          Table.REQUEST_TIMING,
          Table.ITERATION_TIMING,
          Table.ITERATION_REQUEST,
          Table.OPERATOR_TIME,
          Table.UTILIZATION,
          Table.POOL_REPLICA,
          Table.KV_TRANSFER,
          Table.TOKEN_TIMING,
          Table.REQUEST_ATTEMPT);

  private RunRows() {}

  /** The rows of a run in one of {@link #TABLES}. */
  static Iterator<? extends Record> of(Table table, RunManifest run, RunTrace trace) {
    return switch (table) {
      case REQUEST_TIMING ->
          trace.requests().stream().map(r -> RequestTimingRow.of(run, r)).iterator();
      case ITERATION_TIMING ->
          trace.iterations().stream().map(i -> IterationTimingRow.of(run, i)).iterator();
      case ITERATION_REQUEST -> requestRows(run, trace.iterationRequests());
      case OPERATOR_TIME ->
          trace.operators().stream().map(o -> OperatorTimeRow.of(run, o)).iterator();
      case UTILIZATION ->
          trace.utilization().stream().map(u -> UtilizationRow.of(run, u)).iterator();
      case POOL_REPLICA ->
          trace.pools().replicas().stream().map(r -> PoolReplicaRow.of(run, r)).iterator();
      case KV_TRANSFER ->
          trace.pools().transfers().stream().map(t -> KvTransferRow.of(run, t)).iterator();
      case TOKEN_TIMING -> tokenRows(run, trace.tokens());
      case REQUEST_ATTEMPT ->
          trace.attempts().stream().map(a -> RequestAttemptRow.of(run, a)).iterator();
      default ->
          throw new IllegalArgumentException("%s is no table of a run's trace".formatted(table));
    };
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
