package io.plumbline.jobs.table;

import java.util.List;
import java.util.Locale;

/**
 * The tables in {@code results/}, one folder each, partitioned so that one run is one folder, and
 * so is one sweep or comparison.
 */
public enum Table {
  RUN(
      RunRow.class,
      "One row per finished run: where it comes from, what it ran and how much it got done.",
      "origin",
      "run_id"),
  SWEEP_POINT(
      SweepPointRow.class,
      "One row per point of a sweep, as its file was when the sweep last started. Points of several"
          + " sweeps may share a run, and a run that is not finished is not in run.",
      "sweep"),
  CAPACITY(
      CapacityRow.class,
      "One row per configuration and service level objective: the highest arrival rate that meets"
          + " it, and the latencies there.",
      "capacity_id"),
  CAPACITY_PROBE(
      CapacityProbeRow.class,
      "One row per simulation of a capacity search: a rate, a draw of the requests, the verdict.",
      "capacity_id"),
  PARETO(
      ParetoRow.class,
      "One row per configuration and service level objective of a capacity search, as its file was"
          + " when the search last ended: capacity per device, dollar and watt, ranks, and what is"
          + " dominated by nothing. Ranks and fronts are among rows of the same model, workload and"
          + " objective.",
      "search"),
  OPERATOR_MODEL(
      OperatorModelRow.class,
      "One row per trained operator: what the predictor learned has learned, and how well.",
      "model_id"),
  REQUEST_TIMING(
      RequestTimingRow.class,
      "One row per request of a run: its times and the metrics that follow from them.",
      "origin",
      "run_id"),
  ITERATION_TIMING(
      IterationTimingRow.class,
      "One row per forward pass of a batch on a pipeline stage; no rows if a run did not record them.",
      "origin",
      "run_id"),
  ITERATION_REQUEST(
      IterationRequestRow.class,
      "One row per request of an iteration; no rows if a run did not record them.",
      "origin",
      "run_id"),
  OPERATOR_TIME(
      OperatorTimeRow.class,
      "One row per operator of an iteration on a pipeline stage; call_ns times calls, added up, is"
          + " duration_ns of iteration_timing. No rows if a run did not record them.",
      "origin",
      "run_id"),
  UTILIZATION(
      UtilizationRow.class,
      "One row per replica or pipeline stage and metric: how much of it a run used; no rows for"
          + " measured runs.",
      "origin",
      "run_id"),
  POOL_REPLICA(
      PoolReplicaRow.class,
      "One row per replica of a cluster of several pools: its pool and its devices; no rows for"
          + " clusters of equal replicas.",
      "origin",
      "run_id"),
  KV_TRANSFER(
      KvTransferRow.class,
      "One row per request whose keys and values went from a prefill to a decode replica.",
      "origin",
      "run_id"),
  TOKEN_TIMING(
      TokenTimingRow.class,
      "One row per output token; no rows if a run did not record them.",
      "origin",
      "run_id"),
  REQUEST_ATTEMPT(
      RequestAttemptRow.class,
      "One row per sending of a request to a server, as the client saw it; no rows if a run had no"
          + " network in between.",
      "origin",
      "run_id"),
  REQUEST_ERROR(
      RequestErrorRow.class,
      "One row per request and metric of a comparison: how far the simulated run was off.",
      "comparison_id"),
  ERROR_SUMMARY(
      ErrorSummaryRow.class,
      "One row per metric and statistic of a comparison, with its verdict.",
      "comparison_id"),
  ERROR_ATTRIBUTION(
      ErrorAttributionRow.class,
      "One row per request and part of its E2E time: which part of a prediction is off, and by how much.",
      "attribution_id"),
  FIDELITY_MATRIX(
      FidelityMatrixRow.class,
      "One row per fidelity matrix: simulators against measured runs, appended whenever one is made.",
      "matrix_id"),
  FIDELITY_CELL(
      FidelityCellRow.class,
      "One row per case, simulator, metric and statistic of a fidelity matrix, with its interval and"
          + " verdict.",
      "matrix_id"),
  FIDELITY_DISTANCE(
      FidelityDistanceRow.class,
      "One row per case, simulator and metric of a fidelity matrix: how far the whole distributions"
          + " are apart.",
      "matrix_id"),
  DECISION_FIDELITY(
      DecisionFidelityRow.class,
      "One row per grid, simulator, device, model and load of a fidelity matrix, and one about all"
          + " loads: whether the simulator would have led to the same configuration.",
      "matrix_id"),
  SOURCE(
      SourceRow.class,
      "One row per file or folder of others that was taken in whole and gave more than runs.",
      "source_id"),
  RUN_SUMMARY(
      RunSummaryRow.class,
      "One row per metric and statistic of a run that was measured or simulated elsewhere and of"
          + " which no single requests are known, or not here.",
      "source_id"),
  OPERATOR_TIMING(
      OperatorTimingRow.class,
      "One row per operator, shape and device that somebody measured.",
      "source_id"),
  KERNEL_TIMING(
      KernelTimingRow.class,
      "One row per kernel, device and tool: cycles, hit rates and power by hardware counters or by a"
          + " simulator of the device.",
      "source_id"),
  MICROBENCHMARK(
      MicrobenchmarkRow.class,
      "One row per latency or throughput of a device's units that a microbenchmark measured.",
      "source_id"),
  ENGINE_STEP(
      EngineStepRow.class,
      "One row per recorded step of a real engine's scheduler, with what was in its batch.",
      "source_id"),
  GAUGE_SAMPLE(
      GaugeSampleRow.class,
      "One row per reading of a gauge: throughput, queues, KV cache, power.",
      "source_id");

  private final Class<? extends Record> rowType;
  private final String description;
  private final List<String> partitionColumns;

  Table(Class<? extends Record> rowType, String description, String... partitionColumns) {
    this.rowType = rowType;
    this.description = description;
    this.partitionColumns = List.of(partitionColumns);
  }

  /** Name in SQL, and of the folder. */
  public String tableName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public Class<? extends Record> rowType() {
    return rowType;
  }

  public String description() {
    return description;
  }

  /** Columns that are folder names instead of being inside the files. */
  public List<String> partitionColumns() {
    return partitionColumns;
  }
}
